package io.powernode.dim.api;

/**
 * How many rows a step of a pipeline worked on; the others passed it by.
 *
 * @param through rows that met the step's condition
 * @param of all rows
 */
public record RoutedRows(long through, long of) {}
