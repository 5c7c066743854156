package io.powernode.dim.jdbc;

import io.powernode.dim.api.DimException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chores that are done one after the other; one that fails is tried again next time. */
record Upkeep(List<Runnable> chores) implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

  @Override
  public void run() {
    for (Runnable chore : chores) {
      try {
        chore.run();
      } catch (DimException unavailable) {
        LOG.debug("upkeep is put off", unavailable);
      } catch (RuntimeException | Error defect) {
        LOG.error("upkeep failed; it is tried again", defect);
      }
    }
  }
}
