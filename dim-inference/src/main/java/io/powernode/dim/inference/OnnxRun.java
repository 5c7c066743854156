package io.powernode.dim.inference;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession.RunOptions;

/**
 * One run's switch. The runtime answers a terminated run with an error like any other, so the
 * switch remembers whether it was used; and a late call must not touch options that are freed.
 * Thread-safe.
 */
final class OnnxRun implements AutoCloseable {
  private final RunOptions options;
  private boolean stopped;
  private boolean closed;

  OnnxRun() throws OrtException {
    options = new RunOptions();
    // Its error lines go to standard error and may quote the data.
    options.setLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
  }

  RunOptions options() {
    return options;
  }

  /** Ends the run within one kernel; after the run, does nothing. */
  synchronized void stop() {
    if (closed) {
      return;
    }
    stopped = true;
    try {
      options.setTerminate(true);
    } catch (OrtException e) {
      throw new IllegalStateException("a run cannot be stopped", e);
    }
  }

  synchronized boolean isStopped() {
    return stopped;
  }

  @Override
  public synchronized void close() {
    closed = true;
    options.close();
  }
}
