package org.widthwise.torch.monitor;

import java.util.List;

/**
 * What the monitor saw after one step.
 *
 * @param step the number of the step, counted from 1; 0 before the first
 * @param measured which quantities the monitor measures, in their order
 * @param layers the watched parameters in the plan's order
 * @param findings which of them were found out of their bands for the first time
 */
public record Observation(
    long step, List<Quantity> measured, List<LayerSizes> layers, List<Finding> findings) {

  /**
   * Copies the lists.
   *
   * @param step the number of the step
   * @param measured which quantities the monitor measures
   * @param layers the watched parameters
   * @param findings what was found for the first time
   */
  public Observation {
    measured = List.copyOf(measured);
    layers = List.copyOf(layers);
    findings = List.copyOf(findings);
  }

  /**
   * One of the parameters.
   *
   * @param parameter its name
   * @return what was measured of it
   * @throws IllegalArgumentException if no parameter of that name is watched
   */
  public LayerSizes layer(String parameter) {
    return layers.stream()
        .filter(layer -> layer.parameter().equals(parameter))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'%s' is not watched; watched are %s"
                        .formatted(
                            parameter, layers.stream().map(LayerSizes::parameter).toList())));
  }
}
