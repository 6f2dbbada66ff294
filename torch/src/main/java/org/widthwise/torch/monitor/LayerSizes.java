package org.widthwise.torch.monitor;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalDouble;
import org.widthwise.core.shape.ParameterShape;

/**
 * What was measured of one parameter at one step.
 *
 * @param parameter its name
 * @param shape what it is and how large
 * @param target √(fan-out / fan-in), over which its sizes are taken
 * @param values the measured values in the order of {@link Quantity}; NaN where the tensor has an
 *     entry that is not finite, or the value does not exist, as the stable rank of zeros; none
 *     where the quantity does not apply or was not asked for
 */
public record LayerSizes(
    String parameter, ParameterShape shape, double target, Map<Quantity, Double> values) {

  /**
   * Copies the values.
   *
   * @param parameter its name
   * @param shape what it is and how large
   * @param target √(fan-out / fan-in)
   * @param values the measured values
   */
  public LayerSizes {
    Map<Quantity, Double> copy = new EnumMap<>(Quantity.class);
    copy.putAll(values);
    values = Collections.unmodifiableMap(copy);
  }

  /**
   * One of the values.
   *
   * @param quantity which
   * @return the value, perhaps NaN; empty if it was not measured
   */
  public OptionalDouble value(Quantity quantity) {
    Double value = values.get(quantity);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }
}
