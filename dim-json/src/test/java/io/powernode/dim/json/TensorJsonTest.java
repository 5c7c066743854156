package io.powernode.dim.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.InvalidJobException;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.Violation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Tensors in people's form: what the contract says of each type, and its bounds. */
class TensorJsonTest {

  private static final DimJson JSON = DimJson.standard();

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          BOOL   | true,false                                   | 0100
          UINT8  | 0,255                                        | 00ff
          INT8   | -128,127                                     | 807f
          UINT16 | 0,65535                                      | 0000ffff
          INT16  | -32768,32767                                 | 0080ff7f
          UINT32 | 1,4294967295                                 | 01000000ffffffff
          INT32  | -2147483648,2147483647                       | 00000080ffffff7f
          UINT64 | 9007199254740992,"9007199254740993"          | 00000000000020000100000000002000
          UINT64 | "18446744073709551615"                       | ffffffffffffffff
          INT64  | -9007199254740992,"-9007199254740993"        | 000000000000e0ffffffffffffffdfff
          INT64  | "-9223372036854775808","9223372036854775807" | 0000000000000080ffffffffffffff7f
          FP16   | 1.0,-0.0,65504.0,"NaN","-Infinity",5.9604645E-8 | 003c0080ff7b007e00fc0100
          BF16   | 1.0,-2.0,"Infinity"                          | 803f00c0807f
          FP32   | 0.1,"NaN",-0.0                               | cdcccc3d0000c07f00000080
          FP64   | 0.1,"Infinity"                               | 9a9999999999b93f000000000000f07f
          BYTES  | "A","",{"b64":"/w=="}                        | 01000000410000000001000000ff
          """)
  void elements_ofEachType_haveTheContractsForm(DataType type, String data, String hex) {
    ByteBuffer bytes = ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    long count = type == DataType.BYTES ? 3 : bytes.remaining() / type.size();
    Tensor tensor = Tensor.wrap(type, new long[] {count}, bytes);
    String json = "{\"datatype\":\"%s\",\"shape\":[%d],\"data\":[%s]}".formatted(type, count, data);

    assertThat(JSON.write(tensor)).isEqualTo(json);
    assertThat(JSON.read(Tensor.class, json)).isEqualTo(tensor);
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          BOOL   | 1                       | is a number
          UINT8  | 256                     | is out of range
          UINT8  | -1                      | is out of range
          INT8   | 128                     | is out of range
          INT8   | 1.5                     | is not written as an integer
          INT8   | "1"                     | is a text
          INT32  | 2147483648              | is out of range
          INT64  | 9223372036854775808     | is out of range
          INT64  | "9223372036854775808"   | is out of range
          INT64  | "1.0"                   | is a text that is no integer
          INT64  | "0x10"                  | is a text that is no integer
          INT64  | "99999999999999999999999" | is a text that is no integer
          INT64  | 99999999999999999999999 | is out of range
          INT64  | 1e2                     | is not written as an integer
          UINT64 | -1                      | is out of range
          UINT64 | 18446744073709551616    | is out of range
          UINT64 | "-1"                    | is out of range
          FP16   | 65520                   | is out of range
          BF16   | 3.4e38                  | is out of range
          FP32   | 3.5e38                  | is out of range
          FP64   | 1e309                   | is out of range
          FP64   | -1e999999999            | is out of range
          FP64   | "nan"                   | is a text
          FP64   | "1.5"                   | is a text
          FP64   | [1.5]                   | is a list
          FP64   | null                    | is null
          BYTES  | 5                       | is a number
          BYTES  | {}                      | is an object
          BYTES  | {"b64":"A","x":1}       | is an object
          """)
  void element_outOfItsType_isRefusedWithItsPlace(DataType type, String element, String problem) {
    assertThat(
            refused(
                "[{\"name\":\"t\",\"datatype\":\""
                    + type
                    + "\",\"shape\":[1],\"data\":["
                    + element
                    + "]}]"))
        .singleElement()
        .asString()
        .startsWith("inputData[0].data[0]: " + problem);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {}                                                              | name,datatype,shape,data
          {"name":"t","datatype":"FP8","shape":[1],"data":[1]}            | datatype
          {"name":"t","datatype":"fp32","shape":[-1],"data":[]}           | shape[0]
          {"name":"t","datatype":"FP32","shape":[1.5],"data":[1]}         | shape[0]
          {"name":"t","datatype":"FP32","shape":["x",-1],"data":[1]}      | shape[0]
          {"name":"t","datatype":"FP32","shape":5,"data":[1]}             | shape
          {"name":"t","datatype":"FP32","shape":[2],"data":[1]}           | data
          {"name":"t","datatype":"FP32","shape":[4611686018427387904,4],"data":[1]} | shape
          {"name":"t","datatype":"FP32","shape":[4611686018427387904],"data":[1]} | data
          {"name":"t","datatype":"FP32","shape":[1],"data":"AAAAAA=="}    | data
          {"name":"t","datatype":"FP32","shape":[2,2],"data":[[1,2],[3,4]]} | data
          {"name":"t","datatype":"FP32","shape":[1],"data":[1],"x":1}     | x
          {"name":5,"datatype":"FP32","shape":[1],"data":[1]}             | name
          {"name":"t","datatype":"BYTES","shape":[1],"data":[{"b64":"?"}]} | data[0].b64
          """)
  void tensor_thatDoesNotFitTogether_isRefused(String tensor, String fields) {
    String[] paths =
        Arrays.stream(fields.split(","))
            .map(field -> "inputData[0]." + field)
            .toArray(String[]::new);

    assertThat(refused("[" + tensor + "]")).extracting(v -> v.path()).containsExactly(paths);
  }

  @Test
  void names_ofTensors_mustDiffer() {
    String one = "{\"name\":\"t\",\"datatype\":\"FP32\",\"shape\":[],\"data\":[1]}";

    assertThat(refused("[" + one + "," + one + "]"))
        .extracting(v -> v.path())
        .containsExactly("inputData[1].name");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {"columns":["a"],"rows":[[1],["x"]]}      | rows[1][0]
          {"columns":["a"],"rows":[["x"],[true],[1]]} | rows[1][0];inputData.rows[2][0]
          {"columns":["a"],"rows":[[null]]}         | rows[0][0]
          {"columns":["a"],"rows":[[1],[null]]}     | rows[1][0]
          {"columns":["a"],"rows":[[[1]]]}          | rows[0][0]
          {"columns":["a"],"rows":[[1e999]]}        | rows[0][0]
          {"columns":["a","b"],"rows":[[1,2],[1]]}  | rows[1]
          {"columns":["a","b"],"rows":[[1,2],5]}    | rows[1]
          {"columns":["a","a"],"rows":[[1,2]]}      | columns[1]
          {"columns":["a",5],"rows":[[1,2]]}        | columns[1]
          {"columns":["a"],"rows":[]}               | rows
          {"columns":["a"]}                         | rows
          {"columns":"a","rows":[[1]]}              | columns
          {"columns":["a"],"rows":[[1]],"x":1}      | x
          """)
  void rows_thatAreRaggedOrMixed_areRefused(String rows, String paths) {
    assertThat(refused(rows))
        .extracting(v -> v.path())
        .containsExactly(("inputData." + paths).split(";"));
  }

  @ParameterizedTest
  @EnumSource(DataType.class)
  void tensor_withoutDimensionsOrElements_comesBackEqual(DataType type) {
    Tensor empty = Tensor.wrap(type, new long[] {0, 3}, ByteBuffer.allocate(0));
    Tensor scalar =
        type == DataType.BYTES
            ? Tensor.ofStrings(List.of("x")).reshape()
            : Tensor.wrap(type, new long[0], ByteBuffer.allocate(type.size()));

    for (Tensor tensor : List.of(empty, scalar)) {
      assertThat(JSON.read(Tensor.class, JSON.write(tensor))).isEqualTo(tensor);
      assertThat(JSON.decode(Tensor.class, JSON.encode(tensor))).isEqualTo(tensor);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FP16", "BF16"})
  void every16BitFloat_writtenAndRead_isTheSame(DataType type) {
    ByteBuffer all = ByteBuffer.allocate(2 << 16).order(ByteOrder.LITTLE_ENDIAN);
    for (int bits = 0; bits < 1 << 16; bits++) {
      all.putShort((short) bits);
    }
    Tensor tensor = Tensor.wrap(type, new long[] {1 << 16}, all.flip());

    Tensor read = JSON.read(Tensor.class, JSON.write(tensor));

    double[] expected = tensor.toDoubles();
    for (int bits = 0; bits < 1 << 16; bits++) {
      if (!Double.isNaN(expected[bits])) {
        assertThat(read.shorts().get(bits)).isEqualTo((short) bits);
      }
    }
    assertThat(read.toDoubles()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "FP16, 2049, 2048",
    "FP16, 2051, 2052",
    "FP16, 65519.99, 65504",
    "FP16, 2.9802322387695312E-8, 0",
    "FP16, 2.98023224E-8, 5.9604644775390625E-8",
    "BF16, 257, 256",
    "BF16, 259, 260",
    "FP32, 16777217, 16777216",
    "FP32, 1e-60, 0",
  })
  void number_betweenTwoFloats_goesToTheNearestOrTheEvenOne(
      DataType type, String written, double expected) {
    Tensor read =
        JSON.read(
            Tensor.class,
            "{\"datatype\":\"" + type + "\",\"shape\":[],\"data\":[" + written + "]}");

    assertThat(read.toDoubles()).containsExactly(expected);
  }

  @Test
  void integers_beyondFiftyThreeBits_areTakenAsNumbersToo() {
    String json = "{\"datatype\":\"UINT64\",\"shape\":[1],\"data\":[18446744073709551615]}";

    assertThat(JSON.read(Tensor.class, json).longs().get(0)).isEqualTo(-1L);
  }

  @Test
  void namesOfTensors_writtenAndRead_keepTheirOrder() {
    JobSpec spec =
        JobSpec.collaborative("m")
            .input("z", Tensor.scalar(1))
            .input("a", Tensor.scalar(2))
            .build();

    Map<String, Tensor> read = JSON.readJob(JSON.writeJob(spec)).inputData();

    assertThat(read.keySet()).containsExactly("z", "a");
  }

  private static List<Violation> refused(String inputData) {
    String body =
        "{\"pattern\":\"collaborative\",\"config\":{\"modelId\":\"m\"},\"inputData\":"
            + inputData
            + "}";
    return catchThrowableOfType(InvalidJobException.class, () -> JSON.readJob(body)).violations();
  }
}
