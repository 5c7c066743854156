package io.powernode.dim.benchmarks;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The floors of {@link AggregationBenchmark}: the same numbers in arrays, in plain loops. */
@State(Scope.Benchmark)
public class PlainLoops {
  /** How many numbers each. */
  @Param("1000000")
  public int numbers = 1_000_000;

  private float[][] nodes = new float[0][];
  private float[] one = new float[0];

  /** Makes up the numbers. */
  @Setup
  public void fill() {
    SplittableRandom random = new SplittableRandom(1);
    nodes = new float[AggregationBenchmark.NODES][];
    for (int node = 0; node < nodes.length; node++) {
      nodes[node] = floats(random, numbers);
    }
    one = new float[numbers];
  }

  static float[] floats(SplittableRandom random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return values;
  }

  /** Reads every number once and writes it once. */
  @Benchmark
  public float[] copy() {
    for (float[] node : nodes) {
      System.arraycopy(node, 0, one, 0, numbers);
    }
    return one;
  }

  /** Sorts what the nodes say of each number, and keeps the one in the middle. */
  @Benchmark
  public float[] sortColumns() {
    float[] column = new float[nodes.length];
    for (int i = 0; i < numbers; i++) {
      for (int node = 0; node < nodes.length; node++) {
        column[node] = nodes[node][i];
      }
      Arrays.sort(column);
      one[i] = column[column.length / 2];
    }
    return one;
  }

  /** The squared distances of all pairs. */
  @Benchmark
  public double[] distances() {
    double[] squares = new double[nodes.length * (nodes.length - 1) / 2];
    int pair = 0;
    for (int a = 0; a < nodes.length; a++) {
      for (int b = a + 1; b < nodes.length; b++) {
        double sum = 0;
        for (int i = 0; i < numbers; i++) {
          double difference = (double) nodes[a][i] - nodes[b][i];
          sum += difference * difference;
        }
        squares[pair++] = sum;
      }
    }
    return squares;
  }
}
