package org.widthwise.bench;

import java.time.Duration;

/** One of the two sides, with a given number of threads. */
interface Worker extends AutoCloseable {
  /** Versions and libraries, in one line. */
  String description();

  /** GFLOP/s of float32 matrix products {@code size × size}, over about the given time. */
  double multiplicationRate(int size, double seconds);

  /** The loss of a network of the given width after some steps. */
  double lossAfter(JobKind kind, int width, long steps);

  /** Milliseconds per training step by autograd, over about the given time. */
  double millisPerStep(JobKind kind, int width, double seconds);

  /** The processor time this side has used so far. */
  Duration processorTime();

  @Override
  void close();
}
