package io.powernode.dim.patterns;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.spi.Batch;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the label column of a cabinet as classes of a model: by the class's own text; where the
 * classes are numbers, by their value, so that {@code 1.0} is the class {@code 1}; where none of
 * them is a number, also by a class's index.
 */
final class TrueClasses {
  private final Map<String, Integer> byText = new HashMap<>();
  private final Map<Double, Integer> byNumber = new HashMap<>();

  TrueClasses(List<String> classes) {
    boolean named = classes.stream().noneMatch(label -> number(label).isPresent());
    for (int i = 0; i < classes.size(); i++) {
      int index = i;
      byText.put(classes.get(i), i);
      Optional<Double> value = named ? Optional.of((double) i) : number(classes.get(i));
      value.ifPresent(v -> byNumber.putIfAbsent(v, index));
    }
  }

  /**
   * The true classes of some rows.
   *
   * @throws DimException with {@link ErrorCode#DATA_UNAVAILABLE} if the cabinet does not have them
   */
  static List<String> column(Batch batch, String reduction) {
    return batch
        .label()
        .orElseThrow(
            () ->
                new DimException(
                    ErrorCode.DATA_UNAVAILABLE,
                    "cabinet: has no label column, which the reduction " + reduction + " needs"))
        .strings();
  }

  /** The class's index; the message of a refusal does not tell the row's value. */
  int indexOf(String truth) {
    Integer index = byText.get(truth);
    if (index == null) {
      index = number(truth).map(byNumber::get).orElse(null);
    }
    if (index == null) {
      throw new DimException(
          ErrorCode.INVALID_DATA, "label: a row's true class is none of the model's classes");
    }
    return index;
  }

  private static Optional<Double> number(String text) {
    try {
      return Optional.of(Double.valueOf(text.strip()));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
