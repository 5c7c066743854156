package io.powernode.dim.server;

import io.powernode.dim.api.Aggregation;
import io.powernode.dim.api.ChainedJobBuilder;
import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.ErrorHandling;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Rollback;
import io.powernode.dim.api.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The demo's jobs as a host would write them. */
final class DemoJobs {
  static final String RISK = "breast-risk";
  static final String PLAN = "breast-plan";
  static final String NORTH = "north";
  static final String CABINET = "patients";
  static final String PURPOSE = "demo";

  /**
   * Four models of different kinds and the weights of their votes: the accuracy of each on the
   * training rows that it left out, as {@code demo/make_demo.py} measured it.
   */
  static final Map<String, Double> COMMITTEE = committee();

  private DemoJobs() {}

  private static Map<String, Double> committee() {
    Map<String, Double> weights = new LinkedHashMap<>();
    weights.put("breast-lr", 0.916);
    weights.put("breast-forest", 0.968);
    weights.put("breast-mlp", 0.915);
    weights.put("breast-boost", 0.958);
    return Collections.unmodifiableMap(weights);
  }

  /** The mean risk over the three hospitals' patients. */
  static JobSpec meanRisk() {
    return JobSpec.collaborative(RISK)
        .nodes(DemoData.HOSPITALS.toArray(String[]::new))
        .cabinet(CABINET)
        .reduce(ReductionSpec.mean())
        .aggregate(Aggregation.federatedAveraging())
        .purpose(PURPOSE)
        .build();
  }

  /** How good the same model is over the three hospitals' patients. */
  static JobSpec metrics() {
    return JobSpec.collaborative(RISK)
        .nodes(DemoData.HOSPITALS.toArray(String[]::new))
        .cabinet(CABINET)
        .reduce(ReductionSpec.metrics())
        .aggregate(Aggregation.metrics())
        .purpose(PURPOSE)
        .build();
  }

  /** Four models vote on each of one hospital's patients. */
  static JobSpec vote() {
    return JobSpec.comparative(COMMITTEE.keySet().toArray(String[]::new))
        .node(NORTH)
        .cabinet(CABINET)
        .consensus(Consensus.weightedVote().weights(COMMITTEE))
        .purpose(PURPOSE)
        .build();
  }

  /**
   * From measurements to a plan.
   *
   * @param features FP32 [patients, 30]
   */
  static JobSpec plan(Tensor features) {
    return pipeline(features).build();
  }

  /**
   * The same, and then an appointment for each patient who needs one. A slot in which no doctor is
   * on duty is given back, and the last two steps start again; the models' answers are kept.
   *
   * @param features FP32 [patients, 30]
   */
  static JobSpec appointments(Tensor features) {
    return pipeline(features)
        .action(
            "Appointment",
            "reserve-slot",
            step -> step.node(NORTH).rollback(Rollback.action("release-slot")))
        .action(
            "Doctor", "assign-doctor", step -> step.node(NORTH).input("plan", "step_4_output.plan"))
        .onFailure(ErrorHandling.rollbackAndRetry(2).fromStep(5))
        .build();
  }

  private static ChainedJobBuilder pipeline(Tensor features) {
    return JobSpec.chained()
        .input("features", features)
        .step("Normalise", "breast-normalise", step -> step.node(NORTH))
        .step("Triage", "breast-triage", step -> step.node(NORTH))
        .step(
            "Diagnosis",
            "breast-diagnosis",
            step -> step.node(NORTH).input("normalised", "step_1_output.normalised"))
        .step("Plan", PLAN, step -> step.node(NORTH))
        .purpose(PURPOSE);
  }
}
