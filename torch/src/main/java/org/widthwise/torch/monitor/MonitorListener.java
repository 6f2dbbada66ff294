package org.widthwise.torch.monitor;

/** Is told what a {@link Monitor} sees. */
@FunctionalInterface
public interface MonitorListener {

  /**
   * A step was looked at. Called on the thread that trains, which waits.
   *
   * @param observation what was seen
   */
  void onObservation(Observation observation);
}
