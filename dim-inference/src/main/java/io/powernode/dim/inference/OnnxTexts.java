package io.powernode.dim.inference;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Decides which texts may go to the runtime. Its Java interface passes them through JNI's modified
 * UTF-8, which spells NUL and everything beyond U+FFFF differently from UTF-8: on the way in a
 * model would not see the text that was meant, on the way out texts are cut. Not thread-safe.
 */
final class OnnxTexts {
  private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();

  /** The text, if it passes unaltered. */
  Optional<String> plain(byte[] value) {
    try {
      String text = utf8.decode(ByteBuffer.wrap(value)).toString();
      boolean plain = text.chars().allMatch(c -> c != 0 && !Character.isSurrogate((char) c));
      return plain ? Optional.of(text) : Optional.empty();
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /** The texts of an input. */
  String[] plain(String input, List<byte[]> values) {
    String[] texts = new String[values.size()];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = plain(values.get(i)).orElseThrow(() -> refusal(input));
    }
    return texts;
  }

  private static RuntimeException refusal(String input) {
    return Refusals.data(
        "input "
            + input
            + ": holds a text that ONNX Runtime's Java interface cannot pass on unaltered;"
            + " allowed: UTF-8 without NUL and without characters beyond U+FFFF");
  }
}
