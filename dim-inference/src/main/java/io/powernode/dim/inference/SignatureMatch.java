package io.powernode.dim.inference;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Signature;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.inference.OnnxValue.Form;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Holds a descriptor's signature against the file's. A descriptor may say more than the file (a
 * dimension that the file leaves open, columns, labels), never something else. One that names no
 * tensor at all leaves everything to the file.
 */
final class SignatureMatch {
  private final ModelDescriptor model;
  private final boolean declared;

  private SignatureMatch(ModelDescriptor model) {
    this.model = model;
    Signature signature = model.signature();
    this.declared = !signature.inputs().isEmpty() || !signature.outputs().isEmpty();
  }

  /**
   * The file's tensors in the file's order, with what the descriptor adds.
   *
   * @throws io.powernode.dim.api.DimException with MODEL_INVALID or MODEL_UNSUPPORTED, naming the
   *     tensor
   */
  static Signature of(ModelDescriptor model, OnnxFile file) {
    SignatureMatch match = new SignatureMatch(model);
    List<TensorSpec> inputs = match.all("input", file.inputs(), model.signature().inputs());
    List<TensorSpec> outputs = match.all("output", file.outputs(), model.signature().outputs());
    return new Signature(inputs, outputs);
  }

  private List<TensorSpec> all(String role, List<OnnxValue> file, List<TensorSpec> stated) {
    Map<String, TensorSpec> rest = new HashMap<>();
    for (TensorSpec spec : stated) {
      if (rest.put(spec.name(), spec) != null) {
        throw Refusals.invalid(role + " " + spec.name() + ": is declared twice");
      }
    }
    List<TensorSpec> merged = new ArrayList<>();
    for (OnnxValue value : file) {
      String subject = role + " " + value.name() + ": ";
      Optional<TensorSpec> spec = Optional.ofNullable(rest.remove(value.name()));
      if (declared && spec.isEmpty()) {
        throw Refusals.invalid(subject + "is in the model's file but not in its descriptor");
      }
      merged.add(merge(subject, role.equals("input"), value, spec));
    }
    for (String name : rest.keySet()) {
      throw Refusals.invalid(
          role + " " + name + ": is not in the model's file; allowed: " + names(file));
    }
    return merged;
  }

  private TensorSpec merge(
      String subject, boolean input, OnnxValue value, Optional<TensorSpec> spec) {
    DataType type = supported(subject, input, value);
    Optional<List<Long>> own =
        value.form() == Form.TENSOR ? value.shape() : Optional.of(rows(value));
    if (spec.isEmpty()) {
      return new TensorSpec(
          value.name(), type, own.orElseThrow(() -> rankless(subject)), List.of());
    }
    TensorSpec stated = spec.get();
    if (stated.datatype() != type) {
      throw Refusals.invalid(
          subject
              + "is declared as "
              + stated.datatype()
              + "; allowed: "
              + type
              + ", as the file has it");
    }
    List<Long> shape =
        own.isEmpty() ? stated.shape() : narrow(subject, input, stated.shape(), own.get());
    return new TensorSpec(value.name(), type, shape, stated.columns());
  }

  private static DataType supported(String subject, boolean input, OnnxValue value) {
    boolean form = value.form() == Form.TENSOR || (value.form() != Form.OTHER && !input);
    if (!form || value.dataType().isEmpty()) {
      throw Refusals.unsupported(
          subject
              + "is of type "
              + value.typeName()
              + "; allowed: tensors of bool, uint8 to uint64, int8 to int64, float8, float16, bfloat16,"
              + " float, double or string"
              + (input ? "" : ", and maps from int64 or string to float"));
    }
    return value.dataType().get();
  }

  /** Maps become a row, or rows, of one column for each label. */
  private List<Long> rows(OnnxValue value) {
    long columns = model.labels().isEmpty() ? -1 : model.labels().size();
    return List.of(value.form() == Form.MAP ? 1L : -1L, columns);
  }

  /**
   * The dimensions on which both agree. An open dimension of an input must be open in the file as
   * well; what files say of their outputs is often narrower than what they answer, so there the
   * descriptor may widen it.
   */
  private static List<Long> narrow(
      String subject, boolean input, List<Long> stated, List<Long> own) {
    boolean fits = stated.size() == own.size();
    List<Long> shape = new ArrayList<>();
    for (int i = 0; fits && i < own.size(); i++) {
      long said = stated.get(i);
      long has = own.get(i);
      fits = said == has || has < 0 || (said < 0 && !input);
      shape.add(said);
    }
    if (!fits) {
      throw Refusals.invalid(
          subject
              + "is declared with shape "
              + stated
              + "; allowed: "
              + own
              + ", as the file has it");
    }
    return shape;
  }

  private static RuntimeException rankless(String subject) {
    return Refusals.invalid(subject + "has no shape in the file; declare it in the descriptor");
  }

  private static String names(List<OnnxValue> values) {
    return values.stream().map(OnnxValue::name).sorted().collect(Collectors.joining(", "));
  }
}
