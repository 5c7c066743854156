package io.powernode.dim.jdbc;

import io.powernode.dim.spi.BlobStore;
import java.time.Duration;
import java.util.Optional;

/**
 * What {@link JdbcStateStoreBuilder} was told, but for the database itself.
 *
 * @param blobs where large values go
 * @param largeValueBytes values of more bytes are large
 * @param blobsKeptFor how long blobs that nothing refers to are kept
 * @param cipher what is done to values
 * @param changesKept how many changes of each stream are kept
 * @param changesKeptFor how long each change is kept at least
 * @param pollInterval how often watchers look for what others committed
 */
record Settings(
    Optional<BlobStore> blobs,
    int largeValueBytes,
    Duration blobsKeptFor,
    ValueCipher cipher,
    int changesKept,
    Duration changesKeptFor,
    Duration pollInterval) {}
