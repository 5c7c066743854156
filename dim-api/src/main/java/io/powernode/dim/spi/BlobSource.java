package io.powernode.dim.spi;

import io.powernode.dim.api.Digest;
import java.io.IOException;
import java.io.InputStream;

/** Where content can be had by its digest. Thread-safe. */
@FunctionalInterface
public interface BlobSource {
  /**
   * Opens content for reading. The reader verifies the digest; the source need not.
   *
   * @throws java.io.FileNotFoundException if there is no such content
   */
  InputStream open(Digest digest) throws IOException;
}
