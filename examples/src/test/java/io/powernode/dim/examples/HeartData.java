package io.powernode.dim.examples;

import io.powernode.dim.json.DimJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The UCI Heart Disease data of four hospitals as FLamby's fed_heart_disease prepares them: 13
 * features a patient, split into train and test rows.
 */
record HeartData(Split split, Map<String, List<String[]>> lines) {
  private static final int LABEL = 13;

  static HeartData read(Path folder) throws IOException {
    Split split =
        DimJson.standard().read(Split.class, Files.readString(folder.resolve("flamby-split.json")));
    Map<String, List<String[]>> lines = new TreeMap<>();
    for (String centre : split.centres().keySet()) {
      List<String> text = Files.readAllLines(folder.resolve("processed." + centre + ".data"));
      lines.put(centre, text.stream().map(line -> line.split(",")).toList());
    }
    return new HeartData(split, lines);
  }

  List<Patient> train(String centre) {
    return patients(centre, split.centres().get(centre).trainRows());
  }

  List<Patient> test(String centre) {
    return patients(centre, split.centres().get(centre).testRows());
  }

  private List<Patient> patients(String centre, List<Integer> rows) {
    List<Patient> patients = new ArrayList<>();
    rows.forEach(row -> patients.add(Patient.of(row, lines.get(centre).get(row))));
    return patients;
  }

  /** The lines whose columns 0 to 9 and 13 are all there. */
  long complete(String centre) {
    return lines.get(centre).stream().filter(HeartData::isComplete).count();
  }

  private static boolean isComplete(String[] cells) {
    for (int i = 0; i < cells.length; i++) {
      if ((i < 10 || i == LABEL) && cells[i].equals("?")) {
        return false;
      }
    }
    return true;
  }

  /**
   * One patient.
   *
   * @param line the patient's line in the file, from 0
   * @param features in the order of the file's {@code feature_order}
   * @param diseased whether the angiography found a narrowing
   */
  record Patient(int line, double[] features, boolean diseased) {

    static Patient of(int line, String[] cells) {
      double[] v = new double[10];
      for (int i = 0; i < v.length; i++) {
        v[i] = Double.parseDouble(cells[i]);
      }
      double cp = v[2];
      double ecg = v[6];
      double[] features = {
        v[0],
        v[1],
        v[3],
        v[4],
        v[5],
        v[7],
        v[8],
        v[9],
        is(cp, 2),
        is(cp, 3),
        is(cp, 4),
        is(ecg, 1),
        is(ecg, 2)
      };
      return new Patient(line, features, Double.parseDouble(cells[LABEL]) != 0);
    }

    private static double is(double value, int category) {
      return value == category ? 1 : 0;
    }

    float[] floats() {
      float[] floats = new float[features.length];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = (float) features[i];
      }
      return floats;
    }
  }

  /** The file flamby-split.json. */
  record Split(
      String source,
      String note,
      List<String> featureOrder,
      Map<String, Centre> centres,
      Statistics pooledTrainStatistics) {}

  record Centre(
      int rows,
      int columns,
      List<Integer> missingPerColumn,
      Map<String, Integer> labelCounts,
      int rowsAfterDropna,
      int train,
      int test,
      boolean stratified,
      int positives,
      List<Integer> trainRows,
      List<Integer> testRows,
      Statistics trainStatistics) {}

  record Statistics(List<Double> mean, List<Double> stdDdof1) {}
}
