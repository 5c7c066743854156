package io.powernode.dim.inference;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.spi.Availability;
import io.powernode.dim.spi.LoadOptions;
import io.powernode.dim.spi.Model;
import io.powernode.dim.spi.ModelFiles;
import io.powernode.dim.spi.ModelLoader;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Runs TorchScript models in this process, with PyTorch on the CPU through DJL, which this library
 * does not bring along: put {@code ai.djl.pytorch:pytorch-engine}, {@code pytorch-jni} and {@code
 * pytorch-native-cpu} with the platform's classifier on the class path. Nothing is downloaded, and
 * DJL's telemetry is off.
 *
 * <p>The format is {@code torchscript}: what {@code torch.jit.save} writes. Other files that
 * PyTorch saves are Python pickles, which can run any code, and are refused by their content,
 * whatever they are called. TorchScript is code too, if in a small language: a {@link
 * #codeFormats() node's owner must allow it}. It runs only {@code forward}. Code that prints or
 * opens files is refused; it can still take any amount of memory and time, so load only models
 * whose makers you trust.
 *
 * <p>TorchScript states neither element types nor shapes, so the descriptor's inputs and outputs
 * are the model's manifest: they stand for the arguments of {@code forward}, and for its result or
 * the parts of its result, one for one in their order; their names are the descriptor's to choose.
 * Arguments with a default may be left out at the end. Types: Tensor, of BOOL, UINT8, INT8, INT32,
 * INT64, FP16, FP32 or FP64; and int, float and bool, which are tensors of INT64, FP64 and BOOL
 * without dimensions. An answer that is not as the descriptor says is an error.
 *
 * <p>Models run in evaluation mode, without gradients, and without the graph optimiser, so that
 * equal inputs give equal outputs from the first run on. A model that keeps something from one call
 * to the next, as voice detectors do, is loaded anew for each inference, which answers as its first
 * call does. One inference uses one thread, unless the system property {@code
 * ai.djl.pytorch.num_threads} says otherwise for the whole process. A run that is on its way cannot
 * be stopped; cancelling drops its answer.
 *
 * <p>Thread-safe. A process loads PyTorch once; the loader that is used first decides from which
 * folder.
 */
public final class PyTorchLoader implements ModelLoader {
  private static final String FORMAT = "torchscript";

  private final Optional<Path> nativeFolder;

  private PyTorchLoader(Optional<Path> nativeFolder) {
    this.nativeFolder = nativeFolder;
  }

  /**
   * A loader that keeps PyTorch's libraries in the folder {@code dim} in the user's cache folder.
   */
  public static PyTorchLoader create() {
    return new PyTorchLoader(Optional.empty());
  }

  /**
   * A loader that keeps PyTorch's libraries, 450 MB on Linux, unpacked in a folder that only this
   * user can write to, made when missing.
   */
  public static PyTorchLoader withNativeFolder(Path folder) {
    return new PyTorchLoader(Optional.of(folder));
  }

  @Override
  public Set<String> formats() {
    return Set.of(FORMAT);
  }

  /** All of them: TorchScript is code. */
  @Override
  public Set<String> codeFormats() {
    return formats();
  }

  /** Loads PyTorch's native libraries when called for the first time in a process. */
  @Override
  public Availability availability() {
    return new Availability(TorchNatives.load(nativeFolder));
  }

  /**
   * Loads a model.
   *
   * @throws DimException with {@link ErrorCode#MODEL_INVALID} if the file is no TorchScript or
   *     differs from the descriptor; {@link ErrorCode#MODEL_UNSUPPORTED} if it needs a type that
   *     cannot be carried; {@link ErrorCode#UNAVAILABLE} if PyTorch cannot be used here
   */
  @Override
  public Model load(ModelDescriptor model, ModelFiles files, LoadOptions options) {
    try {
      return open(model, files);
    } catch (DimException e) {
      throw new DimException(e.info().about("model", model.id()), e);
    }
  }

  private Model open(ModelDescriptor model, ModelFiles files) {
    Path main = ModelFile.require(model, files, formats());
    TorchArchive archive = TorchArchive.read(main);
    TorchSafety.require(archive.code());
    TorchManifest manifest = TorchManifest.of(model, TorchForward.of(archive));
    TorchNatives.load(nativeFolder)
        .ifPresent(
            problem -> {
              throw new DimException(ErrorCode.UNAVAILABLE, problem);
            });
    TorchModule module = TorchModule.open(main, TorchState.isKept(archive.code()));
    return new TorchModel(model.id(), manifest, module, model.artifact().size());
  }
}
