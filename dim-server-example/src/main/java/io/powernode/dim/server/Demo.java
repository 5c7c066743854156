package io.powernode.dim.server;

import io.powernode.dim.api.JobHandle;
import io.powernode.dim.api.JobResult;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.NodeRecord;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Runs the demo's jobs. Not thread-safe. */
final class Demo implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  /** How many of a hospital's patients go through the pipeline. */
  private static final int PATIENTS = 3;

  private final DemoData data;
  private final DemoNetwork network;
  private final Optional<PrintWriter> live;

  private Demo(DemoData data, DemoNetwork network, Optional<PrintWriter> live) {
    this.data = data;
    this.network = network;
    this.live = live;
  }

  /**
   * Starts everything.
   *
   * @param live where to draw how far the jobs are, if anywhere
   */
  static Demo start(Optional<PrintWriter> live) {
    DemoData data = DemoData.unpack();
    try {
      return new Demo(data, DemoNetwork.start(data), live);
    } catch (RuntimeException e) {
      data.close();
      throw e;
    }
  }

  /**
   * The first part.
   *
   * @param mean what the federated mean came to
   * @param metrics what the federated metrics came to
   * @param onePlace the same numbers with all rows in one place
   */
  record Collaborative(JobResult mean, JobResult metrics, OnePlace onePlace) {}

  /**
   * The second part.
   *
   * @param vote what the vote came to
   * @param patients the rows that were voted on, with the truth
   */
  record Comparative(JobResult vote, DemoRows patients) {}

  /**
   * The third part.
   *
   * @param plan the pipeline that went well at once
   * @param appointments the longer one, with a step that failed and was retried
   * @param patients whose rows they worked on
   * @param book the appointments afterwards
   * @param history how they came about
   */
  record Chained(
      JobResult plan,
      JobResult appointments,
      DemoRows patients,
      List<AppointmentBook.Entry> book,
      List<String> history) {}

  List<NodeRecord> nodes() {
    return network.orchestrator().nodes();
  }

  /** The model called {@code id}. */
  ModelDescriptor model(String id) {
    return data.model(id);
  }

  /** A hospital's patients, as their owner sees them. */
  DemoRows rows(String hospital) {
    return data.rows(hospital);
  }

  Collaborative collaborative() {
    ModelDescriptor risk = data.model(DemoJobs.RISK);
    return new Collaborative(
        run("Mean risk", DemoJobs.meanRisk()),
        run("Metrics", DemoJobs.metrics()),
        OnePlace.of(risk, data.file(risk), data.pooled()));
  }

  Comparative comparative() {
    return new Comparative(run("Vote", DemoJobs.vote()), data.rows(DemoJobs.NORTH));
  }

  Chained chained() {
    DemoRows patients = data.rows(DemoJobs.NORTH).first(PATIENTS);
    JobResult plan = run("Plan", DemoJobs.plan(patients.tensor()));
    JobResult appointments = run("Appointments", DemoJobs.appointments(patients.tensor()));
    AppointmentBook book = network.book();
    return new Chained(plan, appointments, patients, book.entries(), book.history());
  }

  private JobResult run(String title, JobSpec spec) {
    JobHandle job = network.orchestrator().submit(spec);
    if (live.isEmpty()) {
      return job.await(LIMIT);
    }
    try (JobWatch watch = new JobWatch(live.get(), title)) {
      watch.follow(job);
      return job.await(LIMIT);
    }
  }

  @Override
  public void close() {
    try {
      network.close();
    } finally {
      data.close();
    }
  }
}
