package io.powernode.dim.core;

import java.util.Set;

/**
 * Who takes over which job of a session that ended, so that its jobs are spread over the living
 * without a word between them: rendezvous hashing (D. Thaler and C. Ravishankar, "Using Name-Based
 * Mappings to Increase Hit Rates", IEEE/ACM Transactions on Networking 6(1), 1998). Whoever sees
 * the same sessions comes to the same answer.
 *
 * @param living the epochs of the live sessions
 */
record Heirs(Set<Long> living) {
  Heirs {
    living = Set.copyOf(living);
  }

  /** Whether the job falls to the session of this epoch. */
  boolean isFirst(long epoch, String jobId) {
    long job = 0;
    for (int i = 0; i < jobId.length(); i++) {
      job = mixed(job ^ jobId.charAt(i));
    }
    long best = epoch;
    for (long other : living) {
      int order = Long.compare(mixed(job ^ mixed(other)), mixed(job ^ mixed(best)));
      best = order > 0 || order == 0 && other < best ? other : best;
    }
    return best == epoch;
  }

  /** Spreads bits: the finaliser of SplitMix64 (G. Steele et al., OOPSLA 2014). */
  private static long mixed(long bits) {
    long z = bits + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
