package io.powernode.dim.daemon;

import io.powernode.dim.daemon.ReleaseGate.Release;
import io.powernode.dim.daemon.ReleaseGate.Request;
import io.powernode.dim.spi.Cancellation;
import io.powernode.dim.spi.ConditionLanguage;

/**
 * A condition on rows that stay.
 *
 * @param language that reads it
 * @param text what must hold
 * @param rows that it is about
 * @param request for whom
 */
record ConditionWork(ConditionLanguage language, String text, KeptInput rows, Request request)
    implements Admission.Work {

  @Override
  public Release run(Cancellation cancellation) {
    boolean holds = language.holds(text, rows.columns().whole());
    return ReleaseGate.ofCondition(request, rows.base().rows(), rows.groups().least(), holds);
  }
}
