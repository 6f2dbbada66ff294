package org.widthwise.core.plan;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.widthwise.core.shape.ParameterGroup;

/**
 * The activation's gain, and the prefactors of init and rate.
 *
 * @param gain above 0 and finite
 */
record InitialSizes(double gain, Map<ParameterGroup, Prefactor> prefactors) {

  InitialSizes {
    Checks.positive("gain", gain);
  }

  /** Gain 1, and every prefactor 1 but that of the init of vectors and scalars, which is 0. */
  static InitialSizes neutral() {
    Map<ParameterGroup, Prefactor> prefactors = new EnumMap<>(ParameterGroup.class);
    for (ParameterGroup group : ParameterGroup.values()) {
      prefactors.put(
          group,
          switch (group) {
            case INPUT, HIDDEN, READOUT, EMBEDDING -> Prefactor.ONE;
            case BIAS, GAIN, SCALAR -> Prefactor.ONE.withInit(0);
          });
    }
    return new InitialSizes(1, Collections.unmodifiableMap(prefactors));
  }

  Prefactor of(ParameterGroup group) {
    return prefactors.getOrDefault(group, Prefactor.ONE);
  }

  InitialSizes withGain(double newGain) {
    return new InitialSizes(newGain, prefactors);
  }

  InitialSizes with(ParameterGroup group, Prefactor prefactor) {
    Map<ParameterGroup, Prefactor> changed = new EnumMap<>(prefactors);
    changed.put(group, prefactor);
    return new InitialSizes(gain, Collections.unmodifiableMap(changed));
  }
}
