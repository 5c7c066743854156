package io.powernode.dim.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ModelArtifact;
import io.powernode.dim.spi.BlobSource;
import io.powernode.dim.spi.ModelFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelStoreTest {
  private static final byte[] MODEL = "0123456789".getBytes(StandardCharsets.UTF_8);

  @TempDir Path folder;

  private static ModelArtifact artifact(byte[] file) {
    return new ModelArtifact("fake", Digest.of(file), file.length, List.of());
  }

  private static BlobSource source(byte[] file) {
    return digest -> new ByteArrayInputStream(file);
  }

  private ModelStore store(long maxBytes, BlobSource... sources) {
    ModelStore store = new ModelStore(folder, maxBytes);
    Stream.of(sources).forEach(store::attach);
    return store;
  }

  private List<String> left() {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).map(f -> folder.relativize(f).toString()).toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void assertRefused(ModelStore store, ErrorCode code, boolean retryable, String message) {
    assertThatThrownBy(() -> store.acquire(artifact(MODEL)))
        .isInstanceOfSatisfying(
            DimException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.retryable()).isEqualTo(retryable);
              assertThat(e).hasMessageContaining(message);
              assertThat(e.getMessage()).doesNotContain(folder.toString());
            });
    assertThat(left()).isEmpty();
  }

  @Test
  void model_thatWasFetched_isThereUnderItsDigest() throws IOException {
    ModelFiles files = store(100, source(MODEL)).acquire(artifact(MODEL));

    assertThat(files.main()).hasBinaryContent(MODEL);
    assertThat(left()).containsExactly(Digest.of(MODEL).hex() + "/model");
    assertThat(files.folder()).isEqualTo(files.main().getParent());
  }

  @Test
  void model_ofAnEarlierRun_isNotFetchedAgain() {
    store(100, source(MODEL)).acquire(artifact(MODEL));

    assertThat(store(100).acquire(artifact(MODEL)).main()).hasBinaryContent(MODEL);
  }

  @Test
  void model_thatWasChangedOnDisk_isFetchedAgain() throws IOException {
    Path main = store(100, source(MODEL)).acquire(artifact(MODEL)).main();
    byte[] damaged = MODEL.clone();
    damaged[3] ^= 1;
    Files.write(main, damaged);

    assertThat(store(100, source(MODEL)).acquire(artifact(MODEL)).main()).hasBinaryContent(MODEL);
    Files.write(main, damaged);
    assertRefused(store(100), ErrorCode.MODEL_INVALID, false, "nobody offers");
  }

  @Test
  void download_withAnotherDigest_isDeletedAndRefused() {
    byte[] other = "abcdefghij".getBytes(StandardCharsets.UTF_8);

    assertRefused(store(100, source(other)), ErrorCode.MODEL_INVALID, false, "another digest");
  }

  @Test
  void download_thatEndsEarly_isDeletedAndMayBeRetried() {
    byte[] half = Arrays.copyOf(MODEL, 5);

    assertRefused(store(100, source(half)), ErrorCode.MODEL_INVALID, true, "ended before");
  }

  @Test
  void download_thatDoesNotEnd_isStoppedAtItsDeclaredSize() {
    BlobSource endless =
        digest ->
            new SequenceInputStream(
                new ByteArrayInputStream(MODEL),
                new InputStream() {
                  @Override
                  public int read() {
                    return 'x';
                  }
                });

    assertRefused(store(100, endless), ErrorCode.MODEL_INVALID, false, "more bytes than declared");
  }

  @Test
  void download_thatBreaks_isDeletedAndMayBeRetried() {
    BlobSource broken =
        digest ->
            new InputStream() {
              @Override
              public int read() throws IOException {
                throw new IOException("connection to " + digest + " lost");
              }
            };

    assertRefused(store(100, broken), ErrorCode.UNAVAILABLE, true, "could not be fetched");
  }

  @Test
  void sources_thatFail_areFollowedByTheNext() {
    BlobSource missing = new FakeModel();

    assertThat(
            store(100, missing, source(new byte[10]), source(MODEL))
                .acquire(artifact(MODEL))
                .main())
        .hasBinaryContent(MODEL);
  }

  @Test
  void model_largerThanTheStore_isRefusedBeforeItIsFetched() {
    BlobSource untouchable =
        digest -> {
          throw new AssertionError("fetched");
        };

    assertRefused(store(9, untouchable), ErrorCode.MODEL_INVALID, false, "has 10 bytes");
  }

  @Test
  void models_withoutRoom_makeWayOldestFirstButNotWhileInUse() {
    byte[][] files = {{1, 1}, {2, 2}, {3, 3}, {4, 4}};
    FakeModel source = new FakeModel();
    Stream.of(files).forEach(file -> source.blobs.put(Digest.of(file), file));
    ModelStore store = store(6, source);
    store.acquire(artifact(files[0]));
    store.acquire(artifact(files[1]));
    store.acquire(artifact(files[2]));
    store.release(Digest.of(files[1]));
    store.release(Digest.of(files[2]));

    store.acquire(artifact(files[3]));

    assertThat(left())
        .containsExactlyInAnyOrder(
            Digest.of(files[0]).hex() + "/model",
            Digest.of(files[2]).hex() + "/model",
            Digest.of(files[3]).hex() + "/model");
    store.acquire(artifact(files[2]));
    assertThatThrownBy(() -> store.acquire(artifact(files[1])))
        .isInstanceOfSatisfying(
            DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED));
  }

  @Test
  void leftovers_ofABrokenDownload_areRemoved() throws IOException {
    Files.writeString(folder.resolve(Digest.of(MODEL).hex() + ".part"), "01234");

    store(100);

    assertThat(left()).isEmpty();
  }
}
