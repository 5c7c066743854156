package io.powernode.dim.spi;

/**
 * What became of one compensation.
 *
 * @param undoes the step that it was to undo
 * @param step its own step name
 * @param result what it answered; a failure means that the step is not undone
 */
public record RollbackOutcome(String undoes, String step, TaskResult result) {}
