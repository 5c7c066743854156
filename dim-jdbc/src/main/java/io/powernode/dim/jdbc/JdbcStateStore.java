package io.powernode.dim.jdbc;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.Subscription;
import io.powernode.dim.jdbc.Connector.Backend;
import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.CommitResult;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.StateStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import javax.sql.DataSource;

/**
 * A durable state store on a relational database: what a commit answered as committed is there
 * after a crash. Values are encoded on the thread that commits. A thread of the environment writes
 * commits in batches, and stages complete on such a thread: what hangs on one must not wait for
 * another commit. Reads never wait for writes, and large values are read when they are asked for.
 *
 * <p>Keys, index keys and names are ordered by code point, and are any text without U+0000 and
 * unpaired surrogates, of 2,600 bytes in UTF-8 at most, which holds for an index's name, an index
 * key and its entry's key together; {@link #commit} throws {@link IllegalArgumentException} else. A
 * commit that goes beyond a limit of the database, now or later, completes with a {@link
 * DimException} that is not retryable. After {@link #close} commits are refused, and the rest
 * throws {@link ErrorCode#UNAVAILABLE}, as it does while the database cannot be reached.
 * Thread-safe.
 */
public final class JdbcStateStore implements StateStore {
  private static final Duration UPKEEP_INTERVAL = Duration.ofSeconds(5);
  private static final Duration LONGEST_TTL = Duration.ofDays(36_500);

  private final Environment environment;
  private final Backend backend;
  private final Runnable onClose;
  private final LargeValues values;
  private final EntryReader entries;
  private final ChangeLog log;
  private final Watches watches;
  private final GroupCommit commits;
  private final Ticker upkeep;

  /**
   * Starts a store.
   *
   * @param backend closed with the store
   * @param onClose run when the store was closed
   */
  JdbcStateStore(Environment environment, Backend backend, Settings settings, Runnable onClose) {
    this.environment = environment;
    this.backend = backend;
    this.onClose = onClose;
    Database database = backend.database();
    values =
        new LargeValues(
            database,
            new ValueCodec(settings.cipher()),
            settings.blobs(),
            settings.largeValueBytes(),
            environment.random());
    entries = new EntryReader(database, values);
    log = new ChangeLog(database);
    watches = new Watches(log, environment, settings.pollInterval());
    commits = new GroupCommit(environment::execute, backend.batches()::write, watches::wake);
    List<Runnable> chores = new ArrayList<>();
    chores.add(
        new ChangeTrim(
            log, environment::nanoTime, settings.changesKept(), settings.changesKeptFor()));
    settings
        .blobs()
        .ifPresent(
            blobs ->
                chores.add(
                    new BlobSweep(
                        database, blobs, environment::nanoTime, settings.blobsKeptFor())));
    upkeep = new Ticker(environment, UPKEEP_INTERVAL, () -> true, new Upkeep(chores));
    upkeep.start();
  }

  /**
   * A store in one SQLite file, for one process at a time; the file, and the folder it is in, are
   * created if need be. The files beside it whose names begin with its name belong to it, as does
   * the folder that is called so with {@code .blobs} after it, where large values go. Sessions
   * expire by the environment's clock, and end with the process. Needs {@code
   * org.xerial:sqlite-jdbc} on the class path.
   */
  public static JdbcStateStoreBuilder sqlite(Path file) {
    if (file.toString().indexOf('?') >= 0) {
      throw new IllegalArgumentException(
          "file: holds a question mark, which the driver does not take; allowed: other names");
    }
    return new JdbcStateStoreBuilder(new SqliteConnector(file));
  }

  /**
   * A store in a PostgreSQL database, 14 or later, that any number of processes share. Its tables,
   * whose names begin with {@code dim_}, are created if need be. Sessions expire by the server's
   * clock. Needs {@code org.postgresql:postgresql} on the class path.
   *
   * @param url {@code jdbc:postgresql://host/database}; of several hosts the primary is used
   */
  public static JdbcStateStoreBuilder postgres(String url, String user, String password) {
    return new JdbcStateStoreBuilder(PostgresConnector.of(url, user, password));
  }

  /**
   * The same with connections that the host makes.
   *
   * @param connections to the primary; they need not be pooled, since the store keeps a pool, and
   *     are not to be shared with others, since it changes settings of their sessions
   */
  public static JdbcStateStoreBuilder postgres(DataSource connections) {
    return new JdbcStateStoreBuilder(PostgresConnector.of(connections));
  }

  /**
   * Requires that values open with the cipher.
   *
   * @throws DimException saying what to do, if they do not, or cannot be read
   */
  void requireFittingCipher() {
    new CipherCheck(backend.database(), values).require();
  }

  @Override
  public Durability durability() {
    return backend.durability();
  }

  @Override
  public CompletionStage<CommitResult> commit(Commit commit) {
    Pending.check(commit);
    Map<String, Cell> cells = new HashMap<>();
    try {
      for (Write write : commit.writes()) {
        if (write instanceof Write.Put put) {
          cells.put(put.key(), values.store(put.key(), put.value().bytes()));
        }
      }
    } catch (IOException e) {
      return refused("a large value cannot be written to the blob store");
    } catch (DimException e) {
      if (e.retryable()) {
        return refused(e.getMessage());
      }
      throw e;
    }
    return commits.add(Pending.of(commit, cells));
  }

  private static CompletionStage<CommitResult> refused(String reason) {
    return CompletableFuture.completedFuture(new CommitResult.Refused(reason));
  }

  @Override
  public Outcome lookup(String transactionId) {
    if (!Texts.isStorable(transactionId)) {
      return Outcome.ABSENT;
    }
    try {
      environment.await(commits.settled());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DimException(
          ErrorInfo.of(ErrorCode.UNAVAILABLE, "interrupted while a transaction was looked up"), e);
    }
    // What can be seen may still be ahead of the standbys: it is as durable as the fence after it.
    boolean isThere = log.has(transactionId);
    log.fence();
    return isThere || log.has(transactionId) ? Outcome.COMMITTED : Outcome.ABSENT;
  }

  @Override
  public Optional<Entry> get(String key) {
    return Texts.isStorable(key) ? entries.get(key) : Optional.empty();
  }

  @Override
  public Page scan(String index, String prefix, Optional<String> after, int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit: is too small; allowed: 1 or more");
    }
    return Texts.isStorable(index) && Texts.isStorable(prefix)
        ? entries.scan(index, prefix, after, limit)
        : new Page(List.of(), Optional.empty());
  }

  @Override
  public long count(String index, String prefix) {
    return Texts.isStorable(index) && Texts.isStorable(prefix) ? entries.count(index, prefix) : 0;
  }

  @Override
  public Optional<String> lastKey(String index) {
    return Texts.isStorable(index) ? entries.lastKey(index) : Optional.empty();
  }

  @Override
  public Subscription watch(String stream, long after, Consumer<Change> changes) {
    Texts.require("stream", stream);
    if (after < 0) {
      throw new IllegalArgumentException("after: is negative; allowed: 0 or more");
    }
    return watches.watch(stream, after, changes);
  }

  @Override
  public Session open(String owner, Duration ttl) {
    Texts.require("owner", owner);
    if (ttl.isNegative() || ttl.isZero() || ttl.compareTo(LONGEST_TTL) > 0) {
      throw new IllegalArgumentException(
          "ttl: is out of range; allowed: above 0, up to " + LONGEST_TTL.toDays() + " days");
    }
    return new OpenSession(backend.sessions(), backend.sessions().open(owner, ttl), ttl);
  }

  @Override
  public List<SessionState> sessions() {
    return backend.sessions().all();
  }

  @Override
  public void forget(long epoch) {
    backend.sessions().forget(epoch);
  }

  /**
   * Looks at everything in the store, as it is at one moment: whether every value can be read, and
   * whether indexes, large values and streams agree with the entries.
   *
   * @param progress hears how many entries were looked at so far
   * @throws DimException with {@link ErrorCode#UNAVAILABLE}
   */
  public StoreReport check(LongConsumer progress) {
    return new StoreCheck(backend.database(), values, progress).run();
  }

  /**
   * Copies the store, as it is at one moment, into a form that any store can be filled from. Values
   * stay encrypted as they are.
   *
   * @param out is not closed
   * @param progress hears how many entries were copied so far
   * @return the number of entries
   * @throws IOException if it cannot be written to
   * @throws DimException with {@link ErrorCode#UNAVAILABLE}
   */
  public long exportTo(OutputStream out, LongConsumer progress) throws IOException {
    return new StoreExport(values, out, progress).run(backend.database());
  }

  /**
   * Fills the store, which must be empty, as must a folder of large values, from a copy of this or
   * the other kind of database; whole or not at all. If it fails with {@link ErrorCode#UNAVAILABLE}
   * at the very end, the answer of the database was lost: then {@link #check} tells whether all
   * entries are there, and if they are not, the blob store has large values that nobody removes.
   * Values are encrypted as this store does it, whether or not they were before. It is to be closed
   * and opened again before orchestrators use it.
   *
   * @param in what {@link #exportTo} wrote; is not closed
   * @param progress hears how many entries were copied so far
   * @return the number of entries
   * @throws IOException if it cannot be read
   * @throws DimException with {@link ErrorCode#INVALID_ARGUMENT} if the store, or its folder of
   *     large values, is not empty, or the copy is not whole or encrypted with another key; with
   *     {@link ErrorCode#UNAVAILABLE}
   */
  public long importFrom(InputStream in, LongConsumer progress) throws IOException {
    return StoreImport.run(backend, values, in, progress);
  }

  /**
   * Encrypts anew what the cipher would encrypt with another key by now, and what was never
   * encrypted; others may use the store meanwhile. A key that is not the cipher's first is not
   * needed by this store afterwards, unless others still write with it.
   *
   * @param progress hears how many entries were looked at so far
   * @return how many values were changed
   * @throws IOException if a large value cannot be written
   * @throws DimException with {@link ErrorCode#UNAVAILABLE}, or if a value cannot be read
   */
  public long reseal(LongConsumer progress) throws IOException {
    return new Resealing(backend.database(), values, progress).run();
  }

  /** Refuses commits from now on, and closes the database when those under way are answered. */
  @Override
  public void close() {
    commits.close();
    upkeep.close();
    watches.close();
    try {
      environment.await(commits.settled());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      backend.close();
      onClose.run();
    }
  }

  private record OpenSession(SessionTable sessions, long epoch, Duration ttl) implements Session {

    @Override
    public boolean renew() {
      return sessions.renew(epoch, ttl);
    }

    @Override
    public void close() {
      sessions.end(epoch);
    }
  }
}
