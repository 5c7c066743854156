package io.powernode.dim.inference;

import static io.powernode.dim.inference.ModelBytes.FLOAT;
import static io.powernode.dim.inference.ModelBytes.INT64;
import static io.powernode.dim.inference.ModelBytes.STRING;
import static io.powernode.dim.inference.ModelBytes.attribute;
import static io.powernode.dim.inference.ModelBytes.identity;
import static io.powernode.dim.inference.ModelBytes.longs;
import static io.powernode.dim.inference.ModelBytes.tensor;
import static io.powernode.dim.inference.ModelBytes.tensorType;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OnnxFileTest {
  private static final Proto X = tensorType(FLOAT, "n");

  @TempDir private Path folder;

  private OnnxFile read(byte[] content) throws IOException {
    return OnnxFile.read(TestFiles.write(folder, content).toRealPath(), folder.toRealPath());
  }

  static Stream<Arguments> refusedFiles() {
    byte[] good = identity(FLOAT, 2);
    return Stream.of(
        arguments("empty", bytes(), "the file is empty"),
        arguments("zip", bytes('P', 'K', 3, 4, 0, 0, 0, 0, 0), "ZIP archive"),
        arguments("pickle", bytes(0x80, 2, 'c', 'o', 's'), "Python pickle"),
        arguments("text", "name: model\n".getBytes(StandardCharsets.UTF_8), "not a well-formed"),
        arguments("html", "<!DOCTYPE html><html>".getBytes(StandardCharsets.UTF_8), "well-formed"),
        arguments("cut off", Arrays.copyOf(good, good.length - 1), "runs past the end"),
        arguments("endless number", filled(0xff, 40), "longer than 10 bytes"),
        arguments("field zero", bytes(0, 0), "illegal number"),
        arguments("group", bytes(0x0b, 0x0c), "illegal wire type"),
        arguments("only a version", new Proto().number(1, 8).toBytes(), "it has no graph"),
        arguments(
            "no version",
            new Proto().message(7, new Proto().message(12, value("y", X))).toBytes(),
            "it has no version"),
        arguments(
            "two graphs",
            new ModelBytes().output("y", X).model().message(7, new Proto()).toBytes(),
            "it has two graphs"),
        arguments("no output", new ModelBytes().input("x", X).toBytes(), "it has no output"),
        arguments(
            "outputs of one name",
            new ModelBytes().output("y", X).output("y", X).toBytes(),
            "no name of its own"),
        arguments("nested 200 deep", nested(200), "nested deeper"),
        arguments("65 dimensions", identity(FLOAT, ones(65)), "more than 64 dimensions"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refusedFiles")
  void read_ofWhatIsNoModel_saysWhy(String name, byte[] content, String reason) {
    DimException refusal = catchThrowableOfType(DimException.class, () -> read(content));
    assertThat(refusal).hasMessageContaining(reason);
    assertThat(refusal.code()).isEqualTo(ErrorCode.MODEL_INVALID);
    assertThat(refusal.getMessage()).doesNotContain(folder.toString());
  }

  static Stream<Arguments> refusedConstants() {
    return Stream.of(
        arguments("raw too short", tensor("w", FLOAT, 2, 3).bytes(9, new byte[20]), "the bytes"),
        arguments("raw too long", tensor("w", FLOAT, 2).bytes(9, new byte[12]), "the bytes"),
        arguments("huge, no data", tensor("w", FLOAT, 1L << 40), "fewer elements"),
        arguments("huge, few floats", tensor("w", FLOAT, 1 << 20).bytes(4, new byte[8]), "fewer"),
        arguments("huge, few integers", tensor("w", INT64, 1 << 20).number(7, 1), "fewer elements"),
        arguments(
            "huge, few doubles", tensor("w", 11, 9).bytes(10, new byte[64]), "fewer elements"),
        arguments("huge, few strings", tensor("w", STRING, 9).text(6, "a"), "fewer elements"),
        arguments("overflowing", tensor("w", FLOAT, 1L << 40, 1L << 40), "fewer elements"),
        arguments("negative", tensor("w", FLOAT, -1), "a negative dimension"),
        arguments("untyped", new Proto().number(1, 1).text(8, "w"), "element type"),
        arguments("unknown type", tensor("w", 99, 1), "element type"),
        arguments("strings as raw", tensor("w", STRING, 1).bytes(9, new byte[4]), "strings"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refusedConstants")
  void read_ofConstantThatClaimsMoreThanItHas_namesIt(String name, Proto constant, String reason) {
    Proto holder = attribute("value", 4).message(5, constant);
    Proto graph = new Proto().message(5, constant);
    Proto function = new Proto().message(7, new Proto().message(5, holder));
    for (byte[] content :
        List.of(
            new ModelBytes().initializer(constant).output("y", X).toBytes(),
            new ModelBytes().node("Constant", "", "y", holder).output("y", X).toBytes(),
            new ModelBytes()
                .node("If", "c", "y", attribute("then_branch", 5).message(6, graph))
                .output("y", X)
                .toBytes(),
            new ModelBytes().output("y", X).model().message(25, function).toBytes())) {
      DimException refusal = catchThrowableOfType(DimException.class, () -> read(content));
      assertThat(refusal).hasMessageContaining("constant 'w'").hasMessageContaining(reason);
      assertThat(refusal.code()).isEqualTo(ErrorCode.MODEL_INVALID);
    }
  }

  static Stream<Arguments> fills() {
    Proto huge = longs("s", 1L << 32, 1);
    byte[] raw = {0, 0, 0, 0, 1, 0, 0, 0};
    return Stream.of(
        arguments(
            "an initialiser", new ModelBytes().node("ConstantOfShape", "s", "y").initializer(huge)),
        arguments(
            "raw bytes",
            new ModelBytes()
                .node("ConstantOfShape", "s", "y")
                .initializer(tensor("s", INT64, 1).bytes(9, raw))),
        arguments(
            "a Constant node",
            new ModelBytes()
                .node("Constant", "", "s", attribute("value", 4).message(5, huge))
                .node("Expand", "x,s", "y")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("fills")
  void read_ofFillOfAnAbsurdConstantShape_isRefused(String name, ModelBytes model) {
    byte[] content = model.output("y", X).toBytes();
    assertThat(content.length).isLessThan(160);
    DimException refusal = catchThrowableOfType(DimException.class, () -> read(content));
    assertThat(refusal).hasMessageContaining("constant shape 's'");
  }

  @Test
  void read_ofSparseConstants_isRefused() {
    byte[] initializer = new ModelBytes().output("y", X).graphField(15, new Proto()).toBytes();
    byte[] node =
        new ModelBytes()
            .node("Constant", "", "y", attribute("sparse_value", 11).message(22, new Proto()))
            .output("y", X)
            .toBytes();
    for (byte[] content : List.of(initializer, node)) {
      DimException refusal = catchThrowableOfType(DimException.class, () -> read(content));
      assertThat(refusal.code()).isEqualTo(ErrorCode.MODEL_UNSUPPORTED);
      assertThat(refusal).hasMessageContaining("sparse");
    }
  }

  /** The runtime's Java interface would answer such a text cut short. */
  @Test
  void read_ofTextsBeyondTheBasicPlane_isRefusedWhereTheyMayBeAnswered() throws IOException {
    for (String text : List.of("😀", "a\0b")) {
      Proto constant = tensor("t", STRING, 1).text(6, text);
      Proto label = attribute("classlabels_strings", 8).text(9, text);
      for (ModelBytes model :
          List.of(
              new ModelBytes().initializer(constant),
              new ModelBytes().node("ai.onnx.ml", "LabelEncoder", "x", "y", label))) {
        byte[] answering = model.output("y", tensorType(STRING, 1)).toBytes();
        DimException refusal = catchThrowableOfType(DimException.class, () -> read(answering));
        assertThat(refusal.code()).isEqualTo(ErrorCode.MODEL_UNSUPPORTED);
        assertThat(refusal).hasMessageContaining("U+FFFF");
      }
    }
    Proto inner = tensor("t", STRING, 1).text(6, "😀");
    assertThat(read(new ModelBytes().initializer(inner).output("y", X).toBytes()).names())
        .containsExactly("y");
  }

  @Test
  void read_ofModel_tellsInputsAndOutputs() throws IOException {
    Proto map = ModelBytes.mapOf(STRING, tensorType(FLOAT));
    OnnxFile file =
        read(
            new ModelBytes()
                .input("x", tensorType(FLOAT, "batch", 3))
                .input("w", tensorType(FLOAT, 1))
                .initializer(tensor("w", FLOAT, 1).bytes(9, new byte[4]))
                .input("free", ModelBytes.rankless(INT64))
                .output("scalar", tensorType(10))
                .output("rows", ModelBytes.sequenceOf(map))
                .output("maybe", ModelBytes.optional(tensorType(FLOAT)))
                .toBytes());
    assertThat(file.names()).containsExactly("x", "free", "scalar", "rows", "maybe");
    assertThat(file.inputs().get(0).shape()).contains(List.of(-1L, 3L));
    assertThat(file.inputs().get(1).shape()).isEqualTo(Optional.empty());
    assertThat(file.outputs().get(0).shape()).contains(List.of());
    assertThat(file.outputs().get(1).form()).isEqualTo(OnnxValue.Form.MAP_SEQUENCE);
    assertThat(file.outputs())
        .extracting(OnnxValue::typeName)
        .containsExactly(
            "tensor(float16)", "sequence(map(string, tensor(float)))", "optional(tensor(float))");
  }

  private static Proto value(String name, Proto type) {
    return new Proto().text(1, name).message(2, type);
  }

  private static byte[] nested(int depth) {
    Proto graph = new Proto();
    for (int i = 0; i < depth; i++) {
      Proto attribute = attribute("body", 5).message(6, graph);
      graph = new Proto().message(1, new Proto().text(4, "Loop").message(5, attribute));
    }
    return new Proto().number(1, 8).message(7, graph).toBytes();
  }

  private static Object[] ones(int count) {
    Object[] dims = new Object[count];
    Arrays.fill(dims, 1);
    return dims;
  }

  private static byte[] filled(int value, int count) {
    byte[] bytes = new byte[count];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
