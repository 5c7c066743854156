package io.powernode.dim.server;

import io.powernode.dim.api.Options;
import io.powernode.dim.json.DimJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** {@code demo/expected.json}: what Python came to with all rows in one place. */
final class ExpectedNumbers {
  private final Object root;

  private ExpectedNumbers(Object root) {
    this.root = root;
  }

  static ExpectedNumbers load() throws IOException {
    Path folder = Path.of(System.getProperty("user.dir")).toAbsolutePath();
    while (!Files.isRegularFile(folder.resolve("demo/expected.json"))) {
      folder = folder.getParent();
    }
    String json = Files.readString(folder.resolve("demo/expected.json"));
    return new ExpectedNumbers(DimJson.standard().read(Options.class, json).asMap());
  }

  /** What stands under the field names. */
  ExpectedNumbers at(String... fields) {
    Object value = root;
    for (String field : fields) {
      value = ((Map<?, ?>) value).get(field);
      if (value == null) {
        throw new IllegalArgumentException("expected.json has no " + String.join(".", fields));
      }
    }
    return new ExpectedNumbers(value);
  }

  double number(String... fields) {
    return ((Number) at(fields).root).doubleValue();
  }

  String text(String... fields) {
    return (String) at(fields).root;
  }

  List<String> texts(String... fields) {
    return list(fields).stream().map(item -> (String) item.root).toList();
  }

  List<ExpectedNumbers> list(String... fields) {
    return ((List<?>) at(fields).root).stream().map(ExpectedNumbers::new).toList();
  }

  /** All numbers below, however nested, in their order. */
  double[] numbers(String... fields) {
    Object value = at(fields).root;
    return value instanceof List<?>
        ? list(fields).stream().flatMapToDouble(item -> Arrays.stream(item.numbers())).toArray()
        : new double[] {((Number) value).doubleValue()};
  }
}
