package io.powernode.dim.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ModelArtifact;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Orchestrator;
import io.powernode.dim.api.Signature;
import io.powernode.dim.spi.BlobStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelRegistrationTest {
  private final BlobStore blobs = new InMemoryBlobStore();

  @TempDir private Path folder;

  private Path file(String content) throws IOException {
    return Files.writeString(folder.resolve(content), content);
  }

  private static ModelDescriptor model(Path file) throws IOException {
    byte[] content = Files.readAllBytes(file);
    return ModelDescriptor.of(
        "m-" + file.getFileName(),
        new ModelArtifact("fake", Digest.of(content), content.length, List.of()),
        new Signature(List.of(), List.of()));
  }

  @Test
  void register_withItsFile_storesFileAndDescriptor() throws IOException {
    ModelDescriptor a = model(file("a"));
    try (Orchestrator dim = Dim.orchestrator().blobs(blobs).build()) {
      dim.register(a, folder.resolve("a"));
      assertThat(dim.models()).containsExactly(a);
      assertThat(blobs.contains(a.artifact().digest())).isTrue();
    }
  }

  @Test
  void register_withTheFileOfAnotherModel_isRefusedAndLeavesTheOtherItsFile() throws IOException {
    ModelDescriptor a = model(file("a"));
    ModelDescriptor b = model(file("b"));
    try (Orchestrator dim = Dim.orchestrator().blobs(blobs).build()) {
      dim.register(a, folder.resolve("a"));
      assertThatExceptionOfType(DimException.class)
          .isThrownBy(() -> dim.register(b, folder.resolve("a")))
          .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.MODEL_INVALID));
      assertThat(dim.models()).containsExactly(a);
      assertThat(blobs.contains(a.artifact().digest())).isTrue();
    }
  }

  @Test
  void register_withAStrangeFile_doesNotKeepIt() throws IOException {
    ModelDescriptor a = model(file("a"));
    Path strange = file("strange");
    try (Orchestrator dim = Dim.orchestrator().blobs(blobs).build()) {
      assertThatExceptionOfType(DimException.class).isThrownBy(() -> dim.register(a, strange));
      assertThat(blobs.contains(model(strange).artifact().digest())).isFalse();
    }
  }
}
