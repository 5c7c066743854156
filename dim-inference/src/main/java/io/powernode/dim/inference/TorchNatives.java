package io.powernode.dim.inference;

import ai.djl.engine.Engine;
import ai.djl.pytorch.engine.PtEngineProvider;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * PyTorch's native libraries, which a process loads once. They are on the class path or nowhere:
 * DJL would otherwise download them, write to the home folder, and tell its makers where it runs.
 * Thread-safe.
 */
final class TorchNatives {
  private static @Nullable Optional<String> outcome;

  private TorchNatives() {}

  /**
   * Loads the libraries unless that was tried before in this process.
   *
   * @param folder where to keep them unpacked; empty for the user's cache folder
   * @return why PyTorch cannot be used, so that a person can act on it; empty if it can
   */
  static synchronized Optional<String> load(Optional<Path> folder) {
    Optional<String> problem = outcome;
    if (problem == null) {
      problem = attempt(folder).map(reason -> "PyTorch cannot be used here: " + reason);
      outcome = problem;
    }
    return problem;
  }

  private static Optional<String> attempt(Optional<Path> folder) {
    if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
      return Optional.of("it misreads tensors on this big-endian machine");
    }
    try {
      ClassLoader loader = PtEngineProvider.class.getClassLoader();
      TorchLibraries jars = new TorchLibraries(loader);
      List<NativeLibrary> libraries = new ArrayList<>(jars.ofPyTorch());
      if (libraries.isEmpty()) {
        return missing("pytorch-native-cpu with the classifier " + TorchLibraries.platform());
      }
      if (jars.bridge().isEmpty()) {
        return missing("pytorch-jni, if there is one for " + TorchLibraries.platform());
      }
      libraries.add(jars.bridge().get());
      return start(loader, libraries, folder.or(NativeCache::defaultRoot));
    } catch (NoClassDefFoundError e) {
      return missing("pytorch-engine, pytorch-jni and pytorch-native-cpu");
    } catch (IOException e) {
      return Optional.of("its jars cannot be read");
    }
  }

  private static Optional<String> missing(String artifacts) {
    return Optional.of("add ai.djl.pytorch:" + artifacts + " to the class path");
  }

  private static Optional<String> start(
      ClassLoader loader, List<NativeLibrary> libraries, Optional<Path> root) {
    Optional<Path> unpacked =
        root.map(r -> new NativeCache(r, "pytorch-" + TorchLibraries.platform(), libraries))
            .flatMap(NativeCache::prepare);
    if (root.isEmpty() || unpacked.isEmpty()) {
      return Optional.of(
          "its native libraries need half a gigabyte in a folder that only this user can write to;"
              + " name one with nativeFolder");
    }
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    try (Settings settings = new Settings()) {
      settings.force("ai.djl.offline", "true");
      settings.force("OPT_OUT_TRACKING", "true");
      settings.force("PYTORCH_LIBRARY_PATH", unpacked.get().toString());
      settings.force("PYTORCH_FLAVOR", "cpu");
      // Nothing is to be kept here, but what DJL would write belongs nowhere else.
      settings.force("ENGINE_CACHE_DIR", root.get().toString());
      // DJL looks for GPUs through JNA, which unpacks itself for a moment.
      settings.force("jna.tmpdir", root.get().toString());
      // One setting for the whole process: callers bring the parallelism.
      settings.unlessSet("ai.djl.pytorch.num_threads", "1");
      settings.unlessSet("ai.djl.pytorch.num_interop_threads", "1");
      Thread.currentThread().setContextClassLoader(loader);
      Engine.registerEngine(new PtEngineProvider());
      Engine.getEngine("PyTorch");
      return Optional.empty();
      // DJL reports what it does not find by exceptions and by errors of all kinds.
    } catch (RuntimeException | LinkageError | AssertionError e) {
      return Optional.of(
          "its native libraries for "
              + TorchLibraries.platform()
              + " do not load ("
              + NativeCache.rootCause(e)
              + "); they need a folder from which code may be run");
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }

  /** System properties that hold while the libraries are loaded, and no longer. */
  private static final class Settings implements AutoCloseable {
    private final Map<String, Optional<String>> before = new HashMap<>();

    void force(String name, String value) {
      before.putIfAbsent(name, Optional.ofNullable(System.getProperty(name)));
      System.setProperty(name, value);
    }

    void unlessSet(String name, String value) {
      if (System.getProperty(name) == null) {
        force(name, value);
      }
    }

    @Override
    public void close() {
      before.forEach(
          (name, value) ->
              value.ifPresentOrElse(
                  text -> System.setProperty(name, text), () -> System.clearProperty(name)));
    }
  }
}
