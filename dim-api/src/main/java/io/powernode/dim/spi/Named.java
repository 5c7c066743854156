package io.powernode.dim.spi;

/** Something that a job asks for by name. Two of a kind must not share a name. */
public interface Named {
  /** The name, as it stands in a job's JSON; constant. */
  String name();
}
