package io.powernode.dim.testkit;

import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.spi.TaskEnvelope;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a fake node is to do next. Not thread-safe. */
final class FakeScript {
  private final Map<String, Deque<Reply>> replies = new HashMap<>();

  void add(String stepOrWork, List<Reply> inOrder) {
    if (inOrder.isEmpty()) {
      throw new IllegalArgumentException("replies: is empty; allowed: 1 or more");
    }
    replies.put(stepOrWork, new ArrayDeque<>(inOrder));
  }

  Reply next(TaskEnvelope task) {
    String step = task.id().step();
    String work = work(task.work());
    for (String name : List.of(step, work)) {
      Deque<Reply> scripted = replies.get(name);
      if (scripted != null) {
        return scripted.size() > 1 ? scripted.remove() : scripted.element();
      }
    }
    return Reply.fail(
        ErrorInfo.of(
            ErrorCode.MODEL_UNSUPPORTED,
            "nothing is scripted for step %s or %s".formatted(step, work)));
  }

  private static String work(TaskEnvelope.Work work) {
    if (work instanceof TaskEnvelope.Work.Model model) {
      return model.descriptor().id();
    }
    return work instanceof TaskEnvelope.Work.Test test
        ? test.condition().text()
        : ((TaskEnvelope.Work.Action) work).name();
  }
}
