package io.powernode.dim.inference;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * A TorchScript file's parts, read and checked without the runtime: a ZIP archive of one folder
 * with code as text, weights as they are in memory, and the names of the weights as a restricted
 * pickle. The layout is that of torch.jit.save, PyTorch 1.4 to 2.
 *
 * @param rootClass the class of the model, with its module
 * @param code the source texts by module
 */
record TorchArchive(String rootClass, Map<String, String> code) {
  private static final long MOST_CODE_BYTES = 1L << 26;
  private static final int HEAD_BYTES = 512;

  TorchArchive {
    code = Map.copyOf(code);
  }

  /**
   * Reads a file.
   *
   * @throws io.powernode.dim.api.DimException with MODEL_INVALID, saying what the file is instead
   */
  static TorchArchive read(Path file) {
    try {
      refuseOtherFormats(file);
      try (ZipFile zip = new ZipFile(file.toFile())) {
        return new TorchArchive.Reader(zip).read();
      }
    } catch (ZipException | IllegalArgumentException e) {
      throw Refusals.invalid("the file is not a well-formed ZIP archive, as TorchScript is");
    } catch (IOException e) {
      throw Refusals.invalid("the file cannot be read");
    }
  }

  private static void refuseOtherFormats(Path file) throws IOException {
    byte[] head;
    try (InputStream in = Files.newInputStream(file)) {
      head = in.readNBytes(4);
    }
    if (head.length == 0) {
      throw Refusals.invalid("the file is empty");
    }
    if (ModelFile.isPickle(head)) {
      throw Refusals.invalid("the file is a Python pickle, which can run code; not TorchScript");
    }
    if (!Arrays.equals(head, new byte[] {'P', 'K', 3, 4})) {
      throw Refusals.invalid("the file is not a ZIP archive, as TorchScript is");
    }
  }

  /** Reads one archive. */
  private static final class Reader {
    private final ZipFile zip;
    private final Map<String, ZipEntry> entries = new TreeMap<>();

    Reader(ZipFile zip) {
      this.zip = zip;
    }

    TorchArchive read() throws IOException {
      String folder = folder();
      if (!entries.containsKey("data.pkl")) {
        throw Refusals.invalid("the file is a ZIP archive without TorchScript's data.pkl");
      }
      Map<String, String> code = code();
      if (code.isEmpty() || !entries.containsKey("constants.pkl")) {
        throw Refusals.invalid(
            "the file is a PyTorch checkpoint, a Python pickle, which can run code; not"
                + " TorchScript: save the model with torch.jit.save");
      }
      requirePlainWeights();
      return new TorchArchive(rootClass(folder), code);
    }

    /** The one folder that holds everything; its name is of no account. */
    private String folder() {
      String folder = "";
      for (ZipEntry entry : (Iterable<ZipEntry>) zip.stream().map(e -> (ZipEntry) e)::iterator) {
        int slash = entry.getName().indexOf('/');
        String top = entry.getName().substring(0, Math.max(0, slash));
        if (top.isEmpty() || !(folder.isEmpty() || folder.equals(top))) {
          throw Refusals.invalid("the file is a ZIP archive, but not of one folder as TorchScript");
        }
        folder = top;
        if (entries.put(entry.getName().substring(slash + 1), entry) != null) {
          throw Refusals.invalid("the archive has two files of one name");
        }
      }
      return folder;
    }

    private Map<String, String> code() throws IOException {
      Map<String, String> code = new HashMap<>();
      long bytes = 0;
      for (Map.Entry<String, ZipEntry> entry : entries.entrySet()) {
        if (entry.getKey().startsWith("code/") && entry.getKey().endsWith(".py")) {
          String path = entry.getKey();
          byte[] text = bytes(entry.getValue(), MOST_CODE_BYTES - bytes);
          bytes += text.length;
          String module = path.substring("code/".length(), path.length() - ".py".length());
          code.put(module.replace('/', '.'), new String(text, StandardCharsets.UTF_8));
        }
      }
      return code;
    }

    private byte[] bytes(ZipEntry entry, long most) throws IOException {
      try (InputStream in = zip.getInputStream(entry)) {
        byte[] bytes = in.readNBytes((int) Math.min(most, Integer.MAX_VALUE - 8));
        if (in.read() >= 0) {
          throw Refusals.invalid("the archive's code is larger than " + MOST_CODE_BYTES + " bytes");
        }
        return bytes;
      }
    }

    /** Packed weights could become any size while they are read. */
    private void requirePlainWeights() {
      for (Map.Entry<String, ZipEntry> entry : entries.entrySet()) {
        boolean isText = entry.getKey().startsWith("code/") || entry.getKey().startsWith("extra/");
        if (!isText && entry.getValue().getMethod() != ZipEntry.STORED) {
          throw Refusals.invalid("the archive's weights are packed; allowed: stored as they are");
        }
      }
    }

    /** The pickle's first words are its protocol and the class of the whole. */
    private String rootClass(String folder) throws IOException {
      byte[] head;
      try (InputStream in = zip.getInputStream(zip.getEntry(folder + "/data.pkl"))) {
        head = in.readNBytes(HEAD_BYTES);
      }
      String[] lines = new String(head, StandardCharsets.ISO_8859_1).split("\n", 3);
      boolean isGlobal = ModelFile.isPickle(head) && head[2] == 'c';
      if (!isGlobal || lines.length < 3 || !lines[0].substring(3).startsWith("__torch__")) {
        throw Refusals.invalid(
            "the archive's data.pkl is a pickle of something else than a module");
      }
      return lines[0].substring(3) + "." + lines[1];
    }
  }
}
