package io.powernode.dim.inference;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Decides which files besides the main one a model may have opened: regular files inside the
 * model's folder, also after every symbolic link is followed. Not thread-safe.
 */
final class ExternalData {
  /** No root, no drive, no wildcard: ONNX Runtime gives some of these a meaning of its own. */
  private static final Pattern RELATIVE =
      Pattern.compile("[^/\\\\:*?\"<>|\\p{Cntrl}][^\\\\:*?\"<>|\\p{Cntrl}]*");

  private final Path base;
  private final Path folder;
  private final Map<Path, Long> sizes = new HashMap<>();

  /**
   * External data beside a model.
   *
   * @param base where locations start: the main file's folder, a real path
   * @param folder the real path of the folder outside which nothing may be opened
   */
  ExternalData(Path base, Path folder) {
    this.base = base;
    this.folder = folder;
  }

  /** Bytes of all files asked for so far. */
  long bytes() {
    return sizes.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Refuses a tensor whose {@code needed} bytes are not where it says, or may not be opened. */
  void require(String tensor, ExternalEntries entries, long needed) {
    String subject = "the external data of the model's constant '" + tensor + "' ";
    long size = sizes.computeIfAbsent(resolve(subject, entries.location()), ModelFile::size);
    if (entries.length() >= 0 && entries.length() != needed) {
      throw Refusals.invalid(subject + "does not have the length that its shape needs");
    }
    if (entries.offset() > size || needed > size - entries.offset()) {
      throw Refusals.invalid(subject + "ends before the bytes that its shape needs");
    }
  }

  private Path resolve(String subject, String location) {
    if (!RELATIVE.matcher(location).matches()) {
      throw Refusals.invalid(subject + "has a location that is not a plain relative file name");
    }
    try {
      for (Path part : Path.of(location)) {
        if (part.toString().equals("..")) {
          throw Refusals.invalid(subject + "lies outside the model's folder");
        }
      }
      Path real = base.resolve(location).toRealPath();
      if (!real.startsWith(folder)) {
        throw Refusals.invalid(subject + "lies outside the model's folder");
      }
      if (!Files.isRegularFile(real)) {
        throw Refusals.invalid(subject + "is not a file");
      }
      return real;
    } catch (IOException | InvalidPathException e) {
      throw Refusals.invalid(subject + "is missing");
    }
  }
}
