package io.powernode.dim.spi;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.Digest;
import io.powernode.dim.api.Tensor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TensorDigestTest {

  private static final Tensor TENSOR = Tensor.ofInts(new int[] {1, 2}, 2, 1);

  @Test
  void digest_ofOneTensor_isThatOfTheDocumentedBytes() {
    ByteBuffer bytes = ByteBuffer.allocate(200);
    bytes.putLong(1).put((byte) 'x');
    bytes.putLong(5).put("INT32".getBytes(StandardCharsets.UTF_8));
    bytes.putLong(2).putLong(2).putLong(1);
    bytes.putLong(8).put(new byte[] {1, 0, 0, 0, 2, 0, 0, 0});

    assertThat(TensorDigest.of(Map.of("x", TENSOR))).isEqualTo(Digest.of(bytes.flip()));
  }

  @Test
  void digest_always_dependsOnNamesTypesShapesAndBytesButNotOnOrder() {
    Map<String, Tensor> forwards = new LinkedHashMap<>();
    forwards.put("a", TENSOR);
    forwards.put("b", Tensor.scalar(1.0));
    Map<String, Tensor> backwards = new LinkedHashMap<>();
    backwards.put("b", Tensor.scalar(1.0));
    backwards.put("a", TENSOR);

    assertThat(TensorDigest.of(forwards)).isEqualTo(TensorDigest.of(backwards));
    assertThat(
            Stream.of(
                    Map.of("a", TENSOR),
                    Map.of("b", TENSOR),
                    Map.of("a", TENSOR.reshape(1, 2)),
                    Map.of("a", TENSOR.reshape(2)),
                    Map.of("a", Tensor.ofInts(new int[] {1, 3}, 2, 1)),
                    Map.of("a", Tensor.wrap(DataType.UINT32, new long[] {2, 1}, TENSOR.data())),
                    Map.<String, Tensor>of(),
                    forwards)
                .map(TensorDigest::of))
        .doesNotHaveDuplicates();
  }
}
