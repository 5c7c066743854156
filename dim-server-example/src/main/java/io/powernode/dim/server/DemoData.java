package io.powernode.dim.server;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.daemon.CsvCabinet;
import io.powernode.dim.daemon.CsvSchema;
import io.powernode.dim.json.DimJson;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The demo's hospitals and models, copied out of the resources into a temporary folder. */
final class DemoData implements AutoCloseable {
  static final List<String> HOSPITALS = List.of("north", "river", "lakeside");

  private final Path folder;
  private final Map<String, ModelDescriptor> models = new LinkedHashMap<>();
  private final Map<String, CsvCabinet> cabinets = new LinkedHashMap<>();

  /** The models as {@code models.json} lists them. */
  private record Registry(List<ModelDescriptor> models) {}

  private DemoData(Path folder) {
    this.folder = folder;
  }

  /**
   * Copies everything; {@link #close} deletes it again.
   *
   * @throws DimException with {@link ErrorCode#UNAVAILABLE} if the temporary folder cannot be used
   */
  static DemoData unpack() {
    DemoData data;
    try {
      data = new DemoData(Files.createTempDirectory("dim-demo-"));
    } catch (IOException e) {
      throw unavailable(e);
    }
    try {
      data.copy();
      return data;
    } catch (IOException e) {
      data.close();
      throw unavailable(e);
    } catch (RuntimeException e) {
      data.close();
      throw e;
    }
  }

  private void copy() throws IOException {
    for (ModelDescriptor model :
        DimJson.standard().read(Registry.class, text("models.json")).models()) {
      models.put(model.id(), model);
      copy("models/" + model.id() + ".onnx");
    }
    for (String hospital : HOSPITALS) {
      String schema = text(hospital + "/patients.schema.json");
      Path rows = copy(hospital + "/patients.csv");
      cabinets.put(
          hospital, CsvCabinet.open(rows, DimJson.standard().read(CsvSchema.class, schema)));
    }
  }

  /** The model called {@code id}. */
  ModelDescriptor model(String id) {
    return required(models, id);
  }

  /** All models with their files. */
  Map<ModelDescriptor, Path> models() {
    Map<ModelDescriptor, Path> files = new LinkedHashMap<>();
    models.values().forEach(model -> files.put(model, file(model)));
    return files;
  }

  Path file(ModelDescriptor model) {
    return folder.resolve("models").resolve(model.id() + ".onnx");
  }

  /** A hospital's patients. */
  CsvCabinet cabinet(String hospital) {
    return required(cabinets, hospital);
  }

  /** A hospital's patients as their owner sees them. */
  DemoRows rows(String hospital) {
    return DemoRows.of(List.of(cabinet(hospital)));
  }

  /** The patients of all hospitals in one place. */
  DemoRows pooled() {
    return DemoRows.of(List.copyOf(cabinets.values()));
  }

  private static <T> T required(Map<String, T> parts, String name) {
    T part = parts.get(name);
    if (part == null) {
      throw new IllegalArgumentException(
          name + ": is no part of the demo; allowed: " + String.join(", ", parts.keySet()));
    }
    return part;
  }

  private Path copy(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    try (InputStream in = open(name)) {
      Files.copy(in, file);
    }
    return file;
  }

  private static String text(String name) throws IOException {
    try (InputStream in = open(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static InputStream open(String name) throws IOException {
    InputStream in = DemoData.class.getResourceAsStream("/demo/" + name);
    if (in == null) {
      throw new FileNotFoundException("resource demo/" + name);
    }
    return in;
  }

  private static DimException unavailable(IOException cause) {
    return new DimException(
        ErrorInfo.of(
            ErrorCode.UNAVAILABLE,
            "the demo's files cannot be copied into a temporary folder; allowed: one with free"
                + " space that can be written"),
        cause);
  }

  @Override
  public void close() {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new DimException(
          ErrorInfo.of(ErrorCode.UNAVAILABLE, "the demo's temporary folder cannot be deleted"), e);
    }
  }
}
