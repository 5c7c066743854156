package io.powernode.dim.jdbc;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Base64;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys of a cipher by name. The first seals; all open, so that a key is changed by putting a
 * fresh one before it. Immutable.
 */
final class CipherKeys {
  private static final int KEY_BYTES = 32;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private final String current;
  private final Map<String, SecretKey> keys;

  private CipherKeys(Map<String, SecretKey> keys) {
    this.keys = Map.copyOf(keys);
    this.current = keys.keySet().iterator().next();
  }

  /** Keys written as {@code name:base64}, each a word; what follows a # on a line is left out. */
  static CipherKeys parse(String text) {
    Map<String, SecretKey> keys = new LinkedHashMap<>();
    String words = text.replaceAll("#[^\\n]*", " ").strip();
    int number = 0;
    for (String word : words.isEmpty() ? new String[0] : words.split("\\s+")) {
      number++;
      int colon = word.indexOf(':');
      String name = colon < 0 ? "" : word.substring(0, colon);
      if (!NAME.matcher(name).matches() || keys.containsKey(name)) {
        throw wrong("key " + number + ": has no name of its own");
      }
      keys.put(name, key(number, word.substring(colon + 1)));
    }
    if (keys.isEmpty()) {
      throw wrong("keys: there is none");
    }
    return new CipherKeys(keys);
  }

  /** The message must not show the key. */
  private static SecretKey key(int number, String base64) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw wrong("key " + number + ": is no base64");
    }
    if (bytes.length != KEY_BYTES) {
      throw wrong("key " + number + ": has " + bytes.length + " bytes");
    }
    return new SecretKeySpec(bytes, "AES");
  }

  static CipherKeys read(Path file) {
    try {
      if (Files.getFileStore(file).supportsFileAttributeView("posix")
          && Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
        throw new DimException(
            ErrorCode.INVALID_ARGUMENT,
            "key file: others may use it; allowed: a file that only its owner may read or write"
                + " (chmod 600)");
      }
      return parse(Files.readString(file));
    } catch (IOException e) {
      throw new DimException(
          ErrorInfo.of(
              ErrorCode.INVALID_ARGUMENT,
              "key file: cannot be read; allowed: a readable text file"),
          e);
    }
  }

  String current() {
    return current;
  }

  SecretKey key() {
    return keys.get(current);
  }

  Optional<SecretKey> key(String name) {
    return Optional.ofNullable(keys.get(name));
  }

  private static DimException wrong(String problem) {
    return new DimException(
        ErrorCode.INVALID_ARGUMENT,
        problem
            + "; allowed: NAME:BASE64 of 32 bytes, each name once, the key that seals first, for"
            + " example 2026a:$(openssl rand -base64 32)");
  }
}
