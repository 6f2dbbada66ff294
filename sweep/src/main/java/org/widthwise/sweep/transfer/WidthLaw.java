package org.widthwise.sweep.transfer;

import java.util.List;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.sweep.definition.TrialConfiguration;
import org.widthwise.sweep.store.StoredTrial;

/**
 * How the logarithm of the best rate goes on with the width n: straight over some function of it.
 */
enum WidthLaw {
  /** A power law: as much for each doubling as for the last one. For plans without a limit. */
  POWER {
    @Override
    double abscissa(int width) {
      return Math.log(width) / Math.log(2);
    }
  },
  /**
   * Towards a limit, off by n^−1/2. For plans that keep to the condition at true fans, whose
   * training has a limit of infinite width: what is left of random first values at a finite one is
   * of that order. The rates that were measured from width 32 to 2048 are on such a line
   * (docs/tune.md).
   */
  LIMIT {
    @Override
    double abscissa(int width) {
      return -1 / Math.sqrt(width);
    }
  };

  /** What the best rate's logarithm is straight over; it grows with the width. */
  abstract double abscissa(int width);

  /** What the best rate may follow for all that a few widths tell, whichever is taken. */
  List<WidthLaw> possible() {
    return this == LIMIT ? List.of(LIMIT, POWER) : List.of();
  }

  /** By the parametrization of the first of trials that share it. */
  static WidthLaw of(List<StoredTrial> trials) {
    String parametrization = TrialConfiguration.of(trials.get(0).configuration()).parametrization();
    return parametrization.equals(Parametrizations.SPECTRAL.id()) ? LIMIT : POWER;
  }
}
