package io.powernode.dim.core;

import io.powernode.dim.api.Digest;
import io.powernode.dim.spi.BlobStore;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A blob store whose content ends with the process. Thread-safe. */
public final class InMemoryBlobStore implements BlobStore {
  private final Map<Digest, byte[]> blobs = new ConcurrentHashMap<>();

  /** An empty store. */
  public InMemoryBlobStore() {}

  @Override
  public Digest put(InputStream content) throws IOException {
    byte[] bytes = content.readAllBytes();
    Digest digest = Digest.of(bytes);
    blobs.putIfAbsent(digest, bytes);
    return digest;
  }

  @Override
  public InputStream open(Digest digest) throws FileNotFoundException {
    byte[] bytes = blobs.get(digest);
    if (bytes == null) {
      throw new FileNotFoundException("no blob " + digest);
    }
    return new ByteArrayInputStream(bytes);
  }

  @Override
  public boolean contains(Digest digest) {
    return blobs.containsKey(digest);
  }

  @Override
  public void delete(Digest digest) {
    blobs.remove(digest);
  }
}
