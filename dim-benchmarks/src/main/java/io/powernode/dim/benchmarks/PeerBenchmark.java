package io.powernode.dim.benchmarks;

import dev.langchain4j.agentic.Agent;
import dev.langchain4j.agentic.AgenticServices;
import dev.langchain4j.agentic.UntypedAgent;
import dev.langchain4j.agentic.scope.AgenticScope;
import dev.langchain4j.service.V;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The same with LangChain4j's agentic module, whose steps are plain methods. It keeps nothing. */
@State(Scope.Benchmark)
public class PeerBenchmark {
  private static final Map<String, Object> INPUT = Map.of("x", "yes");

  private UntypedAgent sequence;
  private UntypedAgent parallel;

  /** Builds both workflows once, as a host would. */
  @Setup
  public void build() {
    sequence =
        AgenticServices.sequenceBuilder()
            .subAgents(new First(), new Second(), new Third())
            .outputKey("c")
            .build();
    parallel =
        AgenticServices.parallelBuilder()
            .subAgents(new One(), new Two(), new Three())
            .output(PeerBenchmark::majority)
            .build();
  }

  /** Three steps, each on what the one before answered. */
  @Benchmark
  public Object sequence() {
    return sequence.invoke(INPUT);
  }

  /** Three steps side by side on the same input, and the majority of their answers. */
  @Benchmark
  public Object parallel() {
    return parallel.invoke(INPUT);
  }

  private static Object majority(AgenticScope scope) {
    Map<Object, Integer> votes = new HashMap<>();
    List.of("a", "b", "c").forEach(key -> votes.merge(scope.readState(key), 1, Integer::sum));
    return votes.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
  }

  /** A step. */
  public static final class First {
    /** Answers its input. */
    @Agent(description = "first", outputKey = "a")
    public String first(@V("x") String x) {
      return x;
    }
  }

  /** A step. */
  public static final class Second {
    /** Answers its input. */
    @Agent(description = "second", outputKey = "b")
    public String second(@V("a") String a) {
      return a;
    }
  }

  /** A step. */
  public static final class Third {
    /** Answers its input. */
    @Agent(description = "third", outputKey = "c")
    public String third(@V("b") String b) {
      return b;
    }
  }

  /** A voter. */
  public static final class One {
    /** Answers its input. */
    @Agent(description = "one", outputKey = "a")
    public String one(@V("x") String x) {
      return x;
    }
  }

  /** A voter. */
  public static final class Two {
    /** Answers its input. */
    @Agent(description = "two", outputKey = "b")
    public String two(@V("x") String x) {
      return x;
    }
  }

  /** A voter. */
  public static final class Three {
    /** Answers its input. */
    @Agent(description = "three", outputKey = "c")
    public String three(@V("x") String x) {
      return x;
    }
  }
}
