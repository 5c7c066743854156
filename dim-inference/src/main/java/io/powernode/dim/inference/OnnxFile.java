package io.powernode.dim.inference;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What an ONNX file says of itself, read and checked without the runtime. The check follows
 * protobuf's structure to its end, and bounds what a tensor claims by what the file holds.
 *
 * @param inputs what a run needs, in the file's order; initialisers that double as optional inputs
 *     are not among them
 * @param outputs what a run answers, in the file's order
 * @param weightBytes size of the file and of its external data
 */
record OnnxFile(List<OnnxValue> inputs, List<OnnxValue> outputs, long weightBytes) {

  OnnxFile {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /**
   * Reads a model file.
   *
   * @param main the file, a real path inside {@code folder}
   * @param folder the real path of the folder outside which nothing may be opened
   * @throws io.powernode.dim.api.DimException with MODEL_INVALID or MODEL_UNSUPPORTED
   */
  static OnnxFile read(Path main, Path folder) {
    try (FileChannel channel = FileChannel.open(main)) {
      WindowedFile file = new WindowedFile(channel);
      refuseOtherFormats(file);
      ExternalData external = new ExternalData(main.resolveSibling(""), folder);
      GraphWalk walk = new GraphWalk(external);
      walk.model(WireMessage.of(file));
      return new OnnxFile(walk.inputs(), walk.outputs(), file.size() + external.bytes());
    } catch (IOException | UncheckedIOException e) {
      throw Refusals.invalid("the file cannot be read");
    }
  }

  /** The names of the inputs, then of the outputs. */
  List<String> names() {
    return Stream.concat(inputs.stream(), outputs.stream()).map(OnnxValue::name).toList();
  }

  /** Says what a file is that people mistake for ONNX; all else is left to the structure check. */
  private static void refuseOtherFormats(WindowedFile file) {
    if (file.size() == 0) {
      throw Refusals.invalid("the file is empty");
    }
    byte[] head = file.bytes(0, (int) Math.min(8, file.size()));
    if (startsWith(head, 'P', 'K', 3, 4)) {
      throw Refusals.invalid("the file is a ZIP archive, as PyTorch and NumPy save; not ONNX");
    }
    if (ModelFile.isPickle(head)) {
      throw Refusals.invalid("the file is a Python pickle, which can run code; not ONNX");
    }
    if (head.length == 8 && startsWith(Arrays.copyOfRange(head, 4, 8), 'O', 'R', 'T', 'M')) {
      throw Refusals.unsupported("the file is in ONNX Runtime's own format; not ONNX");
    }
  }

  private static boolean startsWith(byte[] head, int... magic) {
    for (int i = 0; i < magic.length; i++) {
      if (i >= head.length || head[i] != magic[i]) {
        return false;
      }
    }
    return true;
  }
}
