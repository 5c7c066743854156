package io.powernode.dim.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.powernode.dim.api.DimException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AesGcmCipherTest {
  private static final byte[] PLAIN = "{\"age\":63}".getBytes(UTF_8);
  private static final String OLD = word("2025", 1);
  private static final String NEW = word("2026", 2);

  private static String word(String name, int fill) {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) fill);
    return name + ":" + Base64.getEncoder().encodeToString(key);
  }

  @Test
  void seal_always_hidesTheValueAndOpensUnderItsKeyOnly() {
    AesGcmCipher cipher = AesGcmCipher.of(NEW);
    byte[] sealed = cipher.seal("job/1", PLAIN);
    assertThat(new String(sealed, UTF_8)).doesNotContain("age");
    assertThat(cipher.open("job/1", sealed)).isEqualTo(PLAIN);
    assertThat(cipher.seal("job/1", PLAIN)).as("another nonce").isNotEqualTo(sealed);
    assertThatThrownBy(() -> cipher.open("job/2", sealed)).hasMessageContaining("altered");
  }

  @Test
  void seal_ofNothing_opensAsNothing() {
    AesGcmCipher cipher = AesGcmCipher.of(NEW);
    assertThat(cipher.open("k", cipher.seal("k", new byte[0]))).isEmpty();
  }

  @Test
  void open_ofAnAlteredOrShortenedValue_isRefused() {
    AesGcmCipher cipher = AesGcmCipher.of(NEW);
    byte[] sealed = cipher.seal("k", PLAIN);
    for (int at = 0; at < sealed.length; at++) {
      byte[] altered = sealed.clone();
      altered[at] ^= 1;
      assertThatThrownBy(() -> cipher.open("k", altered)).isInstanceOf(DimException.class);
      byte[] shortened = Arrays.copyOf(sealed, at);
      assertThatThrownBy(() -> cipher.open("k", shortened)).isInstanceOf(DimException.class);
    }
  }

  @Test
  void keys_afterAChange_openOldValuesAndSealWithTheNew() {
    byte[] sealedBefore = AesGcmCipher.of(OLD).seal("k", PLAIN);
    AesGcmCipher changed = AesGcmCipher.of(NEW + "\n" + OLD);
    assertThat(changed.open("k", sealedBefore)).isEqualTo(PLAIN);
    assertThat(changed.isCurrent(sealedBefore)).isFalse();
    byte[] sealedAfter = changed.seal("k", PLAIN);
    assertThat(changed.isCurrent(sealedAfter)).isTrue();
    assertThat(AesGcmCipher.of(NEW).open("k", sealedAfter)).isEqualTo(PLAIN);
    assertThatThrownBy(() -> AesGcmCipher.of(NEW).open("k", sealedBefore))
        .hasMessageContaining("another key");
  }

  @Test
  void open_ofAPlainValue_isRefused() {
    AesGcmCipher cipher = AesGcmCipher.of(NEW);
    assertThatThrownBy(() -> cipher.open("k", PLAIN)).hasMessageContaining("not encrypted");
    assertThat(cipher.isCurrent(PLAIN)).isFalse();
  }

  @Test
  void none_ofASealedValue_asksForTheKey() {
    byte[] sealed = AesGcmCipher.of(NEW).seal("k", PLAIN);
    assertThatThrownBy(() -> ValueCipher.none().open("k", sealed))
        .hasMessageContaining("encrypted")
        .hasMessageContaining("allowed");
    assertThat(ValueCipher.none().open("k", PLAIN)).isEqualTo(PLAIN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "# nothing but a remark",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        ":AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "a/b:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "short:c2VjcmV0",
        "odd:sec!ret"
      })
  void keys_thatAreNone_areRefusedWithoutShowingThem(String keys) {
    assertThatThrownBy(() -> AesGcmCipher.of(keys))
        .isInstanceOf(DimException.class)
        .hasMessageContaining("allowed: NAME:BASE64")
        .message()
        .doesNotContain("c2VjcmV0", "sec!ret", "AAAA");
  }

  @Test
  void keys_withOneNameTwice_areRefused() {
    assertThatThrownBy(() -> AesGcmCipher.of(NEW + " " + NEW)).hasMessageContaining("key 2");
  }

  @Test
  void file_thatOthersMayUse_isRefused(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("keys");
    Files.writeString(file, "# the key of this year\n" + NEW + " # and\n" + OLD + "\n");
    assumeThat(Files.getFileStore(file).supportsFileAttributeView("posix")).isTrue();
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    byte[] sealed = AesGcmCipher.fromFile(file).seal("k", PLAIN);
    assertThat(AesGcmCipher.of(NEW).open("k", sealed)).isEqualTo(PLAIN);
    for (String open : List.of("rw-r-----", "rw----r--", "rw--w----", "rw-----w-")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(open));
      assertThatThrownBy(() -> AesGcmCipher.fromFile(file)).hasMessageContaining("chmod 600");
    }
    assertThatThrownBy(() -> AesGcmCipher.fromFile(folder.resolve("none")))
        .hasMessageContaining("key file: cannot be read");
  }
}
