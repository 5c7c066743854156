package io.powernode.dim.spi;

import java.nio.file.Path;

/**
 * The verified files of a model on a node.
 *
 * @param main the file with the descriptor's digest
 * @param folder the folder that holds it; nothing outside may be opened for the model
 */
public record ModelFiles(Path main, Path folder) {
  /** A model of one file. */
  public static ModelFiles of(Path main) {
    Path absolute = main.toAbsolutePath();
    return new ModelFiles(absolute, absolute.resolveSibling(""));
  }
}
