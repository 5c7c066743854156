package io.powernode.dim.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.inference.ChildJvm.End;
import io.powernode.dim.spi.Availability;
import io.powernode.dim.spi.Cancellation;
import io.powernode.dim.spi.LoadOptions;
import io.powernode.dim.spi.Model;
import io.powernode.dim.spi.ModelFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What only a process of its own shows: files it leaves, natives that do not load, crashes. */
class ChildProcessTest {
  @TempDir private Path folder;
  private Path home;
  private Path temp;

  @BeforeEach
  void makeFolders() throws IOException {
    home = Files.createDirectory(folder.resolve("home"));
    temp = Files.createDirectory(folder.resolve("temp"));
  }

  private static List<String> below(Path root) throws IOException {
    try (Stream<Path> walk = Files.walk(root)) {
      return walk.filter(path -> !path.equals(root))
          .map(path -> root.relativize(path).toString())
          .toList();
    }
  }

  /** Loads a model, runs it well and badly, and closes it. */
  static final class RunOnce {
    public static void main(String[] arguments) {
      Path natives = Path.of(arguments[0]);
      Path file = Path.of(arguments[1]);
      OnnxLoader loader = OnnxLoader.builder().nativeFolder(natives).build();
      ModelDescriptor descriptor = TestFiles.describe(file, TestFiles.UNDECLARED);
      try (Model model = loader.load(descriptor, ModelFiles.of(file), LoadOptions.standard())) {
        model.infer(Map.of("x", Tensor.ofLongs(new long[] {1})), Cancellation.none());
        try {
          model.infer(Map.of("x", Tensor.ofLongs(new long[] {4711})), Cancellation.none());
        } catch (DimException e) {
          System.out.println(e.code());
        }
      }
    }
  }

  @Test
  void process_thatRunsAModel_leavesNothingBehindAndPrintsNothing() throws Exception {
    Path natives = folder.resolve("natives");
    Path file =
        TestFiles.write(
            folder,
            new ModelBytes()
                .node("Gather", "w,x", "y")
                .initializer(ModelBytes.longs("w", 1, 2, 3))
                .input("x", ModelBytes.tensorType(ModelBytes.INT64, "n"))
                .output("y", ModelBytes.tensorType(ModelBytes.INT64, "n"))
                .toBytes());
    End end =
        new ChildJvm(home, temp)
            .option("-XX:-UsePerfData")
            .run(RunOnce.class, natives.toString(), file.toString());
    assertThat(end).isEqualTo(new End(0, List.of("INFERENCE_FAILED")));
    assertThat(below(home)).isEmpty();
    assertThat(below(temp)).isEmpty();
    assertThat(below(natives)).hasSizeGreaterThan(1);
  }

  /** Says whether the loader is available, and what it does when it is asked all the same. */
  static final class Availabilities {
    public static void main(String[] arguments) {
      OnnxLoader loader = OnnxLoader.create();
      for (int i = 0; i < 2; i++) {
        Availability availability = loader.availability();
        System.out.println(availability.reason().orElse("available"));
      }
      Path file = Path.of(arguments[0]);
      try {
        TestFiles.load(file).close();
      } catch (DimException e) {
        System.out.println(e.code());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"absent", "broken"})
  void availability_whereNativesDoNotLoad_saysWhatToDo(String natives) throws Exception {
    Path path = folder.resolve(natives);
    if (natives.equals("broken")) {
      Files.createDirectory(path);
      Files.writeString(path.resolve(System.mapLibraryName("onnxruntime")), "no library");
    }
    Path file = TestFiles.write(folder, ModelBytes.identity(ModelBytes.FLOAT, 2));
    End end =
        new ChildJvm(home, temp)
            .option("-Donnxruntime.native.path=" + path)
            .run(Availabilities.class, file.toString());
    assertThat(end.exit()).isZero();
    // The JVM itself may warn of the broken file first.
    List<String> said = end.output().subList(end.output().size() - 3, end.output().size());
    assertThat(said.get(0))
        .startsWith("ONNX Runtime cannot be used here")
        .contains("it needs")
        .doesNotContain(folder.toString());
    assertThat(said.get(1)).isEqualTo(said.get(0));
    assertThat(said.get(2)).isEqualTo(ErrorCode.UNAVAILABLE.name());
  }

  /** Without a folder that it may write, the runtime unpacks itself as it always did. */
  @Test
  void availability_withoutAPlaceToUnpack_isGivenAllTheSame() throws Exception {
    Files.writeString(home.resolve(".cache"), "a file in the way");
    Path file = TestFiles.write(folder, ModelBytes.identity(ModelBytes.FLOAT, 2));
    End end = new ChildJvm(home, temp).run(Availabilities.class, file.toString());
    assertThat(end).isEqualTo(new End(0, List.of("available", "available")));
  }

  /** Loads and runs damaged copies of a model; prints the last seed, so that a crash names it. */
  static final class DamagedModels {
    public static void main(String[] arguments) throws IOException {
      byte[] good = Files.readAllBytes(Path.of(arguments[0]));
      Path file = Path.of(arguments[1]);
      int refused = 0;
      for (int seed = 0; seed < Integer.parseInt(arguments[2]); seed++) {
        Files.writeString(file.resolveSibling("seed.txt"), "seed " + seed);
        Files.write(file, damage(good, new Random(seed)));
        refused += survives(file) ? 0 : 1;
      }
      System.out.println("refused " + (refused > 0 ? "some" : "none"));
    }

    private static byte[] damage(byte[] good, Random random) {
      byte[] bad = good.clone();
      for (int i = 1 + random.nextInt(3); i > 0; i--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
      }
      return bad;
    }

    /** Whether the model loads and runs; anything but a DimException is a defect. */
    private static boolean survives(Path file) {
      try (Model model = TestFiles.load(file)) {
        Optional<Map<String, Tensor>> zeros = Zeros.of(model.signature().inputs());
        zeros.ifPresent(inputs -> model.infer(inputs, Cancellation.none()));
        return true;
      } catch (DimException e) {
        return false;
      }
    }
  }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(strings = {"breast-lr", "breast-mlp", "breast-boost", "breast-plan"})
  void damagedModels_loadedAndRun_neverCrashTheProcess(String name) throws Exception {
    Path model = TestFiles.demo("models/" + name + ".onnx");
    Path work = folder.resolve("damaged.onnx");
    End end =
        new ChildJvm(home, temp).run(DamagedModels.class, model.toString(), work.toString(), "300");
    assertThat(end)
        .describedAs(Files.readString(folder.resolve("seed.txt")))
        .isEqualTo(new End(0, List.of("refused some")));
  }
}
