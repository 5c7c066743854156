package io.powernode.dim.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is TorchScript and what is not, by content and without PyTorch. */
class TorchArchiveTest {
  @TempDir private Path folder;

  private static ScriptFile good() {
    return ScriptFile.forward("x: Tensor", "Tensor", "return x");
  }

  private TorchArchive read(byte[] content) {
    return TorchArchive.read(TestFiles.write(folder, content));
  }

  @Test
  void read_ofTorchScript_tellsTheClassAndItsCode() {
    TorchArchive archive = read(good().code("__torch__.a.b", "").toBytes());

    assertThat(archive.rootClass()).isEqualTo("__torch__.M");
    assertThat(archive.code()).containsOnlyKeys("__torch__", "__torch__.a.b");
    assertThat(archive.code().get("__torch__")).contains("def forward");
  }

  static Stream<Arguments> others() {
    byte[] zip = good().toBytes();
    String pickle = "a Python pickle, which can run code";
    return Stream.of(
        arguments("empty", new byte[0], "the file is empty"),
        arguments("text", ascii("model"), "not a ZIP archive"),
        arguments("a pickle", bytes(0x80, 2, 'c', 'o', 's', '\n'), pickle),
        arguments("a pickle of protocol 5", bytes(0x80, 5, 0x95), pickle),
        arguments("torch.save before 1.6", bytes(0x80, 2, 0x8a, 0x0a, 'l', 0xfc), pickle),
        arguments("a pickle of protocol 0", ascii("cos\nsystem\n(S'ls'\ntR."), "not a ZIP archive"),
        arguments("half an archive", Arrays.copyOf(zip, zip.length / 2), "well-formed ZIP"),
        arguments("a state dict", good().without("code/").without("constants").toBytes(), pickle),
        arguments("no code", good().without("code/").toBytes(), pickle),
        arguments("no constants", good().without("constants").toBytes(), pickle),
        arguments(
            "no data", good().without("data.pkl").toBytes(), "without TorchScript's data.pkl"),
        arguments("no folder", good().toBytes(""), "not of one folder"),
        arguments("two folders", good().part("/n/data.pkl", "").toBytes(), "not of one folder"),
        arguments("a file beside", good().part("/x", "").toBytes(), "not of one folder"),
        arguments(
            "two files of one name",
            ascii(
                new String(
                        good().part("code/aa.py", "").part("code/ab.py", "").toBytes(),
                        StandardCharsets.ISO_8859_1)
                    .replace("ab.py", "aa.py")),
            "two files of one name"),
        arguments(
            "another class",
            good().part("data.pkl", ScriptFile.pickleOf("posix", "system")).toBytes(),
            "a pickle of something else than a module"),
        arguments(
            "no class",
            good().part("data.pkl", bytes(0x80, 2, '}', '.')).toBytes(),
            "something else"),
        arguments("packed weights", good().part("data/0", "").packed().toBytes(), "are packed"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("others")
  void read_ofWhatIsNoTorchScript_saysWhatItIs(String name, byte[] content, String reason) {
    DimException refusal = catchThrowableOfType(DimException.class, () -> read(content));

    assertThat(refusal.code()).isEqualTo(ErrorCode.MODEL_INVALID);
    assertThat(refusal).hasMessageContaining(reason).message().doesNotContain(folder.toString());
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
