package io.powernode.dim.inference;

/** Where a tensor's bytes lie outside the model file. Not thread-safe. */
final class ExternalEntries {
  private static final int MAX_VALUE = 4096;

  private boolean stated;
  private String location = "";
  private long offset;
  private long length = -1;

  /** Adds an entry of the tensor's list: a key and a value. */
  void add(WireMessage entry) {
    String key = "";
    String value = "";
    while (entry.next()) {
      switch (entry.field()) {
        case 1 -> key = entry.text(MAX_VALUE);
        case 2 -> value = entry.text(MAX_VALUE);
        default -> {}
      }
    }
    stated = true;
    switch (key) {
      case "location" -> {
        if (!location.isEmpty()) {
          throw Refusals.invalid("external data has two locations");
        }
        location = value;
      }
      case "offset" -> offset = number(value);
      case "length" -> length = number(value);
      default -> {}
    }
  }

  boolean isStated() {
    return stated;
  }

  String location() {
    return location;
  }

  long offset() {
    return offset;
  }

  /** How many bytes; -1 where the tensor's shape decides. */
  long length() {
    return length;
  }

  private static long number(String value) {
    if (!value.matches("[0-9]{1,18}")) {
      throw Refusals.invalid("external data has an offset or length that is not a number");
    }
    return Long.parseLong(value);
  }
}
