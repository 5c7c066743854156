package io.powernode.dim.patterns;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.spi.Catalog;
import io.powernode.dim.spi.Named;

/** What a running job named and validation found; another owner of the job may lack it. */
final class Plugins {
  private Plugins() {}

  static <T extends Named> T required(Catalog catalog, Class<T> kind, String name) {
    return catalog
        .extensions()
        .find(kind, name)
        .orElseThrow(
            () ->
                new DimException(
                    ErrorCode.UNSUPPORTED_OPTION, "method: " + name + " is not available here"));
  }

  static ModelDescriptor model(Catalog catalog, String id) {
    return catalog
        .model(id)
        .orElseThrow(
            () ->
                new DimException(
                    ErrorInfo.of(ErrorCode.UNKNOWN_MODEL, "model: is not registered")
                        .about("model", id)));
  }
}
