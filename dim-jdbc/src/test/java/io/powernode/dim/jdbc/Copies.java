package io.powernode.dim.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.CommitResult;
import io.powernode.dim.spi.StateStore;
import io.powernode.dim.spi.StoredValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** What tests of backups do with stores and folders. */
final class Copies {
  private static final int COMMITS = 1_500;

  private Copies() {}

  /** Copies a folder, as {@code cp -r} does. */
  static void copy(Path from, Path to) {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Does something while thousands of commits are under way.
   *
   * @return how many of them were durable before it began
   */
  static int duringCommits(StateStore store, Runnable action) {
    List<CompletableFuture<CommitResult>> answers = new ArrayList<>();
    for (int i = 0; i < COMMITS; i++) {
      Write write = Write.Put.of(key(i), StoredValue.of(new byte[500]));
      answers.add(
          store
              .commit(new Commit("copies", "copies-" + i, List.of(), List.of(write)))
              .toCompletableFuture());
    }
    int durable = (int) answers.stream().filter(CompletableFuture::isDone).count();
    action.run();
    assertThat(answers)
        .allSatisfy(answer -> assertThat(answer.join()).isInstanceOf(CommitResult.Committed.class));
    return durable;
  }

  /** A copy has the first of the commits, whole and without a gap, and at least so many. */
  static void assertHasFirst(int atLeast, StateStore copy) {
    int first = 0;
    while (copy.get(key(first)).isPresent()) {
      first++;
    }
    int all = first;
    while (all < COMMITS && copy.get(key(all)).isEmpty()) {
      all++;
    }
    assertThat(all).as("nothing after a gap at " + first).isEqualTo(COMMITS);
    assertThat(first).isGreaterThanOrEqualTo(atLeast);
  }

  private static String key(int commit) {
    return "copies/" + commit;
  }
}
