package io.powernode.dim.inference;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Texts on their way to and from the runtime. Its Java interface passes them through JNI's modified
 * UTF-8, which spells NUL and everything beyond the Basic Multilingual Plane differently from
 * UTF-8: a model would not see the text that was meant. Such texts are refused.
 */
final class OnnxTexts {
  private static final Pattern TAKEN_APART =
      Pattern.compile("[\\u00f0-\\u00f4][\\u0080-\\u00bf]{3}");

  private OnnxTexts() {}

  /** The texts of an input. */
  static List<String> toRuntime(String input, List<byte[]> values) {
    CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
    List<String> texts = new ArrayList<>(values.size());
    for (byte[] value : values) {
      try {
        texts.add(utf8.decode(ByteBuffer.wrap(value)).toString());
      } catch (CharacterCodingException e) {
        throw refusal(input);
      }
      if (!isPlain(texts.get(texts.size() - 1))) {
        throw refusal(input);
      }
    }
    return texts;
  }

  /** The texts of an output; beyond U+FFFF the interface has taken them apart into bytes. */
  static List<String> fromRuntime(String output, List<String> texts) {
    for (String text : texts) {
      if (TAKEN_APART.matcher(text).find()) {
        throw new DimException(
            ErrorCode.INFERENCE_FAILED,
            "output "
                + output
                + ": holds a text that ONNX Runtime's Java interface does not pass on unaltered");
      }
    }
    return texts;
  }

  private static boolean isPlain(String text) {
    return text.chars().allMatch(c -> c != 0 && !Character.isSurrogate((char) c));
  }

  private static RuntimeException refusal(String input) {
    return Refusals.data(
        "input "
            + input
            + ": holds a text that ONNX Runtime's Java interface cannot pass on unaltered;"
            + " allowed: UTF-8 without NUL and without characters beyond U+FFFF");
  }
}
