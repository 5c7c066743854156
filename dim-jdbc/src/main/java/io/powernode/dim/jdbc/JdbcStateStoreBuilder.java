package io.powernode.dim.jdbc;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.jdbc.Connector.Backend;
import io.powernode.dim.spi.BlobStore;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.StateStore;
import java.time.Duration;
import java.util.Optional;

/** Settings of a {@link JdbcStateStore}. Not thread-safe. */
public final class JdbcStateStoreBuilder {
  private final Connector connector;
  private Optional<Environment> environment = Optional.empty();
  private Optional<BlobStore> blobs = Optional.empty();
  private ValueCipher cipher = ValueCipher.none();
  private int largeValueBytes = 256 * 1024;
  private int changesKept = 10_000;
  private Duration changesKeptFor = Duration.ofMinutes(1);
  private Duration pollInterval = Duration.ofMillis(200);
  private Duration blobsKeptFor = Duration.ofHours(1);
  private int readers = 4;
  private boolean mustExist;
  private boolean cipherMustFit = true;

  JdbcStateStoreBuilder(Connector connector) {
    this.connector = connector;
  }

  /**
   * Clocks and threads; closed by whoever made it. By default the store makes one and closes it
   * with itself. Threads that wait for the store must not use up those of {@link
   * Environment#execute}.
   */
  public JdbcStateStoreBuilder environment(Environment value) {
    environment = Optional.of(value);
    return this;
  }

  /**
   * Where large values go. By default a folder beside a SQLite file, whose name is the file's with
   * {@code .blobs} after it, for its owner only and made when there is the first large value; and
   * PostgreSQL itself, because all that share the database need the same blob store.
   */
  public JdbcStateStoreBuilder blobs(BlobStore value) {
    blobs = Optional.of(value);
    return this;
  }

  /**
   * Values of more bytes than this are large; 0 or more, 262,144 by default. {@link
   * Integer#MAX_VALUE} leaves all in the database.
   */
  public JdbcStateStoreBuilder largeValueBytes(int value) {
    require(value >= 0, "largeValueBytes: is negative; allowed: 0 or more");
    largeValueBytes = value;
    return this;
  }

  /**
   * How long a large value stays in the blob store when nothing refers to it any more, 0 or more;
   * one hour by default. A commit that takes longer than this from its large values to the database
   * is refused, and a large value that was read from the store is there for so long.
   */
  public JdbcStateStoreBuilder blobsKeptFor(Duration value) {
    require(!value.isNegative(), "blobsKeptFor: is negative; allowed: 0 or more");
    blobsKeptFor = value;
    return this;
  }

  /** What is done to values before they are stored; nothing by default. */
  public JdbcStateStoreBuilder cipher(ValueCipher value) {
    cipher = value;
    return this;
  }

  /**
   * Whether a store is refused whose values do not open with the cipher; true by default. Without
   * it, values of one store may be written under several ciphers, and not all of them be read: for
   * {@link JdbcStateStore#check}, {@link JdbcStateStore#exportTo} and {@link
   * JdbcStateStore#reseal}.
   */
  public JdbcStateStoreBuilder cipherMustFit(boolean value) {
    cipherMustFit = value;
    return this;
  }

  /**
   * How many changes of each stream are kept for watchers and for {@link StateStore#lookup}, 1 or
   * more; 10,000 by default. More are kept while they are younger than {@link #changesKeptFor}.
   */
  public JdbcStateStoreBuilder changesKept(int value) {
    require(value >= 1, "changesKept: is too small; allowed: 1 or more");
    changesKept = value;
    return this;
  }

  /** How long every change is kept at least, 0 or more; one minute by default. */
  public JdbcStateStoreBuilder changesKeptFor(Duration value) {
    require(!value.isNegative(), "changesKeptFor: is negative; allowed: 0 or more");
    changesKeptFor = value;
    return this;
  }

  /**
   * How often watchers look for what other processes committed, above 0; every 200 ms by default.
   * They are told of this store's own commits at once.
   */
  public JdbcStateStoreBuilder pollInterval(Duration value) {
    require(!value.isNegative() && !value.isZero(), "pollInterval: too short; allowed: above 0");
    pollInterval = value;
    return this;
  }

  /** How many connections are kept for reading, 1 to 100; 4 by default. One more writes. */
  public JdbcStateStoreBuilder readers(int value) {
    require(value >= 1 && value <= 100, "readers: is out of range; allowed: 1 to 100");
    readers = value;
    return this;
  }

  /**
   * Whether only a store that is there already is opened; by default the file, or the tables, are
   * created if need be.
   */
  public JdbcStateStoreBuilder mustExist(boolean value) {
    mustExist = value;
    return this;
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }

  /**
   * Opens the store, which must be closed.
   *
   * @throws DimException with {@link ErrorCode#UNAVAILABLE} if it cannot be opened: the message
   *     says why and what to do, {@link DimException#retryable} whether a later try may succeed
   */
  public JdbcStateStore build() {
    if (environment.isPresent()) {
      return open(environment.get(), () -> {});
    }
    Environment own = Environment.system();
    try {
      return open(own, own::close);
    } catch (RuntimeException e) {
      own.close();
      throw e;
    }
  }

  private JdbcStateStore open(Environment in, Runnable onClose) {
    if (mustExist) {
      connector.requireStore();
    }
    Backend backend = connector.connect(in, readers);
    JdbcStateStore store;
    try {
      store = new JdbcStateStore(in, backend, settings(), onClose);
    } catch (RuntimeException e) {
      backend.close();
      throw e;
    }
    try {
      if (cipherMustFit) {
        store.requireFittingCipher();
      }
      return store;
    } catch (RuntimeException e) {
      store.close();
      throw e;
    }
  }

  private Settings settings() {
    return new Settings(
        blobs.or(connector::blobs),
        largeValueBytes,
        blobsKeptFor,
        cipher,
        changesKept,
        changesKeptFor,
        pollInterval);
  }
}
