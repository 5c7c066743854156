package io.powernode.dim.spi;

import java.util.Objects;

/**
 * A condition on rows that stay on a node.
 *
 * @param language the name of the {@link ConditionLanguage} that reads it
 * @param text what must hold; not blank
 */
public record Condition(String language, String text) {
  public Condition {
    Objects.requireNonNull(language, "language");
    Objects.requireNonNull(text, "text");
  }
}
