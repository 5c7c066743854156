package io.powernode.dim.inference;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Refuses models whose code uses one of the few operators that reach outside the model. */
final class TorchSafety {
  /** The first prints what may be somebody's data, the others open files. */
  private static final Pattern REACHING_OUT =
      Pattern.compile(
          "(?m)(?:^\\s+|[(,=]\\s*)(print|(?:torch|ops\\.aten)\\.(?:from_file|save))\\(");

  private TorchSafety() {}

  static void require(Map<String, String> code) {
    for (String module : code.values()) {
      Matcher reaching = REACHING_OUT.matcher(module);
      if (reaching.find()) {
        throw Refusals.unsupported(
            "the model's code calls " + reaching.group(1) + ", which reaches outside the model");
      }
    }
  }
}
