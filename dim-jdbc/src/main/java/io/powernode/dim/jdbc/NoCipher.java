package io.powernode.dim.jdbc;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;

/** Leaves bytes as they are. */
final class NoCipher implements ValueCipher {
  static final NoCipher INSTANCE = new NoCipher();

  private NoCipher() {}

  @Override
  public byte[] seal(String key, byte[] plain) {
    return plain;
  }

  /** Told apart, so that a forgotten key is not taken for a damaged store. */
  @Override
  public byte[] open(String key, byte[] sealed) {
    if (SealedValue.isSealed(sealed)) {
      throw new DimException(
          ErrorCode.INVALID_ARGUMENT,
          "cipher: the store's values are encrypted; allowed: the cipher with their key");
    }
    return sealed;
  }

  @Override
  public boolean isCurrent(byte[] sealed) {
    return !SealedValue.isSealed(sealed);
  }
}
