package org.widthwise.lab.paper;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.widthwise.core.plan.Prefactor;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.shape.ParameterGroup;

/**
 * A departure from Parametrization 1 by a power of width in one place: σ_ℓ or η_ℓ times
 * (n/n*)^exponent.
 *
 * @param kind what is shifted
 * @param layer ℓ, from 1 to 3
 * @param exponent by which exponent
 */
record Shift(Kind kind, int layer, double exponent) {

  /** n*, narrower than all networks, so that what grows with width is large in all of them. */
  static final int REFERENCE_WIDTH = 4;

  static final double HALF = 0.5;

  /** The exponents in order. */
  static final List<Double> EXPONENTS = List.of(-HALF, -HALF / 2, 0.0, HALF / 2, HALF);

  static final int DEPTH = 3;

  private static final List<ParameterGroup> GROUPS =
      List.of(ParameterGroup.INPUT, ParameterGroup.HIDDEN, ParameterGroup.READOUT);

  /** What can be shifted. */
  enum Kind {
    /** The initial standard deviation σ_ℓ. */
    INIT,
    /** The learning rate η_ℓ. */
    RATE;

    String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Every departure, with that by nothing once. */
  static List<Shift> all() {
    List<Shift> all = new ArrayList<>();
    all.add(new Shift(Kind.INIT, 1, 0));
    for (Kind kind : Kind.values()) {
      for (int layer = 1; layer <= DEPTH; layer++) {
        for (double exponent : EXPONENTS) {
          if (exponent != 0) {
            all.add(new Shift(kind, layer, exponent));
          }
        }
      }
    }
    return all;
  }

  /** The series of its networks: those without a departure are the same wherever it is not made. */
  String series() {
    return exponent == 0 ? "spectral" : "%s.%d.%s".formatted(kind.id(), layer, amount());
  }

  /** Such as {@code minus_quarter}. */
  String amount() {
    if (exponent == 0) {
      return "unshifted";
    }
    return (exponent < 0 ? "minus_" : "plus_") + (Math.abs(exponent) == HALF ? "half" : "quarter");
  }

  /** Parametrization 1 with the departure, at a width. */
  Recipe applyTo(Recipe recipe, long width) {
    ParameterGroup group = GROUPS.get(layer - 1);
    Prefactor prefactor = recipe.prefactor(group);
    double factor = Math.pow((double) width / REFERENCE_WIDTH, exponent);
    return recipe.withPrefactor(
        group,
        switch (kind) {
          case INIT -> prefactor.withInit(prefactor.init() * factor);
          case RATE -> prefactor.withRate(prefactor.rate() * factor);
        });
  }

  /** The exponents of Parametrization 1 with the departure. */
  WidthExponents applyTo(WidthExponents exponents) {
    return switch (kind) {
      case INIT -> exponents.withInitShifted(layer, exponent);
      case RATE -> exponents.withRateShifted(layer, exponent);
    };
  }
}
