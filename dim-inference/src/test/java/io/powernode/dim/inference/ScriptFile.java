package io.powernode.dim.inference;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Small TorchScript archives without weights, built part by part as torch.jit.save does. */
final class ScriptFile {
  private final Map<String, byte[]> parts = new LinkedHashMap<>();
  private boolean packed;

  /** An archive whose class {@code M} has these methods, each line indented by two. */
  static ScriptFile of(String methods) {
    ScriptFile file = new ScriptFile();
    file.parts.put("data.pkl", pickleOf("__torch__", "M"));
    file.code(
        "__torch__",
        "class M(Module):\n"
            + "  __parameters__ = []\n"
            + "  __buffers__ = []\n"
            + "  training : bool\n"
            + methods);
    return file.part("constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'}).part("version", "3\n");
  }

  /** One method {@code forward} with these arguments, result and body. */
  static ScriptFile forward(String arguments, String result, String... body) {
    return of(
        "  def forward(self: __torch__.M,\n    %s) -> %s:\n    %s\n"
            .formatted(arguments, result, String.join("\n    ", body)));
  }

  /** A module with no attribute but {@code training}. */
  static byte[] pickleOf(String module, String name) {
    return pickleOf(module, name, "");
  }

  /** A module with more attributes, each a name and a value as a pickle has them. */
  static byte[] pickleOf(String module, String name, String attributes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x80, 2, 'c'});
    out.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(new byte[] {'q', 0, ')', (byte) 0x81, '}', '(', 'X', 8, 0, 0, 0});
    out.writeBytes("training".getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(new byte[] {'q', 1, (byte) 0x89});
    out.writeBytes(attributes.getBytes(StandardCharsets.ISO_8859_1));
    out.writeBytes(new byte[] {'u', 'b', 'q', 2, '.'});
    return out.toByteArray();
  }

  ScriptFile code(String module, String text) {
    return part("code/" + module.replace('.', '/') + ".py", text);
  }

  ScriptFile part(String name, String text) {
    return part(name, text.getBytes(StandardCharsets.UTF_8));
  }

  /** A name that begins with a slash stands beside the archive's folder. */
  ScriptFile part(String name, byte[] content) {
    parts.put(name, content);
    return this;
  }

  ScriptFile without(String name) {
    parts.keySet().removeIf(part -> part.startsWith(name));
    return this;
  }

  /** All parts deflated. */
  ScriptFile packed() {
    packed = true;
    return this;
  }

  byte[] toBytes() {
    return toBytes("m/");
  }

  byte[] toBytes(String folder) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> part : parts.entrySet()) {
        String name = part.getKey();
        zip.putNextEntry(
            entry(name.startsWith("/") ? name.substring(1) : folder + name, part.getValue()));
        zip.write(part.getValue());
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private ZipEntry entry(String name, byte[] content) {
    ZipEntry entry = new ZipEntry(name);
    if (!packed) {
      CRC32 crc = new CRC32();
      crc.update(content);
      entry.setMethod(ZipEntry.STORED);
      entry.setSize(content.length);
      entry.setCrc(crc.getValue());
    }
    return entry;
  }
}
