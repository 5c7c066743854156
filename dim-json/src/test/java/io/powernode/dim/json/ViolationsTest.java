package io.powernode.dim.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.InvalidJobException;
import io.powernode.dim.api.PatternSpec;
import io.powernode.dim.api.Violation;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Everything that can be wrong with a submit body is said with its path and what is allowed. */
class ViolationsTest {

  private static final DimJson JSON = DimJson.standard();

  private static final String CHAINED =
      "{'pattern':'chained','config':{'pipeline':[{'step':1,'name':'a','modelId':'m'},"
          + "{'step':2,'name':'b','modelId':'m'%s}]%s}%s}";

  /** Double quotes are written as single ones. The fields go to the top of a collaborative job. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          'priority':'soon'           | priority       | is unknown | low, normal, high
          'priority':1                | priority       | is a number | low, normal, high
          'priority':null             | priority       | is null | low, normal, high, or left out
          'maxCost':0                 | maxCost        | is not positive | an integer above 0
          'maxCost':1.5               | maxCost        | is not written as an integer | an integer
          'maxCost':1.0               | maxCost        | is not written as an integer | an integer
          'maxCost':1e3               | maxCost        | is not written as an integer | an integer
          'maxCost':'5'               | maxCost        | is a text | an integer
          'maxCost':true              | maxCost        | is a truth value | an integer
          'maxCost':9223372036854775808 | maxCost      | is out of range | 9223372036854775807
          'maxCost':-0                | maxCost        | is not positive | an integer above 0
          'timeout':0                 | timeout        | is out of range | seconds above 0
          'timeout':-1.5              | timeout        | is out of range | seconds above 0
          'timeout':2592001           | timeout        | is out of range | at most 2592000
          'timeout':1e999999999       | timeout        | is out of range | seconds
          'timeout':1e9999999999999   | timeout        | is out of range | seconds
          'timeout':1e-999999999      | timeout        | is out of range | seconds above 0
          'timeout':'120s'            | timeout        | is a text | seconds
          'idempotencyKey':''         | idempotencyKey | has the wrong length | 1 to 256
          'purpose':'a b'             | purpose        | is not an identifier | letters
          'maxcost':5                 | maxcost        | is unknown | did you mean maxCost?
          'max_Cost':5                | max_Cost       | is unknown | did you mean maxCost?
          'colour':5                  | colour         | is unknown | pattern, config, priority
          'maxCost':5,'max_cost':5    | max_cost       | is there in both spellings | each field once
          'maxCost':5,'maxCost':6     | maxCost        | is there twice | each field once
          'purpose':'\\ud800'         | purpose        | holds half of a surrogate pair | Unicode
          """)
  void fieldAtTheTop_whenWrong_isNamed(String field, String path, String problem, String allowed) {
    String body = "{'pattern':'collaborative','config':{'modelId':'m'}," + field + "}";

    assertThat(violations(body))
        .anySatisfy(v -> isThat(v, path, problem, allowed))
        .allSatisfy(v -> assertThat(v.path()).isEqualTo(path));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          'modelId':7                       | modelId | is a number | a text
          'modelId':'../etc'                | modelId | is not an identifier | letters
          'nodes':'a'                       | nodes | is a text | a list
          'nodes':['a']                     | nodes | has 1 entries | 2 to 10000
          'nodes':['a','a']                 | nodes | repeats a node | distinct
          'nodes':['a',2]                   | nodes[1] | is a number | a text
          'nodes':['a',null,'c']            | nodes[1] | is null | a text
          'nodes':['a','b b']               | nodes[1] | is not an identifier | letters
          'reputationMin':1.01              | reputationMin | is out of range | 0 to 1
          'normClip':-1                     | normClip | is not positive | above 0, finite
          'normClip':'1'                    | normClip | is a text | a finite number
          'rounds':3                        | rounds | is a number | an object
          'rounds':{}                       | rounds.max | is missing | an integer
          'rounds':{'max':0}                | rounds.max | is out of range | 1 to 1000
          'rounds':{'max':1001}             | rounds.max | is out of range | 1 to 1000
          'rounds':{'max':2.5}              | rounds.max | is not written as an integer | an integer
          'rounds':{'max':2,'optimizer':{}} | rounds.optimizer | is an object | a text
          'rounds':{'max':2,'optimizer':'a b'} | rounds.optimizer | is not an identifier | letters
          'rounds':{'max':2,'tolerance':0}  | rounds.tolerance | is not positive | above 0, finite
          'rounds':{'max':2,'updates':[]}   | rounds.updates | is a list | an object
          'rounds':{'max':2,'updates':{'w':'g'}} | rounds.updates.w | is a text | an object
          'rounds':{'max':2,'updates':{'w':{}}}  | rounds.updates.w | has not one of value and gradient | gradient
          'rounds':{'max':2,'updates':{'w':{'value':'v','grad':'g'}}} | rounds.updates.w.grad | is unknown | gradient
          'rounds':{'max':2,'updates':{'w':{'value':'v','hessian':'h'}}} | rounds.updates.w.hessian | goes with a gradient only | left out
          'rounds':{'max':2,'updates':{'w':{'value':'v'},'u':{'value':'v'}}} | rounds.updates | names an output twice | its own
          'rounds':{'max':2,'learningRate':null} | rounds.learningRate | is null | a text, a truth value
          'reputationMin':'NaN'             | reputationMin | is a text | a finite number
          'reputationMin':1e999             | reputationMin | is out of range | a finite number
          'dataRequirements':[]             | dataRequirements | is a list | an object
          'dataRequirements':{'minSamples':-1} | dataRequirements.minSamples | is negative | 0 or more
          'dataRequirements':{'minSample':1} | dataRequirements.minSample | is unknown | minSamples
          'dataRequirements':{'timeRange':'2024'} | dataRequirements.timeRange | is malformed | 2024-01-01/2024-12-31
          'dataRequirements':{'timeRange':'2024-02-02/2024-01-01'} | dataRequirements.timeRange | ends before it begins | from
          'dataRequirements':{'maxNodes':2147483648} | dataRequirements.maxNodes | is out of range | 2147483647
          'quorum':{'min':0}                | quorum.min | is too small | 1 or more
          'quorum':{'graceSeconds':-1}      | quorum.graceSeconds | is out of range | 0 to 86400
          'weights':{'a':0}                 | weights.a | is not positive | above 0
          'weights':{'a':'x'}               | weights.a | is a text | a finite number
          'weights':[1]                     | weights | is a list | an object
          'aggregation':'median'            | aggregation | is a text | an object
          'aggregation':{'method':1}        | aggregation.method | is a number | a text
          'aggregation':{'x':null}          | aggregation.x | is null | a text, a truth value
          'aggregation':{'x':[1,null]}      | aggregation.x[1] | is null | a text, a truth value
          'aggregation':{'x':{'y':1e400}}   | aggregation.x.y | is out of range | a finite number
          'aggregation':{'x':99999999999999999999} | aggregation.x | is out of range | an integer
          'aggregation':{'x':{'y':1,'y':2}} | aggregation.x.y | is there twice | each field once
          'aggregation':{'trimShare':1,'trim_share':1} | aggregation.trim_share | is there in both spellings | once
          """)
  void fieldOfTheConfiguration_whenWrong_isNamed(
      String field, String path, String problem, String allowed) {
    String model = field.startsWith("'modelId'") ? "" : "'modelId':'m',";
    String body = "{'pattern':'collaborative','config':{" + model + field + "}}";

    assertThat(violations(body))
        .anySatisfy(v -> isThat(v, "config." + path, problem, allowed))
        .allSatisfy(v -> assertThat(v.path()).isEqualTo("config." + path));
  }

  @ParameterizedTest(name = "{0}{1}{2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          ,'timeout':0        |  |  | config.pipeline[1].timeout | is not positive
          ,'timeout':'1'      |  |  | config.pipeline[1].timeout | is a text
          ,'retries':101      |  |  | config.pipeline[1].retries | is out of range
          ,'action':'x'       |  |  | config.pipeline[1].modelId | does not say what to run
          ,'inputSource':'step_2_output' | | | config.pipeline[1].inputSource | reads step 2, which does not come before step 2
          ,'inputSource':5    |  |  | config.pipeline[1].inputSource | is a number
          ,'inputs':{'x':'step_1_output'} | | | config.pipeline[1].inputs.x | is not a tensor
          ,'rollback':{}      |  |  | config.pipeline[1].rollback | does not say what to run
          ,'rollback':{'action':5} | | | config.pipeline[1].rollback.action | is a number
          | ,'errorHandling':{'onFailure':'retry'} | | config.errorHandling.onFailure | is unknown
          | ,'errorHandling':{'retryFromStep':3} | | config.errorHandling.retryFromStep | is not a step of the pipeline
          | ,'timeout':60 | ,'timeout':60 | config.timeout | is there twice
          | ,'timeout':0 | | config.timeout | is out of range
          """)
  void fieldOfAPipeline_whenWrong_isNamedAlone(
      String inStep, String inConfig, String atTop, String path, String problem) {
    String body = CHAINED.formatted(text(inStep), text(inConfig), text(atTop));

    assertThat(violations(body)).singleElement().satisfies(v -> isThat(v, path, problem, ""));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {}                                              | pattern;config
          {'pattern':'collaborative'}                     | config
          {'config':{}}                                   | pattern
          {'pattern':'x','config':{}}                     | pattern
          {'pattern':5,'config':{}}                       | pattern
          {'pattern':'chained','config':5}                | config
          {'pattern':'chained','config':{}}               | config.pipeline
          {'pattern':'comparative','config':{}}           | config.modelIds
          {'pattern':'collaborative','config':{}}         | config.modelId
          {'pattern':'chained','config':{'pipeline':{}}}  | config.pipeline
          """)
  void requiredField_whenMissingOrWrong_isNamedOnce(String body, String paths) {
    assertThat(violations(body)).extracting(Violation::path).containsExactly(paths.split(";"));
  }

  @Test
  void unknownPattern_always_listsTheKnownOnes() {
    assertThat(violations("{'pattern':'x','config':{}}"))
        .singleElement()
        .satisfies(v -> isThat(v, "pattern", "is unknown", "chained, collaborative, comparative"));
  }

  @Test
  void manyMistakes_inOneBody_areAllListed() {
    String body =
        "{'pattern':'chained','priority':'soon','maxCost':0,'idempotencyKey':'','colour':1,"
            + "'config':{'pipeline':[{'step':1,'name':5,'modelId':'m'},{'step':'2','name':'b'},7,"
            + "{'step':4,'name':'d','action':'a','timeout':-1,'inputs':{'x':'step_9_output.y'}}],"
            + "'errorHandling':{'maxRetries':-1}},"
            + "'inputData':[{'name':'t','datatype':'INT8','shape':[2],'data':[1,300]}]}";

    assertThat(violations(body))
        .extracting(Violation::path)
        .containsExactlyInAnyOrder(
            "priority",
            "maxCost",
            "idempotencyKey",
            "colour",
            "config.pipeline[0].name",
            "config.pipeline[1].step",
            "config.pipeline[1].modelId",
            "config.pipeline[2]",
            "config.pipeline[3].timeout",
            "config.pipeline[3].inputs.x",
            "config.errorHandling.maxRetries",
            "inputData[0].data[1]");
  }

  @Test
  void unreadStep_always_leavesTheStepsThatReadItAlone() {
    String body =
        "{'pattern':'chained','config':{'pipeline':[{'step':'one','name':'a','modelId':'m'},"
            + "{'step':2,'name':'b','modelId':'m'},{'step':true,'name':'c','modelId':'m'}]}}";

    assertThat(violations(body))
        .extracting(Violation::path)
        .containsExactly("config.pipeline[0].step", "config.pipeline[2].step");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          collaborative | 'modelId':'m','aggregation':{'differential_privacy':{}} | config.aggregation.differentialPrivacy
          """)
  void contractOption_notBuiltYet_isUnsupportedAndNothingElse(
      String pattern, String config, String paths) {
    InvalidJobException refusal =
        refusal("{'pattern':'" + pattern + "','config':{" + config + "}}");

    assertThat(refusal.code()).isEqualTo(ErrorCode.UNSUPPORTED_OPTION);
    assertThat(refusal.violations()).extracting(Violation::path).containsExactly(paths.split(";"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          'pattern':'x','config':{}                                  | pattern    | is unknown
          'config':{}                                                | pattern    | is missing
          'pattern':'comparative'                                    | config     | is missing
          'pattern':'comparative','config':5                         | config     | is a number
          'pattern':'comparative','config':{}                        | config.modelIds | has 0
          'pattern':'comparative','config':{'modelIds':['a']}        | config.modelIds | has 1
          'pattern':'collaborative','config':{'modelId':'m','x':1}   | config.x   | is unknown
          'pattern':'collaborative','config':{'modelId':'m','timeout':1} | config.timeout | is unknown
          'pattern':'collaborative','config':{'modelId':'m'},'modelId':'m' | modelId | does not say
          'pattern':'collaborative','config':{'modelId':'m'},'nodeId':'n'  | nodeId  | stands beside a block
          'pattern':'collaborative','config':{'modelId':'m'},'retries':1   | retries | stands beside a block
          'pattern':'collaborative','config':{'modelId':'m'},'rollback':{'action':'undo'} | rollback | stands beside a block
          'pattern':'collaborative','config':{'modelId':'m'},'fallbackModelId':'n' | fallbackModelId | stands beside no model
          'block':{'pattern':'collaborative','config':{'modelId':'m'}},'modelId':'m' | block | is unknown
          'modelId':'m','rows':' '                                   | rows       | has the wrong length
          'modelId':'m','otherwise':{'x':1}                          | otherwise  | stands in a step that
          'modelId':'m','rows':'c','otherwise':{'x':[1]}             | otherwise.x | is not a single value
          'modelId':'m','rows':'c','otherwise':5                     | otherwise  | is a number
          """)
  void stepWithABlockOrRows_thatIsWrong_isRefusedAtItsPath(
      String fields, String path, String problem) {
    List<Violation> violations =
        violations(
            "{'pattern':'chained','config':{'pipeline':[{'step':1,'name':'a','modelId':'m'},"
                + "{'step':2,'name':'b',"
                + fields
                + "}]}}");

    assertThat(violations).hasSize(1);
    assertThat(violations.get(0).path()).isEqualTo("config.pipeline[1]." + path);
    assertThat(violations.get(0).problem()).startsWith(problem);
  }

  @Test
  void blocks_nestedTooDeep_areRefusedAtTheFirstThatIs() {
    String body = "{'pattern':'comparative','config':{'modelIds':['a','b']}}";
    for (int depth = 0; depth <= PatternSpec.MAX_NESTING; depth++) {
      assertThat(JSON.readJob(quoted(body)).pattern()).as("%d blocks", depth).isNotEmpty();
      body =
          "{'pattern':'chained','config':{'pipeline':[{'step':1,'name':'a','modelId':'m'},"
              + body.replaceFirst("\\{", "{'step':2,'name':'b',")
              + "]}}";
    }
    assertThat(violations(body))
        .satisfiesExactly(
            v ->
                isThat(
                    v,
                    "config.pipeline[1]" + ".config.pipeline[1]".repeat(8) + ".pattern",
                    "stands 9 deep",
                    "at most 8"));
  }

  private static List<Violation> violations(String body) {
    return refusal(body).violations();
  }

  private static InvalidJobException refusal(String body) {
    InvalidJobException refusal =
        catchThrowableOfType(InvalidJobException.class, () -> JSON.readJob(quoted(body)));
    assertThat(refusal).as("a refusal of %s", body).isNotNull();
    return refusal;
  }

  private static String quoted(String body) {
    return body.replace('\'', '"');
  }

  private static String text(String cell) {
    return cell == null ? "" : cell;
  }

  private static void isThat(Violation violation, String path, String problem, String allowed) {
    assertThat(violation.path()).isEqualTo(path);
    assertThat(violation.problem()).startsWith(problem);
    assertThat(violation.allowed()).contains(allowed);
  }
}
