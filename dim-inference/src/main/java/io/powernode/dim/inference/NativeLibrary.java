package io.powernode.dim.inference;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.util.Optional;
import java.util.jar.JarEntry;

/**
 * A native library in a jar.
 *
 * @param url where it is
 * @param file the name that it must have on disk
 * @param size bytes, unpacked
 * @param checksum its CRC-32, as the jar has it
 */
record NativeLibrary(URL url, String file, long size, long checksum) {

  /** The library at {@code url}; nothing where that is no jar, which would tell its checksum. */
  static Optional<NativeLibrary> of(URL url, String file) throws IOException {
    if (url.openConnection() instanceof JarURLConnection jar) {
      JarEntry entry = jar.getJarEntry();
      return Optional.of(new NativeLibrary(url, file, entry.getSize(), entry.getCrc()));
    }
    return Optional.empty();
  }
}
