package io.powernode.dim.jdbc;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Encrypts values with AES-256-GCM (NIST SP 800-38D), each under a random nonce of the platform and
 * bound to the key of its entry. Immutable and thread-safe.
 *
 * <p>Keys are written as words {@code NAME:BASE64}, 32 bytes each. The first encrypts, all decrypt:
 * to change keys, put a fresh one before the others, and take an old one away once no value needs
 * it. One key is good for 2^32 values.
 */
public final class AesGcmCipher implements ValueCipher {
  private static final String TRANSFORMATION = "AES/GCM/NoPadding";

  private final CipherKeys keys;

  private AesGcmCipher(CipherKeys keys) {
    this.keys = keys;
  }

  /**
   * A cipher with the keys in a file, on one line each; a line's rest after a # is left out.
   *
   * @throws DimException with {@link ErrorCode#INVALID_ARGUMENT} if the file cannot be read, may be
   *     read or written by others than its owner, or does not list keys
   */
  public static AesGcmCipher fromFile(Path file) {
    return new AesGcmCipher(CipherKeys.read(file));
  }

  /**
   * A cipher with the keys in a text, as an environment variable may have it.
   *
   * @throws DimException with {@link ErrorCode#INVALID_ARGUMENT} if it does not list keys
   */
  public static AesGcmCipher of(String keys) {
    return new AesGcmCipher(CipherKeys.parse(keys));
  }

  @Override
  public byte[] seal(String key, byte[] plain) {
    try {
      Cipher cipher = Cipher.getInstance(TRANSFORMATION);
      cipher.init(Cipher.ENCRYPT_MODE, keys.key());
      bind(cipher, keys.current(), key);
      return new SealedValue(keys.current(), cipher.getIV(), cipher.doFinal(plain)).bytes();
    } catch (GeneralSecurityException e) {
      throw damaged("a value could not be encrypted", e);
    }
  }

  @Override
  public byte[] open(String key, byte[] sealed) {
    SealedValue value = SealedValue.parse(sealed);
    Optional<SecretKey> secret = keys.key(value.keyName());
    if (secret.isEmpty()) {
      throw new DimException(
          ErrorCode.INVALID_ARGUMENT,
          "cipher: a value was encrypted with another key; allowed: keys that include it");
    }
    try {
      Cipher cipher = Cipher.getInstance(TRANSFORMATION);
      cipher.init(
          Cipher.DECRYPT_MODE,
          secret.get(),
          new GCMParameterSpec(8 * SealedValue.TAG_BYTES, value.nonce()));
      bind(cipher, value.keyName(), key);
      return cipher.doFinal(value.ciphertext());
    } catch (AEADBadTagException e) {
      throw damaged(
          "a value of the store was altered, or another key has the name of that which it was"
              + " encrypted with: give that one, or restore the store from a backup",
          e);
    } catch (GeneralSecurityException e) {
      throw damaged("a value of the store is damaged", e);
    }
  }

  @Override
  public boolean isCurrent(byte[] sealed) {
    return SealedValue.isSealedWith(keys.current(), sealed);
  }

  private static DimException damaged(String what, GeneralSecurityException why) {
    return new DimException(ErrorInfo.of(ErrorCode.INTERNAL, what), why);
  }

  /** What is authenticated besides the value: the key that seals it and the entry's own. */
  private static void bind(Cipher cipher, String keyName, String entryKey) {
    cipher.updateAAD(SealedValue.head(keyName));
    cipher.updateAAD(entryKey.getBytes(StandardCharsets.UTF_8));
  }
}
