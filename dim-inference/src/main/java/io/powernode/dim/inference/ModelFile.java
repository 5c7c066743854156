package io.powernode.dim.inference;

import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.spi.ModelFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** Looks a model's file over from outside, before anybody reads it. */
final class ModelFile {
  private static final byte PICKLE = (byte) 0x80;

  private ModelFile() {}

  /**
   * The real path of the file.
   *
   * @throws io.powernode.dim.api.DimException if the format is another, or the file is missing,
   *     outside its folder, or of another size than the descriptor says
   */
  static Path require(ModelDescriptor model, ModelFiles files, Set<String> formats) {
    String format = model.artifact().format();
    if (!formats.contains(format)) {
      throw Refusals.unsupported(
          "format: is " + format + "; allowed: " + String.join(", ", formats));
    }
    Path main = realPath(files.main());
    if (!main.startsWith(realPath(files.folder()))) {
      throw Refusals.invalid("the file lies outside the model's folder");
    }
    if (size(main) != model.artifact().size()) {
      throw Refusals.invalid("the file does not have the size that its descriptor says");
    }
    return main;
  }

  /**
   * Whether a file that begins so is a Python pickle: the protocol, 2 to 5, and an instruction,
   * which is never 0. Older protocols have no mark of their own.
   */
  static boolean isPickle(byte[] head) {
    return head.length > 2 && head[0] == PICKLE && head[1] >= 2 && head[1] <= 5 && head[2] != 0;
  }

  static Path realPath(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      throw Refusals.invalid("the file is missing");
    }
  }

  /** The size of a regular file; refuses what is none. */
  static long size(Path file) {
    try {
      if (!Files.isRegularFile(file)) {
        throw Refusals.invalid("the file is missing");
      }
      return Files.size(file);
    } catch (IOException e) {
      throw Refusals.invalid("the file cannot be read");
    }
  }
}
