package io.powernode.dim.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.Decision;
import io.powernode.dim.api.DecisionStatus;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Options;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.Violations;
import io.powernode.dim.spi.Aggregator;
import io.powernode.dim.spi.Batch;
import io.powernode.dim.spi.ConsensusRule;
import io.powernode.dim.spi.Partial;
import io.powernode.dim.spi.Reduction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Reductions, aggregators and consensus rules with one fault each fail their contract. */
class MethodContractFaultsTest {

  @Test
  void reductions_withAFault_areFoundOut() {
    assertThat(failures(new Total())).isEmpty();
    assertThat(
            failures(
                new Total() {
                  @Override
                  public Partial merge(List<Partial> partials) {
                    return partials.get(0);
                  }
                }))
        .contains("merge_ofASplitAnywhere_equalsTheWhole", "merge_ofOtherShapes_isRefused");
    assertThat(
            failures(
                new Total() {
                  @Override
                  public Partial merge(List<Partial> partials) {
                    Partial sum = super.merge(partials);
                    return partials.size() == 3 ? new Partial(sum.values(), 3) : sum;
                  }
                }))
        .contains("merge_inGroups_isAssociative");
    assertThat(
            failures(
                new Total() {
                  @Override
                  public void validate(Options options, Violations violations) {}
                }))
        .containsExactly("option_thatIsUnknown_isRefusedByName");
  }

  @Test
  void aggregators_withAFault_areFoundOut() {
    assertThat(failures((inputs, weights) -> weights)).isEmpty();
    assertThat(failures((inputs, weights) -> new double[inputs.size()]))
        .contains("aggregate_ofOneContribution_returnsIt", "aggregate_ofMany_accountsForEachNode");
    assertThat(
            failures(
                (inputs, weights) -> {
                  double[] byPlace = new double[weights.length];
                  Arrays.setAll(
                      byPlace, i -> 2.0 * (i + 1) / weights.length / (weights.length + 1));
                  return byPlace;
                }))
        .containsExactly("aggregate_whenNodesSwapTheirContributions_isTheSameUpToRounding");
  }

  @Test
  void consensusRules_withAFault_areFoundOut() {
    assertThat(failures(new Plurality())).isEmpty();
    assertThat(
            failures(
                new Plurality() {
                  @Override
                  Decision tied(Ballots ballots, int row) {
                    int first = Math.max(0, ballots.ballots().get(0).vote(row));
                    return new Decision(
                        ballots.rows().get(row),
                        Optional.of(ballots.labels().get(first)),
                        0.5,
                        Optional.empty(),
                        DecisionStatus.REACHED);
                  }
                }))
        .contains("decide_ofEqualVotersInAnyOrder_decidesTheSame");
    assertThat(
            failures(
                new Plurality() {
                  @Override
                  public double[] weights(Ballots ballots, Consensus consensus) {
                    return new double[ballots.ballots().size()];
                  }
                }))
        .containsExactly("weights_ofVoters_arePositiveAndOneEach");
  }

  @Test
  void numberRules_withAFault_areFoundOut() {
    assertThat(numberFailures(new Average())).isEmpty();
    assertThat(
            numberFailures(
                new Average() {
                  @Override
                  double of(double[] numbers) {
                    return numbers[0];
                  }
                }))
        .containsExactly("decide_ofEqualVotersInAnyOrder_decidesTheSame");
    assertThat(
            numberFailures(
                new Average() {
                  @Override
                  double of(double[] numbers) {
                    return Arrays.stream(numbers).sum();
                  }
                }))
        .contains(
            "decide_ofEqualNumbers_reachesThem", "decide_whenOthersAbstain_followsThoseWhoDoNot");
    assertThat(
            numberFailures(
                new Average() {
                  @Override
                  public boolean decidesNumbers() {
                    return false;
                  }
                }))
        .containsExactly("decidesNumbers_always_saysSo");
  }

  private static List<String> numberFailures(ConsensusRule rule) {
    return ContractRun.failures(
        () ->
            new NumberRuleContract() {
              @Override
              protected ConsensusRule create() {
                return rule;
              }
            });
  }

  private static class Average implements ConsensusRule {
    @Override
    public String name() {
      return "average";
    }

    @Override
    public boolean decidesNumbers() {
      return true;
    }

    @Override
    public List<Decision> decide(Ballots ballots, Consensus consensus) {
      List<Decision> decisions = new ArrayList<>();
      for (int row = 0; row < ballots.rows().size(); row++) {
        int at = row;
        double[] numbers =
            ballots.ballots().stream()
                .filter(ballot -> !ballot.abstains(at))
                .mapToDouble(ballot -> ballot.number(at))
                .toArray();
        String id = ballots.rows().get(row);
        decisions.add(
            numbers.length == 0
                ? Decision.ofValue(id, Optional.empty(), 0, DecisionStatus.ABSTAINED)
                : Decision.ofValue(id, Optional.of(of(numbers)), 1, DecisionStatus.REACHED));
      }
      return decisions;
    }

    double of(double[] numbers) {
      return Arrays.stream(numbers).average().orElseThrow();
    }

    @Override
    public double[] weights(Ballots ballots, Consensus consensus) {
      double[] weights = new double[ballots.ballots().size()];
      Arrays.fill(weights, 1);
      return weights;
    }
  }

  private static List<String> failures(Reduction reduction) {
    double[] values = {1, 2, 4, 8, 16, 32, 64};
    Tensor column = Tensor.ofDoubles(values);
    Tensor ids = Tensor.ofStrings(List.of("a", "b", "c", "d", "e", "f", "g"));
    return ContractRun.failures(
        () ->
            new ReductionContract() {
              @Override
              protected Reduction create() {
                return reduction;
              }

              @Override
              protected ModelDescriptor model() {
                return FakeModels.model("m");
              }

              @Override
              protected Rows rows() {
                return new Rows(
                    new Batch(7, Map.of("x", column), Optional.empty(), ids), Map.of("y", column));
              }
            });
  }

  private interface Weighing {
    double[] shares(List<Aggregator.Input> inputs, double[] bySamples);
  }

  private static List<String> failures(Weighing weighing) {
    return ContractRun.failures(
        () ->
            new AggregatorContract() {
              @Override
              protected Aggregator create() {
                return new Mean(weighing);
              }

              @Override
              protected Reduction reduction() {
                return new Total();
              }
            });
  }

  private static List<String> failures(ConsensusRule rule) {
    return ContractRun.failures(
        () ->
            new ConsensusRuleContract() {
              @Override
              protected ConsensusRule create() {
                return rule;
              }
            });
  }

  /** The sum of the output {@code y}. */
  private static class Total implements Reduction {
    @Override
    public String name() {
      return "sum";
    }

    @Override
    public Reducer start(ModelDescriptor model, ReductionSpec spec) {
      return new Reducer() {
        private double sum;
        private long rows;

        @Override
        public void accept(Batch batch, Map<String, Tensor> outputs) {
          sum += Arrays.stream(outputs.get("y").toDoubles()).sum();
          rows += batch.rows();
        }

        @Override
        public Partial finish() {
          return new Partial(Map.of("y", Tensor.scalar(sum)), rows);
        }
      };
    }

    @Override
    public Partial merge(List<Partial> partials) {
      double sum = 0;
      long rows = 0;
      for (Partial partial : partials) {
        if (partial.values().get("y").rank() != 0) {
          throw new DimException(ErrorCode.INVALID_DATA, "y: is not a scalar");
        }
        sum += partial.values().get("y").toDoubles()[0];
        rows += partial.samples();
      }
      return new Partial(Map.of("y", Tensor.scalar(sum)), rows);
    }
  }

  private record Mean(Weighing weighing) implements Aggregator {
    @Override
    public String name() {
      return "average";
    }

    @Override
    public Aggregate aggregate(List<Input> inputs, Reduction reduction, Options options) {
      long rows = inputs.stream().mapToLong(input -> input.partial().samples()).sum();
      double[] bySamples =
          inputs.stream().mapToDouble(in -> in.partial().samples() / (double) rows).toArray();
      double[] shares = weighing.shares(inputs, bySamples);
      Map<String, Double> byNode = new LinkedHashMap<>();
      Map<String, Tensor> means = new LinkedHashMap<>();
      for (Map.Entry<String, Tensor> first : inputs.get(0).partial().values().entrySet()) {
        double[] mean = new double[first.getValue().elements()];
        for (int i = 0; i < shares.length; i++) {
          double[] values = inputs.get(i).partial().values().get(first.getKey()).toDoubles();
          for (int j = 0; j < mean.length; j++) {
            mean[j] += shares[i] * values[j];
          }
        }
        Tensor flat = Tensor.ofDoubles(mean, mean.length);
        means.put(first.getKey(), flat.reshape(first.getValue().shape()));
      }
      for (int i = 0; i < shares.length; i++) {
        byNode.put(inputs.get(i).nodeId(), shares[i]);
      }
      return new Aggregate(new Partial(means, rows), byNode, Map.of());
    }
  }

  private static class Plurality implements ConsensusRule {
    @Override
    public String name() {
      return "plurality";
    }

    @Override
    public List<Decision> decide(Ballots ballots, Consensus consensus) {
      List<Decision> decisions = new ArrayList<>();
      for (int row = 0; row < ballots.rows().size(); row++) {
        decisions.add(decide(ballots, row));
      }
      return decisions;
    }

    private Decision decide(Ballots ballots, int row) {
      int[] counts = new int[ballots.labels().size()];
      int voters = 0;
      for (Ballot ballot : ballots.ballots()) {
        if (ballot.vote(row) != Ballot.ABSTAIN) {
          counts[ballot.vote(row)]++;
          voters++;
        }
      }
      int most = Arrays.stream(counts).max().orElseThrow();
      int[] leaders = IntStream.range(0, counts.length).filter(l -> counts[l] == most).toArray();
      String id = ballots.rows().get(row);
      if (voters == 0) {
        return new Decision(id, Optional.empty(), 0, Optional.empty(), DecisionStatus.ABSTAINED);
      }
      return leaders.length > 1
          ? tied(ballots, row)
          : new Decision(
              id,
              Optional.of(ballots.labels().get(leaders[0])),
              most / (double) voters,
              Optional.empty(),
              DecisionStatus.REACHED);
    }

    Decision tied(Ballots ballots, int row) {
      String id = ballots.rows().get(row);
      return new Decision(id, Optional.empty(), 0.5, Optional.empty(), DecisionStatus.TIE);
    }

    @Override
    public double[] weights(Ballots ballots, Consensus consensus) {
      double[] weights = new double[ballots.ballots().size()];
      Arrays.fill(weights, 1);
      return weights;
    }
  }
}
