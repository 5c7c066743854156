package io.powernode.dim.inference;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Signature;
import io.powernode.dim.spi.Availability;
import io.powernode.dim.spi.LoadOptions;
import io.powernode.dim.spi.Model;
import io.powernode.dim.spi.ModelFiles;
import io.powernode.dim.spi.ModelLoader;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Runs ONNX models in this process, with ONNX Runtime on the CPU.
 *
 * <p>Before the runtime sees a file, its structure is checked, what its constants claim is held
 * against the bytes that are there, external data must lie inside the model's folder, and its
 * inputs and outputs must be those of the descriptor. Before the runtime sees a tensor, its name,
 * type and shape must be those of the signature. A small file can still make the runtime allocate
 * any amount of memory while it runs: load only models whose makers you trust.
 *
 * <p>Types: BOOL, UINT8 to UINT64, INT8 to INT64, FP16, BF16, FP32, FP64 and BYTES (texts in UTF-8,
 * without NUL and without characters beyond U+FFFF). The 8-bit floats of ONNX (E4M3FN, E4M3FNUZ,
 * E5M2, E5M2FNUZ) are FP32 in the signature: an output has the model's exact values, an input is
 * rounded to the nearest value that the model's type has, and beyond its range becomes infinite, or
 * NaN where the type has no infinity. Outputs that are maps from label to number, as scikit-learn's
 * classifiers have them, become FP32 [rows, labels] with the columns in the order of the
 * descriptor's labels, or else of the sorted keys. Models with other types are refused with {@link
 * ErrorCode#MODEL_UNSUPPORTED}.
 *
 * <p>One inference uses {@link LoadOptions#threads} threads, callers bring the parallelism. Equal
 * inputs give bit-identical outputs on one machine, whatever runs beside them; see {@link
 * MicroBatching} for what that option changes.
 *
 * <p>Thread-safe. A process loads ONNX Runtime once; the loader that is used first decides from
 * which folder.
 */
public final class OnnxLoader implements ModelLoader {
  private final Optional<Path> nativeFolder;
  private final Optional<MicroBatching> batching;

  private OnnxLoader(Optional<Path> nativeFolder, Optional<MicroBatching> batching) {
    this.nativeFolder = nativeFolder;
    this.batching = batching;
  }

  /** A loader with the defaults. */
  public static OnnxLoader create() {
    return builder().build();
  }

  /** A loader with other settings. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public Set<String> formats() {
    return Set.of("onnx");
  }

  /** Loads ONNX Runtime's native library when called for the first time in a process. */
  @Override
  public Availability availability() {
    OnnxNatives natives = OnnxNatives.load(nativeFolder);
    return natives.environment().isPresent()
        ? Availability.available()
        : Availability.unavailable(natives.problem());
  }

  /**
   * Loads a model.
   *
   * @throws DimException with {@link ErrorCode#MODEL_INVALID} if the file is damaged, reaches
   *     outside its folder or differs from the descriptor; {@link ErrorCode#MODEL_UNSUPPORTED} if
   *     it needs a type that cannot be carried; {@link ErrorCode#UNAVAILABLE} if ONNX Runtime
   *     cannot be used here
   */
  @Override
  public Model load(ModelDescriptor model, ModelFiles files, LoadOptions options) {
    try {
      return open(model, files, options);
    } catch (DimException e) {
      throw new DimException(e.info().about("model", model.id()), e);
    }
  }

  private Model open(ModelDescriptor model, ModelFiles files, LoadOptions options) {
    Path main = ModelFile.require(model, files, formats());
    OnnxFile file = OnnxFile.read(main, ModelFile.realPath(files.folder()));
    Signature signature = SignatureMatch.of(model, file);
    OrtEnvironment environment = environment();
    OnnxSession session = session(environment, main, options);
    try {
      if (!file.names().equals(session.names())) {
        throw Refusals.malformed("the runtime sees other inputs and outputs in it");
      }
      CastBridge bridge = CastBridge.of(environment, file);
      OnnxResults results = new OnnxResults(signature.outputs(), model.labels());
      Model loaded =
          new OnnxModel(
              model.id(), environment, session, bridge, signature, results, file.weightBytes());
      return batching.map(option -> BatchingModel.of(loaded, model.id(), option)).orElse(loaded);
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  private OrtEnvironment environment() {
    OnnxNatives natives = OnnxNatives.load(nativeFolder);
    return natives
        .environment()
        .orElseThrow(() -> new DimException(ErrorCode.UNAVAILABLE, natives.problem()));
  }

  private static OnnxSession session(OrtEnvironment environment, Path main, LoadOptions options) {
    try {
      return OnnxSession.open(environment, main, options.threads());
    } catch (OrtException e) {
      throw new DimException(OnnxErrors.ofLoad(e, main), e);
    }
  }

  /** Settings of a loader. Not thread-safe. */
  public static final class Builder {
    private Optional<Path> nativeFolder = Optional.empty();
    private Optional<MicroBatching> batching = Optional.empty();

    private Builder() {}

    /**
     * Where ONNX Runtime's native library (24 MB on Linux) is kept unpacked, so that a start need
     * not unpack it: a folder that only this user can write to, made when missing. The default is
     * the folder {@code dim} in the user's cache folder. Where the folder cannot be written, the
     * library is unpacked into the temporary folder at every start. The system property {@code
     * onnxruntime.native.path}, which names a folder that has the library already, goes first.
     */
    public Builder nativeFolder(Path folder) {
      this.nativeFolder = Optional.of(folder);
      return this;
    }

    /**
     * Lets models answer several waiting requests in one run where that pays; unless said, each
     * request has a run of its own.
     */
    public Builder microBatching(MicroBatching option) {
      this.batching = Optional.of(option);
      return this;
    }

    /** The loader. */
    public OnnxLoader build() {
      return new OnnxLoader(nativeFolder, batching);
    }
  }
}
