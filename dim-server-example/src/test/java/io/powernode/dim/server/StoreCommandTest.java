package io.powernode.dim.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.jdbc.Databases;
import io.powernode.dim.jdbc.JdbcStateStore;
import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.CommitResult;
import io.powernode.dim.spi.FileBlobStore;
import io.powernode.dim.spi.StoredValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoreCommandTest {
  private static final String KEY = "a:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  private static final String NEXT = "b:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
  private static final Terminal PIPE = new Terminal(false, Map.of());
  private static final Terminal SCREEN = new Terminal(true, Map.of());

  @TempDir static Path template;
  @TempDir Path folder;

  /** A store of 601 entries, of which one is large. */
  @BeforeAll
  static void fill() throws IOException {
    try (JdbcStateStore store =
        JdbcStateStore.sqlite(template.resolve("store.db"))
            .blobs(FileBlobStore.open(template.resolve("blobs")))
            .build()) {
      List<Write> writes = new ArrayList<>();
      for (int i = 0; i < 600; i++) {
        StoredValue value = StoredValue.of("secret diagnosis".getBytes(UTF_8));
        writes.add(new Write.Put("job/" + i, value, Map.of("jobs", "x" + i)));
      }
      byte[] large = new byte[300_000];
      Arrays.fill(large, (byte) 'L');
      writes.add(Write.Put.of("large", StoredValue.of(large)));
      Commit commit = new Commit("orchestrator", "tx", List.of(), writes);
      assertThat(store.commit(commit).toCompletableFuture().join())
          .isInstanceOf(CommitResult.Committed.class);
    }
  }

  @BeforeEach
  void copy() throws IOException {
    try (Stream<Path> files = Files.walk(template)) {
      for (Path file : files.filter(file -> !file.equals(template)).toList()) {
        Files.copy(file, folder.resolve(template.relativize(file)));
      }
    }
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  /** Runs a command; what stands in angle brackets is a file of the folder. */
  private CommandAnswer dim(Terminal terminal, String words) {
    String[] args = words.trim().split(" +");
    for (int i = 0; i < args.length; i++) {
      if (args[i].startsWith("<")) {
        args[i] = path(args[i].substring(1, args[i].length() - 1));
      }
    }
    return CommandAnswer.of(terminal, args);
  }

  private CommandAnswer dim(String words) {
    return dim(PIPE, words);
  }

  private void assertFine(String words, String line) {
    CommandAnswer answer = dim(words);
    assertThat(answer.err()).isEmpty();
    assertThat(answer.out()).isEqualTo(line + System.lineSeparator());
    assertThat(answer.status()).isZero();
  }

  @Test
  void copy_throughPostgresAndBack_isTheSameArchive() throws Exception {
    assertFine("store export <a> --file <store.db> --blobs <blobs>", "exported 601 entries");
    String postgres = "--postgres " + Databases.postgres().freshDatabase() + " --user postgres";
    assertFine("store import <a> " + postgres, "imported 601 entries");
    assertFine("store export <b> " + postgres, "exported 601 entries");
    assertFine("store import <b> --file <back.db> --blobs <more>", "imported 601 entries");
    assertFine("store export <c> --file <back.db> --blobs <more>", "exported 601 entries");
    assertThat(folder.resolve("b")).hasSameBinaryContentAs(folder.resolve("a"));
    assertThat(folder.resolve("c")).hasSameBinaryContentAs(folder.resolve("a"));
    assertThat(dim("store check " + postgres).out()).contains("0 of them large");
    assertThat(dim("store check --file <back.db> --blobs <more>").out())
        .contains("1 of them large");
  }

  @Test
  void largeValues_ofAFileForWhichNoFolderIsNamed_lieBesideIt() throws Exception {
    dim("store export <a> --file <store.db> --blobs <blobs>");
    assertFine("store import <a> --file <new.db>", "imported 601 entries");
    assertThat(folder.resolve("new.db.blobs")).isDirectory();
    assertThat(dim("store check --file <new.db>").out()).contains("1 of them large", "nothing is");
    assertFine("store export <b> --file <new.db>", "exported 601 entries");
    assertThat(folder.resolve("b")).hasSameBinaryContentAs(folder.resolve("a"));
    Files.delete(folder.resolve("new.db"));
    assertThat(dim("store import <a> --file <new.db>").err())
        .startsWith("dim: blobs: the folder is not empty; allowed: ");
  }

  @Test
  void check_ofASoundStore_saysSo() {
    CommandAnswer answer = dim("store check --file <store.db> --blobs <blobs>");
    assertThat(answer.out().lines())
        .containsExactly("601 entries, 1 of them large; 312,605 bytes", "nothing is wrong");
    assertThat(answer.status()).isZero();
    assertThat(dim("store check --file <store.db> --blobs <blobs> --json").out())
        .isEqualToIgnoringNewLines(
            "{\"sound\":true,\"entries\":601,\"large\":1,\"bytes\":312605,\"notCurrent\":0}");
  }

  @Test
  void check_ofADamagedStore_answersOneAndTheProblems() throws Exception {
    deleteBlob();
    CommandAnswer answer = dim("store check --file <store.db> --blobs <blobs>");
    assertThat(answer.status()).isEqualTo(1);
    assertThat(answer.out().lines().toList())
        .hasSize(3)
        .contains("problems:")
        .last()
        .asString()
        .startsWith("  entry large: a large value cannot be read");
    assertThat(dim("store check --file <store.db> --blobs <blobs> --json").out())
        .startsWith("{\"sound\":false,")
        .contains(",\"problems\":[\"entry large: a large value cannot be read");
  }

  private void deleteBlob() throws IOException {
    try (Stream<Path> blobs = Files.walk(folder.resolve("blobs"))) {
      Files.delete(blobs.filter(Files::isRegularFile).findFirst().orElseThrow());
    }
  }

  @Test
  void export_thatFails_leavesWhatWasThere() throws Exception {
    deleteBlob();
    Files.writeString(folder.resolve("a"), "earlier");
    CommandAnswer answer = dim("store export <a> --force --file <store.db> --blobs <blobs>");
    assertThat(answer.status()).isEqualTo(1);
    assertThat(answer.err()).startsWith("dim: a large value cannot be read");
    assertThat(folder.resolve("a")).hasContent("earlier");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).noneMatch(file -> file.toString().endsWith(".part"));
    }
  }

  @Test
  void export_ontoAFile_replacesItOnlyIfForced() throws Exception {
    Files.writeString(folder.resolve("a"), "earlier");
    String export = "store export <a> --file <store.db> --blobs <blobs>";
    assertWrong(export, "FILE: exists; allowed: another name, or --force");
    assertThat(folder.resolve("a")).hasContent("earlier");
    assertFine(export + " --force", "exported 601 entries");
    assertThat(Files.size(folder.resolve("a"))).isGreaterThan(300_000);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("a"))))
        .isEqualTo("rw-------");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 10, 400, 300_000})
  void import_ofACutArchive_isRefusedAndCanBeTriedAgain(int length) throws Exception {
    dim("store export <a> --file <store.db> --blobs <blobs>");
    byte[] whole = Files.readAllBytes(folder.resolve("a"));
    Files.write(folder.resolve("cut"), Arrays.copyOf(whole, length));
    CommandAnswer answer = dim("store import <cut> --file <new.db>");
    assertThat(answer.status()).isEqualTo(1);
    assertThat(answer.err()).matches("dim: archive: (is none|ends in the middle); allowed: .*\\R");
    assertFine("store import <a> --file <new.db>", "imported 601 entries");
  }

  @Test
  void import_ofAnAlteredArchive_isRefused() throws Exception {
    dim("store export <a> --file <store.db> --blobs <blobs>");
    byte[] archive = Files.readAllBytes(folder.resolve("a"));
    archive[archive.length - 60] ^= 1;
    Files.write(folder.resolve("altered"), archive);
    CommandAnswer answer = dim("store import <altered> --file <new.db>");
    assertThat(answer.status()).isEqualTo(1);
    assertThat(answer.err()).startsWith("dim: archive: is damaged; allowed: ");
    assertThat(dim("store check --file <new.db>").out()).startsWith("0 entries");
  }

  @Test
  void import_intoAStoreInUse_isRefused() {
    dim("store export <a> --file <store.db> --blobs <blobs>");
    CommandAnswer answer = dim("store import <a> --file <store.db> --blobs <blobs>");
    assertThat(answer.status()).isEqualTo(1);
    assertThat(answer.err()).startsWith("dim: store: is not empty; allowed: ");
  }

  @Test
  void encryption_byImportThenReseal_coversEveryValue() throws Exception {
    dim("store export <plain> --file <store.db> --blobs <blobs>");
    key("keys", KEY);
    assertFine(
        "store import <plain> --file <new.db> --blobs <more> --keys <keys>",
        "imported 601 entries");
    dim("store export <sealed> --file <new.db> --blobs <more>");
    assertThat(Files.readString(folder.resolve("plain"), ISO_8859_1)).contains("secret", "LLL");
    assertThat(Files.readString(folder.resolve("sealed"), ISO_8859_1))
        .doesNotContain("secret", "LLL");

    CommandAnswer without = dim("store check --file <new.db> --blobs <more>");
    assertThat(without.status()).isEqualTo(1);
    assertThat(without.out()).contains("the store's values are encrypted");
    key("keys", NEXT + "\n" + KEY);
    assertThat(dim("store check --file <new.db> --blobs <more> --keys <keys>").out())
        .contains("601 values are not encrypted with the current key; dim store reseal does that");
    assertFine(
        "store reseal --file <new.db> --blobs <more> --keys <keys>", "encrypted 601 values anew");
    key("keys", NEXT);
    assertThat(dim("store check --file <new.db> --blobs <more> --keys <keys>").status()).isZero();
  }

  @Test
  void encryption_byResealWithKeysOfTheEnvironment_coversEveryValue() {
    Terminal keys = new Terminal(false, Map.of("DIM_STORE_KEYS", KEY));
    String store = " --file <store.db> --blobs <blobs>";
    assertThat(dim(keys, "store reseal --json" + store).out())
        .isEqualToIgnoringNewLines("{\"values\":601}");
    assertThat(dim(keys, "store check" + store).out()).contains("nothing is wrong");
    assertThat(dim(keys, "store reseal" + store).out()).startsWith("encrypted 0 values anew");
  }

  private void key(String name, String keys) throws IOException {
    Files.writeString(folder.resolve(name), keys);
    Files.setPosixFilePermissions(
        folder.resolve(name), PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void store_ofARunningProcess_isRefusedNamingIt() {
    try (JdbcStateStore open = JdbcStateStore.sqlite(folder.resolve("store.db")).build()) {
      assertThat(open.get("job/1")).isPresent();
      CommandAnswer answer = dim("store check --file <store.db>");
      assertThat(answer.status()).isEqualTo(1);
      assertThat(answer.err())
          .startsWith("dim: the store is in use by process " + ProcessHandle.current().pid());
    }
  }

  @Test
  void progress_onATerminal_isDrawnAndCleared() {
    CommandAnswer answer = dim(SCREEN, "store check --file <store.db> --blobs <blobs>");
    assertThat(answer.out()).contains("\rChecking 250 entries ...").contains("\rChecking 500 ");
    assertThat(answer.out().substring(answer.out().lastIndexOf('\r') + 1))
        .startsWith("601 entries");
    assertThat(dim(SCREEN, "store check --file <store.db> --blobs <blobs> --json").out())
        .doesNotContain("\r");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "store ; Missing required subcommand",
        "store check ; Missing required argument (specify one of these)",
        "store check --file <store.db> --postgres u --user u ; mutually exclusive",
        "store check --postgres jdbc:postgresql://h/d ; --user",
        "store check --postgres jdbc:postgresql://h/d?password=x --user u ; holds a password",
        "store check --postgres jdbc:mysql://h/d --user u ; names no PostgreSQL database",
        "store check --file <no.db> ; --file: is no file; allowed: the file of a store",
        "store export <a> --file <no.db> ; --file: is no file; allowed: the file of a store",
        "store reseal --file <store.db> --keys <keys> ; --keys: key file: cannot be read",
        "store reseal --file <store.db> ; --keys: is missing; allowed: ",
        "store check --file <store.db> --blobs <none> ; --blobs: is no folder; allowed: ",
        "store check --file <store.db> --keys <open> ; --keys: key file: others may use it",
        "store check --file <store.db> --json --color ; --color: goes with tables",
        "store export <store.db> --file <store.db> --force ; begins with the store's name",
        "store export <store.db-wal> --file <store.db> --force ; begins with the store's name",
        "store export <blobs> --file <store.db> --force ; FILE: is no file",
        "store import <none> --file <new.db> ; FILE: is no file; allowed: ",
        "store import --file <new.db> ; Missing required parameter: 'FILE'",
      })
  void call_thatIsWrong_isRefusedWithWhatIsAllowed(String words, String problem) throws Exception {
    Files.writeString(folder.resolve("open"), KEY);
    Files.setPosixFilePermissions(
        folder.resolve("open"), PosixFilePermissions.fromString("rw-r--r--"));
    assertWrong(words, problem);
    assertThat(folder.resolve("no.db")).doesNotExist();
    assertThat(folder.resolve("new.db")).doesNotExist();
    assertThat(folder.resolve("none")).doesNotExist();
  }

  private void assertWrong(String words, String problem) {
    CommandAnswer answer = dim(words);
    assertThat(answer.err()).contains(problem);
    assertThat(answer.out()).isEmpty();
    assertThat(answer.status()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"check", "export", "import", "reseal"})
  void help_always_hasExamplesAndTheVariables(String command) {
    CommandAnswer answer = dim("store " + command + " --help");
    assertThat(answer.status()).isZero();
    assertThat(answer.out())
        .contains("Examples:", "./dim store " + command, "DIM_STORE_PASSWORD", "DIM_STORE_KEYS");
  }
}
