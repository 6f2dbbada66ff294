package org.widthwise.lab.train;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.widthwise.core.plan.Plan;
import org.widthwise.torch.monitor.Cadence;
import org.widthwise.torch.monitor.Monitor;
import org.widthwise.torch.monitor.MonitorOptions;
import org.widthwise.torch.monitor.Observation;
import org.widthwise.torch.nn.Network;

/**
 * Measures the first weights and a few of the first updates of a training, steps 1, 2, 4 and 8: the
 * updates' sizes over their targets, which are learning rates in spectral units, and how well they
 * are aligned with what they act on. From then on nothing is looked at.
 *
 * <p>Alignments take forward passes of a probe batch, which would move the running statistics of a
 * batch normalisation: a network with such buffers is measured without them.
 */
public final class FirstUpdates implements TrainingObserver.Factory {

  private static final long LAST = 8;

  private final List<Observation> observations = new ArrayList<>();

  /** A measurement of one training. */
  public FirstUpdates() {}

  /**
   * What was measured.
   *
   * @return the first weights as step 0, then the updates
   */
  public List<Observation> observations() {
    return List.copyOf(observations);
  }

  @Override
  public TrainingObserver begin(Network network, Plan plan, Tensor probe) {
    Monitor monitor =
        Monitor.of(
            network.module(),
            plan,
            MonitorOptions.withDefaults().withCadence(Cadence.every(LAST)).withSinceStart(false));
    if (!hasBuffers(network)) {
      monitor.probing(probe, network::forward);
    }
    observations.add(monitor.observeStart());
    return new TrainingObserver() {
      @Override
      public void afterStep(long step) {
        if (step <= LAST) {
          monitor.afterStep(step).ifPresent(observations::add);
        }
        if (step == LAST) {
          monitor.close();
        }
      }

      @Override
      public void close() {
        monitor.close();
      }
    };
  }

  private static boolean hasBuffers(Network network) {
    try (PointerScope scope = new PointerScope()) {
      return network.module().buffers().size() > 0;
    }
  }
}
