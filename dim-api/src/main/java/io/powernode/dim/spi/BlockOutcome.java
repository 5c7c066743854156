package io.powernode.dim.spi;

/**
 * What became of a nested pattern.
 *
 * @param result how it ended
 * @param durationMs how long its tasks took one after the other, of tasks side by side the longest;
 *     milliseconds
 */
public record BlockOutcome(PatternResult result, long durationMs) {}
