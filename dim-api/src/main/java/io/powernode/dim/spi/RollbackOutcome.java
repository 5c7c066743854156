package io.powernode.dim.spi;

/**
 * What became of one compensation.
 *
 * @param undoes the step that it was to undo
 * @param step its own step name
 * @param work the model or action that it runs
 * @param result what it answered; a failure means that the step is not undone
 */
public record RollbackOutcome(String undoes, String step, String work, TaskResult result) {}
