package io.powernode.dim.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.inference.TorchForward.Argument;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read off a model's code, without PyTorch. */
class TorchCodeTest {
  @TempDir private Path folder;

  private TorchForward forward(ScriptFile file) {
    return TorchForward.of(TorchArchive.read(TestFiles.write(folder, file.toBytes())));
  }

  static Stream<Arguments> heads() {
    return Stream.of(
        arguments("x: Tensor", "Tensor", List.of(new Argument("x", "Tensor", false)), false),
        arguments(
            "x: Tensor,\n    sr: int=16000",
            "Tuple[Tensor, int]",
            List.of(new Argument("x", "Tensor", false), new Argument("sr", "int", true)),
            true),
        arguments(
            "x: Tuple[float, List[int]],\n    s: str=\"a, b) -> c: \\\"d\",\n    y: Optional[Tensor]=None",
            "Dict[str, Tensor]",
            List.of(
                new Argument("x", "Tuple[float, List[int]]", false),
                new Argument("s", "str", true),
                new Argument("y", "Tensor", true)),
            false),
        arguments("", "Tuple[Tuple[int, int], bool]", List.of(), true));
  }

  @ParameterizedTest
  @MethodSource("heads")
  void forward_ofAnyHead_hasItsArgumentsAndResults(
      String arguments, String result, List<Argument> expected, boolean isTuple) {
    TorchForward forward = forward(ScriptFile.forward(arguments, result, "return x"));

    assertThat(forward.arguments()).isEqualTo(expected);
    assertThat(forward.isTuple()).isEqualTo(isTuple);
    String inner = result.startsWith("Tuple[") ? result.substring(6, result.length() - 1) : result;
    assertThat(String.join(", ", forward.results())).isEqualTo(inner);
  }

  @Test
  void forward_ofAnotherClassOfTheModule_isNotTheModels() {
    ScriptFile file =
        ScriptFile.of(
            """
              def other(self: __torch__.M) -> int:
                return 1
            class N(Module):
              def forward(self: __torch__.N,
                x: Tensor) -> Tensor:
                return x
            """
                .indent(2)
                .replaceAll("(?m)^  class", "class"));

    DimException refusal = catchThrowableOfType(DimException.class, () -> forward(file));

    assertThat(refusal.code()).isEqualTo(ErrorCode.MODEL_UNSUPPORTED);
    assertThat(refusal).hasMessage("the model has no method forward");
  }

  @Test
  void forward_ofClassWithoutCode_isDamage() {
    ScriptFile file = ScriptFile.forward("", "int", "return 1").code("__torch__", "class N:\n");

    DimException refusal = catchThrowableOfType(DimException.class, () -> forward(file));

    assertThat(refusal.code()).isEqualTo(ErrorCode.MODEL_INVALID);
    assertThat(refusal).hasMessageContaining("no code for the model's class");
  }

  private static Map<String, String> method(String... body) {
    return Map.of(
        "__torch__", "class M(Module):\n  def f(self) -> int:\n    " + String.join("\n    ", body));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "self.count = count1",
        "(self.inner).count = 1",
        "setattr(self, \"0\", x)",
        "_0 = torch.add_(self.count, 1)",
        "count = self.count|_0 = torch.add_(count, 1)",
        "memory = self.memory|row = torch.select(memory, 0, 1)|_1 = torch.copy_(row, x)",
        "memory = self.memory|_1 = torch.copy_(torch.select(memory, 0, 1), x)",
        "seen = self.seen|_2 = torch.append(seen, x)",
        "w = getattr(self, \"0\")|_0 = torch.mul_(w, 2)",
        "seen = self.seen|torch._set_item(seen, 0, x)"
      })
  void state_thatCodeKeeps_isSeen(String code) {
    assertThat(TorchState.isKept(method(code.split("\\|")))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "weight = self.weight|_0 = torch.linear(x, weight)|_1 = torch.relu_(_0)",
        "count = self.count|_0 = torch.add(count, 1)",
        "_24 = annotate(List[Tensor], [])|_30 = torch.append(_24, x)",
        "_0 = torch.__not__(bool(torch.len(x)))",
        "_1 = torch.relu_(torch.zeros([2]))",
        "_0 = (self).transform_(x, )"
      })
  void code_thatKeepsNothing_isFreeOfState(String code) {
    assertThat(TorchState.isKept(method(code.split("\\|")))).isFalse();
  }

  @Test
  void attributes_ofClassesConstructorsAndCounters_areNoState() {
    String counter = "class B(Module):\n  def f(self) -> int:\n    self.num = num0\n";

    assertThat(
            TorchState.isKept(
                Map.of(
                    "__torch__.torch.nn.modules.batchnorm", counter,
                    "__torch__.torch.nn.modules.batchnorm.___torch_mangle_3", counter,
                    "__torch__",
                        "class S(Module):\n"
                            + "  padding : Final[int] = 1\n"
                            + "  __annotations__[\"0\"] = __torch__.B\n"
                            + "class T:\n"
                            + "  def __init__(self: __torch__.T, x: Tensor) -> NoneType:\n"
                            + "    self.x = x\n")))
        .isFalse();
    assertThat(TorchState.isKept(Map.of("__torch__.batchnorm", counter))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "print(x)",
        "_0 = torch.from_file(\"/etc/passwd\", False, 10)",
        "x = foo(torch.save(x, \"f\"))",
        "_1 = ops.aten.from_file(\"f\")"
      })
  void code_thatReachesOutside_isRefusedNamingTheOperator(String line) {
    DimException refusal =
        catchThrowableOfType(DimException.class, () -> TorchSafety.require(method(line)));

    assertThat(refusal.code()).isEqualTo(ErrorCode.MODEL_UNSUPPORTED);
    assertThat(refusal)
        .message()
        .matches(
            "the model's code calls (print|(torch|ops\\.aten)\\.\\w+), which reaches outside.*");
  }

  @ParameterizedTest
  @ValueSource(strings = {"_0 = (self).blueprint(x)", "_1 = \"print\"", "saved = torch.add(x, 1)"})
  void code_thatStaysInside_passes(String line) {
    assertThatCode(() -> TorchSafety.require(method(line))).doesNotThrowAnyException();
  }
}
