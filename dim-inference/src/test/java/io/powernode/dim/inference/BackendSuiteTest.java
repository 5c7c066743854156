package io.powernode.dim.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.inference.ListedFailures.Group;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ONNX's own backend suite, the cases "node" and "simple" of version 1.21. */
class BackendSuiteTest {
  private static final String ARCHIVE = "models/onnx-backend-v1.21.0-node-simple.tgz";
  private static final int CASES = 1701;
  private static final double LEAST_PASSED = 0.86;

  @TempDir private Path folder;

  @Test
  void suite_ofOnnx_failsWhereListedAndNowhereElse() throws IOException {
    Path archive = TestFiles.shared(ARCHIVE);
    Assumptions.assumeTrue(Files.exists(archive), "no file ../shared/data/" + ARCHIVE);
    TarGz.unpack(archive, folder);
    List<BackendCase> cases = cases();
    assertThat(cases).hasSize(CASES);

    Map<String, String> failures = new TreeMap<>();
    for (BackendCase each : cases) {
      each.failure().ifPresent(failure -> failures.put(each.name(), failure));
    }
    assertThat((double) (CASES - failures.size()) / CASES).isGreaterThan(LEAST_PASSED);
    assertThat(mistakes(ListedFailures.read(), failures)).isEmpty();
  }

  private List<BackendCase> cases() throws IOException {
    List<BackendCase> cases = new ArrayList<>();
    for (String suite : List.of("node", "simple")) {
      try (Stream<Path> folders = Files.list(folder.resolve(suite))) {
        folders.sorted().map(BackendCase::new).forEach(cases::add);
      }
    }
    return cases;
  }

  /** Where the list is wrong. */
  private static List<String> mistakes(List<Group> listed, Map<String, String> failures) {
    List<String> mistakes = new ArrayList<>();
    Map<String, String> unlisted = new TreeMap<>(failures);
    for (Group group : listed) {
      boolean otherMachine =
          group.ofMachine() && Collections.disjoint(group.cases(), failures.keySet());
      for (String name : otherMachine ? List.<String>of() : group.cases()) {
        Optional<String> failure = Optional.ofNullable(unlisted.remove(name));
        if (failure.isEmpty()) {
          mistakes.add(name + " passes, or is listed twice");
        } else if (!group.failure().matcher(failure.get()).find()) {
          mistakes.add(name + " fails for another reason: " + failure.get());
        }
      }
    }
    unlisted.forEach((name, failure) -> mistakes.add(name + " is not listed: " + failure));
    return mistakes;
  }

  @Test
  void mistakes_ofListThatIsWrong_nameEachCase() {
    Group group =
        new Group(
            "a reason",
            Pattern.compile("no kernel"),
            false,
            List.of("passing", "failing", "other"));
    Map<String, String> failures =
        Map.of("failing", "has no kernel", "other", "is damaged", "new", "is damaged");
    assertThat(mistakes(List.of(group), failures))
        .containsExactly(
            "passing passes, or is listed twice",
            "other fails for another reason: is damaged",
            "new is not listed: is damaged");
  }

  @Test
  void mistakes_ofListOfAnotherMachine_areNoneIfAllPass() {
    Group group = new Group("a reason", Pattern.compile("locale"), true, List.of("a", "b"));
    assertThat(mistakes(List.of(group), Map.of())).isEmpty();
    assertThat(mistakes(List.of(group), Map.of("a", "no locale")))
        .containsExactly("b passes, or is listed twice");
  }
}
