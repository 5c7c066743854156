package io.powernode.dim.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeCacheTest {
  private static final FileTime LONG_AGO = FileTime.fromMillis(1_000_000_000_000L);

  @TempDir private Path root;

  private Path prepare() {
    return OnnxNatives.cache(root.resolve("dim")).prepare().orElseThrow();
  }

  /** Prepares, and makes the files' age tell whether they are touched later. */
  private Path prepareLongAgo() throws IOException {
    Path folder = prepare();
    for (Path file : files(folder)) {
      Files.setLastModifiedTime(file, LONG_AGO);
    }
    return folder;
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> listing = Files.list(folder)) {
      return listing.sorted().toList();
    }
  }

  private static boolean isUntouched(Path folder) throws IOException {
    for (Path file : files(folder)) {
      if (!Files.getLastModifiedTime(file).equals(LONG_AGO)) {
        return false;
      }
    }
    return true;
  }

  @Test
  void prepare_forTheFirstTime_unpacksTheLibrariesAndNothingElse() throws IOException {
    Path folder = prepare();
    assertThat(folder.getFileName().toString()).startsWith("onnxruntime-" + OnnxNatives.platform());
    assertThat(files(folder))
        .extracting(file -> file.getFileName().toString())
        .contains(System.mapLibraryName("onnxruntime"), System.mapLibraryName("onnxruntime4j_jni"));
    assertThat(files(folder.getParent())).containsExactly(folder);
  }

  @Test
  void prepare_again_reusesWhatIsThere() throws IOException {
    Path folder = prepareLongAgo();
    assertThat(prepare()).isEqualTo(folder);
    assertThat(isUntouched(folder)).isTrue();
  }

  @Test
  void prepare_withADamagedLibrary_unpacksAnew() throws IOException {
    Path folder = prepareLongAgo();
    Path library = folder.resolve(System.mapLibraryName("onnxruntime4j_jni"));
    byte[] good = Files.readAllBytes(library);
    byte[] bad = good.clone();
    bad[bad.length / 2] ^= 1;
    Files.write(library, bad);
    assertThat(prepare()).isEqualTo(folder);
    assertThat(library).hasBinaryContent(good);
    assertThat(files(folder.getParent())).containsExactly(folder);
  }

  @Test
  void prepare_withAMissingLibrary_unpacksAnew() throws IOException {
    Path folder = prepare();
    Path library = folder.resolve(System.mapLibraryName("onnxruntime"));
    Files.delete(library);
    prepare();
    assertThat(library).isNotEmptyFile();
  }

  @Test
  void prepare_ofFolderThatOthersMayWrite_unpacksAnew() throws IOException {
    Path folder = prepareLongAgo();
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    prepare();
    assertThat(isUntouched(folder)).isFalse();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
        .isEqualTo("rwx------");
  }

  @Test
  void prepare_whereAFileIsInTheWay_givesUp() throws IOException {
    Files.writeString(root.resolve("dim"), "");
    assertThat(OnnxNatives.cache(root.resolve("dim")).prepare()).isEmpty();
  }

  @Test
  void prepare_fromManyAtOnce_agreesOnOneFolder() throws Exception {
    ExecutorService starters = Executors.newFixedThreadPool(4);
    try {
      Callable<Path> start = this::prepare;
      List<Future<Path>> all =
          starters.invokeAll(IntStream.range(0, 4).mapToObj(i -> start).toList());
      List<Path> folders = new ArrayList<>();
      for (Future<Path> one : all) {
        folders.add(one.get());
      }
      assertThat(folders.stream().collect(Collectors.toSet())).hasSize(1);
      assertThat(files(root.resolve("dim"))).containsExactly(folders.get(0));
    } finally {
      starters.shutdownNow();
    }
  }
}
