package io.powernode.dim.benchmarks;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/** A CSV file of numbers from 0 to 10 with four decimals, in columns {@code f0}, {@code f1} … */
final class RowsFile {
  static final int FEATURES = 30;
  private static final int DECIMALS = 10_000;

  private RowsFile() {}

  static Path write(int rows, long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    Path file = Files.createTempFile("dim-bench", ".csv");
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < FEATURES; i++) {
        line.append(i == 0 ? "f" : ",f").append(i);
      }
      for (int row = 0; row < rows; row++) {
        out.write(line.append('\n').toString().getBytes(StandardCharsets.US_ASCII));
        line.setLength(0);
        for (int i = 0; i < FEATURES; i++) {
          int value = random.nextInt(10 * DECIMALS);
          line.append(i == 0 ? "" : ",").append(value / DECIMALS).append('.');
          line.append(Integer.toString(DECIMALS + value % DECIMALS), 1, 5);
        }
      }
      out.write(line.append('\n').toString().getBytes(StandardCharsets.US_ASCII));
    }
    return file;
  }
}
