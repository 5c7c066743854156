package io.powernode.dim.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.inference.OnnxLoader;
import io.powernode.dim.json.DimJson;
import io.powernode.dim.spi.LoadOptions;
import io.powernode.dim.spi.Model;
import io.powernode.dim.spi.ModelFiles;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The models' files are those that their descriptors describe; nothing is made anew here. */
class ModelFilesTest {
  static List<String> models() throws IOException, URISyntaxException {
    try (Stream<Path> files = Files.list(folder())) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".onnx"))
          .map(name -> name.replace(".onnx", ""))
          .sorted()
          .toList();
    }
  }

  private static Path folder() throws URISyntaxException {
    return Path.of(Objects.requireNonNull(Embedding.class.getResource("heart")).toURI());
  }

  @Test
  void models_ofTheExamples_areAllThere() throws Exception {
    assertThat(models())
        .containsExactly("cleveland", "gradient", "hungarian", "local-steps", "risk", "va");
  }

  @ParameterizedTest
  @MethodSource("models")
  void file_ofAModel_isTheOneDescribed(String name) throws Exception {
    byte[] bytes = Files.readAllBytes(folder().resolve(name + ".onnx"));
    ModelDescriptor model = descriptor(name);

    assertThat(model.artifact().digest()).isEqualTo(Digest.of(bytes));
    assertThat(model.artifact().size()).isEqualTo(bytes.length);
  }

  @ParameterizedTest
  @MethodSource("models")
  void signature_ofAModel_isTheOneDescribed(String name) throws Exception {
    ModelFiles files = ModelFiles.of(folder().resolve(name + ".onnx"));
    try (Model model = OnnxLoader.create().load(descriptor(name), files, LoadOptions.standard())) {
      assertThat(model.signature()).isEqualTo(descriptor(name).signature());
    }
  }

  private static ModelDescriptor descriptor(String name) throws Exception {
    String json = Files.readString(folder().resolve(name + ".json"));
    return DimJson.standard().read(ModelDescriptor.class, json);
  }
}
