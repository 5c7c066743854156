package io.powernode.dim.jdbc.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.JobStatus;
import io.powernode.dim.api.Orchestrator;
import io.powernode.dim.api.Review;
import io.powernode.dim.api.ReviewRequest;
import io.powernode.dim.json.DimJson;
import io.powernode.dim.patterns.simulation.Simulation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Does what comes over one wire, one after the other. */
final class Commands implements Runnable {
  private final Orchestrator orchestrator;
  private final Wire wire;

  Commands(Orchestrator orchestrator, Wire wire) {
    this.orchestrator = orchestrator;
    this.wire = wire;
  }

  @Override
  public void run() {
    try {
      while (true) {
        wire.tell(answer(wire.read()).toArray(String[]::new));
      }
    } catch (IOException gone) {
      Runtime.getRuntime().halt(1);
    }
  }

  private List<String> answer(List<String> command) {
    try {
      String subject = command.get(1);
      return switch (command.get(0)) {
        case "submit" -> submit(Long.parseLong(subject));
        case "status" -> status(subject, Long.parseLong(command.get(2)));
        case "cancel" -> List.of("ok", orchestrator.cancel(subject).name());
        case "review" -> review(subject);
        default -> throw new IllegalArgumentException(command.get(0));
      };
    } catch (DimException e) {
      return List.of("error", e.code().name(), Boolean.toString(e.retryable()), e.getMessage());
    } catch (RuntimeException e) {
      return List.of("error", "", "false", e.toString());
    }
  }

  private List<String> submit(long number) {
    return List.of("ok", orchestrator.submit(NumberedJobs.job(number)).jobId());
  }

  /** The state, why, everything else about the end as a digest, and what is wrong with it. */
  private List<String> status(String jobId, long number) {
    JobStatus status = orchestrator.status(jobId);
    List<String> answer = new ArrayList<>(List.of("ok", status.state().name()));
    answer.add(status.error().map(e -> e.code().name()).orElse(""));
    if (status.state().isTerminal()) {
      answer.add(ending(status));
      answer.addAll(faults(status, NumberedJobs.job(number)));
    }
    return answer;
  }

  private String ending(JobStatus status) {
    String result =
        status.state() == JobState.COMPLETED
            ? DimJson.standard().writeResult(orchestrator.result(status.jobId()))
            : "";
    String error = status.error().map(ErrorInfo::toString).orElse("");
    String all = result + error + orchestrator.trace(status.jobId()) + status.endedAt();
    return Digest.of(all.getBytes(UTF_8)).hex();
  }

  private List<String> faults(JobStatus status, JobSpec job) {
    return status.state() == JobState.COMPLETED
        ? Simulation.Promises.ofCompleted(status.jobId(), job, orchestrator.result(status.jobId()))
        : List.of();
  }

  private List<String> review(String jobId) {
    Optional<ReviewRequest> request = orchestrator.status(jobId).review();
    if (request.isPresent()) {
      Map<String, String> decisions = new HashMap<>();
      request.get().items().forEach(item -> decisions.put(item.row(), "yes"));
      orchestrator.review(jobId, new Review("expert", decisions, Optional.empty()));
    }
    return List.of("ok", Boolean.toString(request.isPresent()));
  }
}
