package org.widthwise.torch.monitor;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** A batch that stays the same, and its features as they were. */
final class Probe implements AutoCloseable {

  private final Tensor inputs;
  private final ProbeForward forward;
  private final List<SeenLayer> layers;
  private final @Nullable ProbeFeatures start;
  private ProbeFeatures before;

  private Probe(Tensor inputs, ProbeForward forward, List<SeenLayer> layers, boolean sinceStart) {
    this.inputs = inputs;
    this.forward = forward;
    this.layers = layers;
    this.before = ProbeFeatures.of(inputs, forward, layers);
    this.start = sinceStart ? ProbeFeatures.of(inputs, forward, layers) : null;
  }

  /**
   * Takes the features as they are.
   *
   * @param inputs the batch, kept without a copy
   * @param forward the network
   * @param layers those whose features are watched
   * @param sinceStart whether the features of now are kept for good
   */
  static Probe of(Tensor inputs, ProbeForward forward, List<SeenLayer> layers, boolean sinceStart) {
    try (PointerScope scope = new PointerScope()) {
      Tensor own = inputs.detach();
      return new Probe(own.retainReference(), forward, layers, sinceStart);
    }
  }

  /** The features of now, for the caller to close. */
  ProbeFeatures now() {
    return ProbeFeatures.of(inputs, forward, layers);
  }

  /** The features as they were at the last {@link #remember()}. */
  ProbeFeatures before() {
    return before;
  }

  /** The features at the start; null if they were not to be kept. */
  @Nullable ProbeFeatures start() {
    return start;
  }

  /** Takes the features as they are now for those before the next step. */
  void remember() {
    ProbeFeatures newer = now();
    before.close();
    before = newer;
  }

  @Override
  public void close() {
    before.close();
    if (start != null) {
      start.close();
    }
    inputs.close();
  }
}
