package io.powernode.dim.patterns;

import io.powernode.dim.spi.Partial;
import io.powernode.dim.spi.TaskResult.Success;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Counts answers towards a quorum as they arrive. An answer counts if it is good on its own and
 * makes those of one form more than there were of any, so that as many count as have the form of
 * the most: a wait that ends sooner would end with answers that are then refused. Not thread-safe.
 */
final class AgreeingAnswers implements Predicate<Success> {
  private final ContributionCheck check;
  private final Map<String, Integer> forms = new HashMap<>();
  private int most;

  AgreeingAnswers(ContributionCheck check) {
    this.check = check;
  }

  @Override
  public boolean test(Success success) {
    Partial partial = new Partial(success.outputs(), success.samples());
    if (check.problem(partial).isPresent()) {
      return false;
    }
    int same = forms.merge(ContributionCheck.form(partial), 1, Integer::sum);
    boolean isMore = same > most;
    most = Math.max(most, same);
    return isMore;
  }
}
