package io.powernode.dim.testkit;

import io.powernode.dim.core.InMemoryBlobStore;
import io.powernode.dim.spi.BlobStore;

class InMemoryBlobStoreTest extends BlobStoreContract {
  @Override
  protected BlobStore create() {
    return new InMemoryBlobStore();
  }
}
