package io.powernode.dim.inference;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.net.URL;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * ONNX Runtime's native library, which a process loads once and keeps: the runtime allows one
 * environment, and closing it under a session would abort the process. Thread-safe.
 */
final class OnnxNatives {
  private static final List<String> LIBRARIES =
      List.of("onnxruntime", "onnxruntime4j_jni", "onnxruntime_providers_shared");

  private static final String PATH_PROPERTY = "onnxruntime.native.path";

  private static @Nullable OnnxNatives loaded;

  private final @Nullable OrtEnvironment environment;
  private final String problem;

  private OnnxNatives(@Nullable OrtEnvironment environment, String problem) {
    this.environment = environment;
    this.problem = problem;
  }

  /**
   * Loads the library unless that was tried before in this process.
   *
   * @param folder where to keep it unpacked; empty for the user's cache folder
   */
  static synchronized OnnxNatives load(Optional<Path> folder) {
    OnnxNatives natives = loaded;
    if (natives == null) {
      natives = attempt(folder);
      loaded = natives;
    }
    return natives;
  }

  /** The environment, or else why there is none. */
  Optional<OrtEnvironment> environment() {
    return Optional.ofNullable(environment);
  }

  /** Why there is no environment, so that a person can act on it. */
  String problem() {
    return problem;
  }

  private static OnnxNatives attempt(Optional<Path> folder) {
    if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
      return unavailable("it misreads tensors on this big-endian machine");
    }
    Optional<Path> prepared =
        System.getProperty(PATH_PROPERTY) == null
            ? folder
                .or(NativeCache::defaultRoot)
                .map(OnnxNatives::cache)
                .flatMap(NativeCache::prepare)
            : Optional.empty();
    try {
      // The runtime reads the property once, while its classes are initialised.
      prepared.ifPresent(path -> System.setProperty(PATH_PROPERTY, path.toString()));
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      environment.setTelemetry(false);
      return new OnnxNatives(environment, "");
    } catch (OrtException | LinkageError | RuntimeException e) {
      return unavailable(
          "its native library for "
              + platform()
              + " does not load ("
              + NativeCache.rootCause(e)
              + "); it needs 64-bit Linux with glibc, macOS on ARM or Windows, and a cache or"
              + " temporary folder from which code may be run");
    } finally {
      if (prepared.isPresent()) {
        System.clearProperty(PATH_PROPERTY);
      }
    }
  }

  /** The cache of the runtime's libraries for this platform, 24 MB on Linux. */
  static NativeCache cache(Path root) {
    return new NativeCache(root, "onnxruntime-" + platform(), libraries());
  }

  /** None where the runtime has none for this platform, or is in no jar. */
  private static List<NativeLibrary> libraries() {
    List<NativeLibrary> found = new ArrayList<>();
    try {
      for (String name : LIBRARIES) {
        String file = System.mapLibraryName(name);
        URL url =
            OrtEnvironment.class.getResource("/ai/onnxruntime/native/" + platform() + "/" + file);
        if (url != null) {
          NativeLibrary.of(url, file).ifPresent(found::add);
        }
      }
      return found;
    } catch (IOException e) {
      return List.of();
    }
  }

  /** The runtime's own name for this operating system and processor, as in {@code linux-x64}. */
  static String platform() {
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    String system = os.contains("mac") ? "osx" : os.contains("win") ? "win" : "linux";
    return system + "-" + (arch.equals("amd64") || arch.equals("x86_64") ? "x64" : arch);
  }

  private static OnnxNatives unavailable(String reason) {
    return new OnnxNatives(null, "ONNX Runtime cannot be used here: " + reason);
  }
}
