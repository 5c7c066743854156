package io.powernode.dim.spi;

/** What running a task twice means. It decides what waits for the disk. */
public enum Effect {
  /** Nothing but the time: most inference. Its journal entry is written behind. */
  PURE,
  /** Another answer: sampling language models, paid services. Its entry is durable before use. */
  NONDETERMINISTIC,
  /**
   * Something in the host's world. Its intent is durable before it is sent, its entry before use.
   */
  EFFECTFUL
}
