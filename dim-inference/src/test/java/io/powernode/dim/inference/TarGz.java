package io.powernode.dim.inference;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * Unpacks the regular files of a tar.gz. Source: POSIX ustar, with GNU's entries for long names.
 */
final class TarGz {
  private static final int BLOCK = 512;

  private TarGz() {}

  static void unpack(Path archive, Path folder) throws IOException {
    try (DataInputStream in =
        new DataInputStream(
            new BufferedInputStream(new GZIPInputStream(Files.newInputStream(archive))))) {
      byte[] header = new byte[BLOCK];
      String longName = "";
      for (in.readFully(header); header[0] != 0; in.readFully(header)) {
        int size = Integer.parseInt(text(header, 124, 11).strip(), 8);
        char type = (char) header[156];
        byte[] content = in.readNBytes(size);
        in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
        String name = longName.isEmpty() ? text(header, 0, 100) : longName;
        longName = type == 'L' ? text(content, 0, size) : "";
        if (type == '0') {
          Path file = folder.resolve(name).normalize();
          if (!file.startsWith(folder)) {
            throw new IOException("an entry lies outside the folder: " + name);
          }
          Files.createDirectories(file.getParent());
          Files.write(file, content);
        } else if (type != '5' && type != 'L') {
          throw new IOException("an entry of type " + type + ": " + name);
        }
      }
    }
  }

  private static String text(byte[] header, int from, int length) {
    String text = new String(header, from, length, StandardCharsets.US_ASCII);
    int end = text.indexOf(0);
    return end < 0 ? text : text.substring(0, end);
  }
}
