package io.powernode.dim.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.powernode.dim.api.Digest;
import io.powernode.dim.spi.BlobStore;
import io.powernode.dim.spi.FileBlobStore;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileBlobStoreTest extends BlobStoreContract {
  @TempDir Path folder;

  @Override
  protected BlobStore create() throws IOException {
    return FileBlobStore.open(folder);
  }

  @Test
  void put_always_liesTwoFoldersDeepUnderItsDigest() throws IOException {
    byte[] bytes = "content".getBytes(StandardCharsets.UTF_8);
    String hex = create().put(new ByteArrayInputStream(bytes)).hex();
    assertThat(files()).containsExactly(Path.of(hex.substring(0, 2), hex.substring(2, 4), hex));
  }

  @Test
  void put_ofAStreamThatBreaks_leavesNoFile() throws IOException {
    BlobStore store = create();
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("the line broke");
          }
        };
    assertThatThrownBy(() -> store.put(broken)).hasMessage("the line broke");
    assertThat(files()).isEmpty();
  }

  @Test
  void put_overADamagedFile_healsIt() throws IOException {
    BlobStore store = create();
    byte[] bytes = "content".getBytes(StandardCharsets.UTF_8);
    Digest digest = store.put(new ByteArrayInputStream(bytes));
    Files.writeString(folder.resolve(files().get(0)), "damaged");
    store.put(new ByteArrayInputStream(bytes));
    try (InputStream stream = store.open(digest)) {
      assertThat(stream.readAllBytes()).isEqualTo(bytes);
    }
  }

  @Test
  void reopened_onItsFolder_findsTheContent() throws IOException {
    Digest digest = create().put(new ByteArrayInputStream(new byte[] {1, 2, 3}));
    assertThat(create().contains(digest)).isTrue();
  }

  @Test
  void folder_thatIsNotThereYet_isEmptyAndMadeByTheFirstContent() throws IOException {
    Path later = folder.resolve("later");
    FileBlobStore store = FileBlobStore.at(later);
    Digest unknown = Digest.of(new byte[0]);
    store.delete(unknown);
    assertThat(store.contains(unknown)).isFalse();
    assertThatThrownBy(() -> store.open(unknown)).isInstanceOf(FileNotFoundException.class);
    assertThat(store.isEmpty()).isTrue();
    assertThat(later).doesNotExist();
    Digest digest = store.put(new ByteArrayInputStream(new byte[] {1}));
    assertThat(store.isEmpty()).isFalse();
    store.delete(digest);
    assertThat(store.isEmpty()).isTrue();
    Files.createFile(later.resolve("incoming").resolve("put-1"));
    assertThat(store.isEmpty()).as("what a crash left").isFalse();
  }

  @Test
  void open_ofAnUnknownDigest_doesNotNameTheFolder() throws IOException {
    BlobStore store = create();
    assertThatThrownBy(() -> store.open(Digest.of(new byte[0])))
        .hasMessageContaining("sha256:")
        .hasMessageNotContaining(folder.toString());
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).map(folder::relativize).toList();
    }
  }
}
