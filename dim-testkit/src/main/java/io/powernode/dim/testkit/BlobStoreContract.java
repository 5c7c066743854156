package io.powernode.dim.testkit;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.powernode.dim.api.Digest;
import io.powernode.dim.spi.BlobStore;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link BlobStore} must do. Extend it, and say how to create a store. */
public abstract class BlobStoreContract {
  private static final int[] SIZES = {0, 1, 8191, 65_536, 1_000_003};

  private BlobStore store;

  /** For subclasses. */
  protected BlobStoreContract() {}

  /** A new, empty store. */
  protected abstract BlobStore create() throws Exception;

  @BeforeEach
  void createStore() throws Exception {
    store = create();
  }

  @Test
  void put_ofAnySize_canBeReadUnderItsDigest() throws Exception {
    for (int size : SIZES) {
      byte[] bytes = content(size);
      Digest digest = store.put(new ByteArrayInputStream(bytes));
      assertThat(digest).as("%d bytes", size).isEqualTo(Digest.of(bytes));
      assertThat(store.contains(digest)).isTrue();
      assertThat(read(digest)).as("%d bytes", size).isEqualTo(bytes);
    }
  }

  @Test
  void put_ofTheSameAgain_changesNothing() throws Exception {
    byte[] bytes = content(100);
    Digest first = store.put(new ByteArrayInputStream(bytes));
    assertThat(store.put(new ByteArrayInputStream(bytes))).isEqualTo(first);
    assertThat(read(first)).isEqualTo(bytes);
  }

  @Test
  void put_always_leavesTheStreamOpen() throws Exception {
    boolean[] closed = new boolean[1];
    store.put(
        new ByteArrayInputStream(content(10)) {
          @Override
          public void close() {
            closed[0] = true;
          }
        });
    assertThat(closed[0]).isFalse();
  }

  @Test
  void put_ofAStreamThatBreaks_storesNothing() throws Exception {
    byte[] bytes = content(100_000);
    byte[] half = Arrays.copyOf(bytes, 70_000);
    assertThatThrownBy(() -> store.put(new Breaking(half)))
        .isInstanceOf(IOException.class)
        .hasMessage("the line broke");
    assertThat(store.contains(Digest.of(half))).isFalse();
    assertThat(store.contains(Digest.of(bytes))).isFalse();
  }

  @Test
  void open_ofAnUnknownDigest_saysThatThereIsNone() {
    Digest unknown = Digest.of(content(7));
    assertThatThrownBy(() -> store.open(unknown).close()).isInstanceOf(FileNotFoundException.class);
  }

  @Test
  void delete_ofABlob_removesOnlyIt() throws Exception {
    Digest gone = store.put(new ByteArrayInputStream(content(10)));
    Digest kept = store.put(new ByteArrayInputStream(content(11)));
    store.delete(gone);
    store.delete(gone);
    assertThat(store.contains(gone)).isFalse();
    assertThatThrownBy(() -> store.open(gone).close()).isInstanceOf(FileNotFoundException.class);
    assertThat(read(kept)).isEqualTo(content(11));
  }

  @Test
  void put_ofTheSameByMany_isWholeForEveryReader() throws Exception {
    byte[] bytes = content(300_000);
    Digest digest = Digest.of(bytes);
    Callable<Boolean> putAndRead =
        () -> {
          for (int i = 0; i < 10; i++) {
            store.put(new ByteArrayInputStream(bytes));
            if (!Arrays.equals(read(digest), bytes)) {
              return false;
            }
          }
          return true;
        };
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<Boolean>> running = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        running.add(threads.submit(putAndRead));
      }
      for (Future<Boolean> one : running) {
        assertThat(one.get(60, SECONDS)).isTrue();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private byte[] read(Digest digest) throws IOException {
    try (InputStream stream = store.open(digest)) {
      return stream.readAllBytes();
    }
  }

  private static byte[] content(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  /** Fails at its end. */
  private static final class Breaking extends InputStream {
    private final InputStream half;

    Breaking(byte[] half) {
      this.half = new ByteArrayInputStream(half);
    }

    @Override
    public int read() throws IOException {
      int next = half.read();
      if (next < 0) {
        throw new IOException("the line broke");
      }
      return next;
    }
  }
}
