package io.powernode.dim.api;

import java.util.List;
import java.util.Optional;

/**
 * Some of the jobs that a filter matches.
 *
 * @param jobs newest first
 * @param next the cursor of the following page; empty on the last one
 */
public record JobPage(List<JobStatus> jobs, Optional<String> next) {

  public JobPage {
    jobs = List.copyOf(jobs);
  }
}
