package io.powernode.dim.patterns;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.powernode.dim.api.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Assumptions;

/** Numbers from other projects' tests, in a folder beside the project; skipped where it is not. */
final class Vectors {
  private Vectors() {}

  static Stream<JsonNode> cases(String file) throws IOException {
    Path path = folder().resolve(file);
    Assumptions.assumeTrue(Files.exists(path), "shared vectors are absent: " + file);
    JsonNode cases = new ObjectMapper().readTree(path.toFile()).get("cases");
    return StreamSupport.stream(cases.spliterator(), false);
  }

  private static Path folder() {
    Path at = Path.of("").toAbsolutePath();
    while (at.getParent() != null && !Files.exists(at.resolve("mvnw"))) {
      at = at.getParent();
    }
    return at.resolveSibling("shared").resolve("vectors");
  }

  /** Nested arrays of numbers as an FP64 tensor; a bare number has no dimensions. */
  static Tensor tensor(JsonNode numbers) {
    List<Long> shape = new ArrayList<>();
    for (JsonNode at = numbers; at.isArray(); at = at.get(0)) {
      shape.add((long) at.size());
    }
    List<Double> values = new ArrayList<>();
    flatten(numbers, values);
    double[] flat = values.stream().mapToDouble(Double::doubleValue).toArray();
    return Tensors.ofDoubles(flat, shape.stream().mapToLong(Long::longValue).toArray());
  }

  private static void flatten(JsonNode numbers, List<Double> values) {
    if (numbers.isArray()) {
      numbers.forEach(number -> flatten(number, values));
    } else {
      values.add(numbers.doubleValue());
    }
  }
}
