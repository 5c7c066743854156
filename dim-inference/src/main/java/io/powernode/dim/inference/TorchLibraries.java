package io.powernode.dim.inference;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;

/**
 * PyTorch's native libraries as DJL's jars have them: those of PyTorch itself, named in {@code
 * native/lib/pytorch.properties}, and DJL's bridge to them.
 */
final class TorchLibraries {
  private static final String BRIDGE = System.mapLibraryName("djl_torch");

  private final ClassLoader loader;
  private final String platform = platform();

  TorchLibraries(ClassLoader loader) {
    this.loader = loader;
  }

  /** DJL's name for this operating system and processor, as in {@code linux-x86_64}. */
  static String platform() {
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    String system = os.contains("mac") ? "osx" : os.contains("win") ? "win" : "linux";
    return system + "-" + (arch.equals("amd64") ? "x86_64" : arch);
  }

  /** PyTorch's own libraries for this platform's processor; none where its jar is absent. */
  List<NativeLibrary> ofPyTorch() throws IOException {
    for (URL properties : Collections.list(loader.getResources("native/lib/pytorch.properties"))) {
      Properties jar = read(properties);
      String flavor = jar.getProperty("flavor", "");
      if (flavor.startsWith("cpu") && platform.equals(jar.getProperty("classifier"))) {
        List<NativeLibrary> libraries = new ArrayList<>();
        for (String file : jar.getProperty("libraries", "").split(",")) {
          String path = "pytorch/" + flavor + "/" + platform + "/" + file;
          library(path, file).ifPresent(libraries::add);
        }
        return libraries;
      }
    }
    return List.of();
  }

  /** DJL's bridge for this platform's processor; nothing where its jar is absent. */
  Optional<NativeLibrary> bridge() throws IOException {
    return library("jnilib/" + platform + "/cpu/" + BRIDGE, BRIDGE);
  }

  private Optional<NativeLibrary> library(String path, String file) throws IOException {
    URL url = loader.getResource(path);
    return url == null ? Optional.empty() : NativeLibrary.of(url, file);
  }

  private static Properties read(URL url) throws IOException {
    Properties properties = new Properties();
    try (InputStream in = url.openStream()) {
      properties.load(in);
    }
    return properties;
  }
}
