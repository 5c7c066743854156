package io.powernode.dim.server;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Batch;
import io.powernode.dim.spi.Batches;
import io.powernode.dim.spi.DataCabinet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Rows as only the owner of a cabinet may see them: the demo owns its three.
 *
 * @param ids of the rows
 * @param truths the label of each
 * @param features the values of each, in the order of the cabinet's columns
 */
record DemoRows(List<String> ids, List<String> truths, List<float[]> features) {
  private static final int BATCH = 1024;

  DemoRows {
    ids = List.copyOf(ids);
    truths = List.copyOf(truths);
    features = List.copyOf(features);
  }

  /** All rows of some cabinets with the same columns, one cabinet after the other. */
  static DemoRows of(List<? extends DataCabinet> cabinets) {
    List<String> ids = new ArrayList<>();
    List<String> truths = new ArrayList<>();
    List<float[]> features = new ArrayList<>();
    for (DataCabinet cabinet : cabinets) {
      try (Batches batches = cabinet.read(Optional.empty(), BATCH)) {
        for (Optional<Batch> batch = batches.next(); batch.isPresent(); batch = batches.next()) {
          ids.addAll(batch.get().rowIds().strings());
          truths.addAll(batch.get().label().orElseThrow().strings());
          features.addAll(rows(batch.get()));
        }
      }
    }
    return new DemoRows(ids, truths, features);
  }

  private static List<float[]> rows(Batch batch) {
    List<double[]> columns = batch.columns().values().stream().map(Tensor::toDoubles).toList();
    List<float[]> rows = new ArrayList<>();
    for (int row = 0; row < batch.rows(); row++) {
      float[] values = new float[columns.size()];
      for (int column = 0; column < values.length; column++) {
        values[column] = (float) columns.get(column)[row];
      }
      rows.add(values);
    }
    return rows;
  }

  int size() {
    return ids.size();
  }

  /** The first rows. */
  DemoRows first(int count) {
    return new DemoRows(
        ids.subList(0, count), truths.subList(0, count), features.subList(0, count));
  }

  /**
   * The label of the row called {@code id}.
   *
   * @throws IllegalArgumentException if there is no such row
   */
  String truth(String id) {
    int row = ids.indexOf(id);
    if (row < 0) {
      throw new IllegalArgumentException("row: is not among these; allowed: one of their ids");
    }
    return truths.get(row);
  }

  /** How many rows have this label. */
  long count(String label) {
    return truths.stream().filter(label::equals).count();
  }

  /** The features as one {@link DataType#FP32} tensor [rows, columns]. */
  Tensor tensor() {
    int width = features.get(0).length;
    float[] values = new float[size() * width];
    for (int row = 0; row < size(); row++) {
      System.arraycopy(features.get(row), 0, values, row * width, width);
    }
    return Tensor.ofFloats(values, size(), width);
  }
}
