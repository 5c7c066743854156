package io.powernode.dim.json;

/** For whom a value is written; it decides how tensors and options look. */
enum Form {
  /**
   * A job that somebody hands in: people's form, and nothing in it may be non-finite or unbuilt.
   */
  JOB,
  /** Everything else that people read: tensors as numbers, options beside the other fields. */
  TEXT,
  /** What only DIM reads again: tensors as base64 of their bytes, every record field by field. */
  STORAGE;

  boolean isStorage() {
    return this == STORAGE;
  }
}
