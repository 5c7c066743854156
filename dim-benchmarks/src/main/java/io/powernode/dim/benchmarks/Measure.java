package io.powernode.dim.benchmarks;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * One benchmark method and how it is run.
 *
 * @param id under which its samples are known
 * @param method its full name
 * @param mode single calls timed in a loop or one by one, or calls a second
 * @param threads callers at once
 * @param parameters of its state; the first value is for the smoke form, the last for the real one
 * @param jvm arguments of its process
 * @param pace how long it is taken for
 */
record Measure(
    String id,
    String method,
    Mode mode,
    int threads,
    Map<String, List<String>> parameters,
    List<String> jvm,
    Pace pace) {

  Measure {
    parameters = new TreeMap<>(parameters);
    jvm = List.copyOf(jvm);
  }

  /** Times calls in a loop, a sample of them one by one: for what takes microseconds. */
  static Measure times(String id, Class<?> type, String method) {
    return new Measure(
        id, full(type, method), Mode.SampleTime, 1, Map.of(), List.of(), Pace.STEADY);
  }

  /** Counts the calls a second of so many callers. */
  static Measure rate(String id, Class<?> type, String method, int threads) {
    return new Measure(
        id, full(type, method), Mode.Throughput, threads, Map.of(), List.of(), Pace.STEADY);
  }

  /** Times whole runs: for what takes a second or so. */
  static Measure runs(String id, Class<?> type, String method) {
    return new Measure(
        id, full(type, method), Mode.SingleShotTime, 1, Map.of(), List.of(), Pace.STEADY);
  }

  private static String full(Class<?> type, String method) {
    return type.getName() + "." + method;
  }

  /** The same with one more parameter. */
  Measure with(String parameter, String small, String real) {
    Map<String, List<String>> more = new TreeMap<>(parameters);
    more.put(parameter, List.of(small, real));
    return new Measure(id, method, mode, threads, more, jvm, pace);
  }

  /** The same with so many callers at once. */
  Measure callers(int count) {
    return new Measure(id, method, mode, count, parameters, jvm, pace);
  }

  /** The same at another pace. */
  Measure at(Pace other) {
    return new Measure(id, method, mode, threads, parameters, jvm, other);
  }

  /** The same in a process with these arguments. */
  Measure jvm(String... arguments) {
    return new Measure(id, method, mode, threads, parameters, List.of(arguments), pace);
  }

  /** How JMH is to run it. */
  ChainedOptionsBuilder options(Effort effort) {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("^" + Pattern.quote(method) + "$")
            .mode(mode)
            .threads(threads)
            .forks(effort.isSmoke() ? 0 : 1)
            .jvmArgsAppend(jvm.toArray(String[]::new))
            .verbosity(VerboseMode.SILENT)
            .shouldFailOnError(true);
    parameters.forEach((name, values) -> options.param(name, effort.pick(values)));
    return effort.apply(options, mode, pace);
  }
}
