package io.powernode.dim.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.Signature;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.inference.ChildJvm.End;
import io.powernode.dim.spi.Cancellation;
import io.powernode.dim.spi.LoadOptions;
import io.powernode.dim.spi.Model;
import io.powernode.dim.spi.ModelFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What only a process of its own shows: what PyTorch leaves on disk, and what it is without. */
class TorchProcessTest {
  @TempDir private Path folder;
  private Path home;
  private Path temp;

  @BeforeEach
  void makeFolders() throws IOException {
    home = Files.createDirectory(folder.resolve("home"));
    temp = Files.createDirectory(folder.resolve("temp"));
  }

  private Path model() {
    return TestFiles.write(
        folder, ScriptFile.forward("x: Tensor", "Tensor", "return torch.mul(x, 2)").toBytes());
  }

  private static Set<String> below(Path root) throws IOException {
    try (Stream<Path> walk = Files.walk(root)) {
      return walk.filter(path -> !path.equals(root))
          .map(path -> root.relativize(path).toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /** Says whether PyTorch is there, and runs a model if it is. */
  static final class RunOnce {
    public static void main(String[] arguments) {
      PyTorchLoader loader = PyTorchLoader.withNativeFolder(Path.of(arguments[0]));
      for (int i = 0; i < 2; i++) {
        System.out.println(loader.availability().reason().orElse("available"));
      }
      Path file = Path.of(arguments[1]);
      Signature signature =
          new Signature(
              List.of(TensorSpec.of("x", DataType.FP32, -1)),
              List.of(TensorSpec.of("y", DataType.FP32, -1)));
      try (Model model =
          loader.load(
              TorchFiles.describe(file, signature), ModelFiles.of(file), LoadOptions.standard())) {
        Map<String, Tensor> input = Map.of("x", Tensor.ofFloats(new float[] {21}));
        System.out.println(
            model.infer(input, Cancellation.none()).get("y").floats().get(0)
                + " "
                + System.getProperties().stringPropertyNames().stream()
                    .filter(
                        name ->
                            name.matches("ai\\.djl.*|OPT_OUT.*|PYTORCH.*|ENGINE_.*|jna\\.tmp.*"))
                    .toList());
      } catch (DimException e) {
        System.out.println(e.code());
      }
    }
  }

  private End run(ChildJvm jvm, Path natives) throws IOException, InterruptedException {
    End end = jvm.run(RunOnce.class, natives.toString(), model().toString());
    // Without a logger on the class path, which a library does not bring, SLF4J says so.
    return new End(
        end.exit(), end.output().stream().filter(line -> !line.startsWith("SLF4J")).toList());
  }

  private ChildJvm jvm() {
    return new ChildJvm(home, temp).option("-XX:-UsePerfData");
  }

  @Test
  void process_thatRunsAModel_leavesNothingBehindPrintsNothingAndSetsNothing() throws Exception {
    Set<String> before = below(TorchFiles.natives());

    End end = run(jvm(), TorchFiles.natives());

    assertThat(end).isEqualTo(new End(0, List.of("available", "available", "42.0 []")));
    assertThat(below(home)).isEmpty();
    assertThat(below(temp)).isEmpty();
    assertThat(below(TorchFiles.natives())).containsAll(before).allMatch(TorchProcessTest::isOurs);
  }

  private static boolean isOurs(String file) {
    return file.matches("pytorch-\\w+-\\w+-[0-9a-f]{8}(/\\w*(torch|c10|gomp|fbgemm|omp).*)?");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pytorch-|add ai.djl.pytorch:pytorch-engine, pytorch-jni and pytorch-native-cpu",
        "pytorch-engine|add ai.djl.pytorch:pytorch-engine, pytorch-jni and pytorch-native-cpu",
        "pytorch-native|add ai.djl.pytorch:pytorch-native-cpu with the classifier",
        "pytorch-jni|add ai.djl.pytorch:pytorch-jni"
      })
  void availability_withoutAJar_saysWhichToAddAndDownloadsNothing(String jar, String advice)
      throws Exception {
    Path natives = folder.resolve("natives");

    End end = run(jvm().without(jar), natives);

    assertThat(end.exit()).isZero();
    assertThat(end.output().get(0))
        .startsWith("PyTorch cannot be used here: ")
        .contains(advice)
        .endsWith("to the class path");
    assertThat(end.output().subList(1, end.output().size()))
        .containsExactly(end.output().get(0), "UNAVAILABLE");
    assertThat(below(home)).isEmpty();
    assertThat(below(temp)).isEmpty();
    assertThat(natives).doesNotExist();
  }

  @Test
  void availability_withoutAPlaceToUnpack_saysWhatItNeeds() throws Exception {
    Path natives = Files.writeString(folder.resolve("natives"), "a file in the way");

    End end = run(jvm(), natives);

    assertThat(end.exit()).isZero();
    assertThat(end.output().get(0))
        .contains("need half a gigabyte in a folder that only this user can write to")
        .doesNotContain(folder.toString());
  }

  /** Loads and runs damaged copies of a model; leaves the last seed, so that a crash names it. */
  static final class DamagedModels {
    public static void main(String[] arguments) throws IOException {
      byte[] good = Files.readAllBytes(Path.of(arguments[0]));
      Path file = Path.of(arguments[1]);
      int refused = 0;
      for (int seed = 0; seed < Integer.parseInt(arguments[2]); seed++) {
        Files.writeString(file.resolveSibling("seed.txt"), "seed " + seed);
        Random random = new Random(seed);
        byte[] bad = good.clone();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
          bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
        }
        Files.write(file, bad);
        refused += survives(file) ? 0 : 1;
      }
      System.out.println("refused " + (refused > 0 ? "some" : "none"));
    }

    /** Whether the model loads and runs; anything but a DimException is a defect. */
    private static boolean survives(Path file) {
      List<TensorSpec> in = List.of(TensorSpec.of("x", DataType.FP32, -1, 30));
      List<TensorSpec> out = List.of(TensorSpec.of("y", DataType.FP32, -1, 1));
      try {
        TorchFiles.infer(file, in, out, Map.of("x", Tensor.ofFloats(new float[60], 2, 30)));
        return true;
      } catch (DimException e) {
        return false;
      }
    }
  }

  @Tag("slow")
  @Test
  void damagedModels_loadedAndRun_neverCrashTheProcess() throws Exception {
    Path model = TestFiles.shared("models/ours/wdbc_mlp.pt");
    Path work = folder.resolve("damaged.pt");

    End end =
        new ChildJvm(home, temp)
            .option("-D" + TorchFiles.NATIVES + "=" + TorchFiles.natives())
            .run(DamagedModels.class, model.toString(), work.toString(), "300");

    assertThat(end.exit()).describedAs(Files.readString(folder.resolve("seed.txt"))).isZero();
    assertThat(end.output()).endsWith("refused some");
  }
}
