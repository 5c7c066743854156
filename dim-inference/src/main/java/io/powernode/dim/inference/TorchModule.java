package io.powernode.dim.inference;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.JniUtils;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import java.nio.file.Path;

/**
 * The native model. Runs share it, unless it keeps something from one call to the next: then each
 * run gets one that is loaded for it alone, so that an answer depends on its input only, and nobody
 * hears of another caller's data. Thread-safe.
 */
final class TorchModule implements AutoCloseable {
  private static final String[] NO_EXTRAS = {};

  private final Path file;
  private final boolean keepsState;
  private final PtNDManager manager;
  private final PtSymbolBlock shared;

  private TorchModule(Path file, boolean keepsState, PtNDManager manager) {
    this.file = file;
    this.keepsState = keepsState;
    this.manager = manager;
    this.shared = load(manager);
  }

  /** Something done with the model; tensors belong to the manager, and go with it. */
  interface Use<T> {
    T with(PtSymbolBlock block, PtNDManager manager);
  }

  /**
   * Loads a file that has passed {@link TorchArchive}.
   *
   * @throws DimException with MODEL_INVALID if PyTorch refuses it
   */
  static TorchModule open(Path file, boolean keepsState) {
    PtNDManager manager = (PtNDManager) NDManager.newBaseManager(Device.cpu(), "PyTorch");
    try {
      return new TorchModule(file, keepsState, manager);
    } catch (EngineException e) {
      manager.close();
      throw new DimException(
          ErrorInfo.of(
              ErrorCode.MODEL_INVALID, "PyTorch refuses the model; the error's cause says more"),
          e);
    }
  }

  <T> T use(Use<T> use) {
    try (PtNDManager own = manager.newSubManager(Device.cpu())) {
      return use.with(keepsState ? load(own) : shared, own);
    }
  }

  private PtSymbolBlock load(PtNDManager owner) {
    // From wherever it was saved to the processor.
    PtSymbolBlock block = JniUtils.loadModule(owner, file, true, NO_EXTRAS, NO_EXTRAS, false);
    JniUtils.enableInferenceMode(block);
    return block;
  }

  /** Only when no run is on its way. */
  @Override
  public void close() {
    manager.close();
  }
}
