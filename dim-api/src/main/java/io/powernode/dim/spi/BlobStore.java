package io.powernode.dim.spi;

import io.powernode.dim.api.Digest;
import java.io.IOException;
import java.io.InputStream;

/**
 * Keeps content by its digest, whole or not at all. Thread-safe; putting the same content twice is
 * fine.
 */
public interface BlobStore extends BlobSource {
  /** Stores a stream's content, read to its end but not closed, and returns its digest. */
  Digest put(InputStream content) throws IOException;

  /** Whether the content is there. */
  boolean contains(Digest digest) throws IOException;

  /** Removes content; nothing happens if it is not there. */
  void delete(Digest digest) throws IOException;
}
