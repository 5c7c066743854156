package io.powernode.dim.examples;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the project and the data beside it are. */
final class ProjectFiles {
  private ProjectFiles() {}

  /** The project's root folder. */
  static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("dim-bom"))) {
      folder = folder.getParent();
    }
    return folder;
  }

  /**
   * A folder of other people's data, which is not part of the project; skips where it is absent.
   */
  static Path sharedData(String name) {
    Path folder = root().resolve("../shared/data").resolve(name);
    assumeTrue(Files.isDirectory(folder), "the folder ../shared/data/" + name + " is absent");
    return folder;
  }
}
