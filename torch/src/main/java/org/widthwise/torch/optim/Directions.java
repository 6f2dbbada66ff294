package org.widthwise.torch.optim;

import java.util.List;
import org.widthwise.core.Registry;
import org.widthwise.core.update.MuonScale;

/** The directions by the name of their update rule, each with its defaults. */
public final class Directions {

  /** α of the authors' runs. */
  private static final double SCION_AVERAGING = 0.1;

  private static final Registry<Direction> ALL =
      new Registry<>(
          "optimizer that can be run",
          Direction.class,
          direction -> direction.rule().id(),
          List.of(
              new GradientDirection(),
              Adam.withDefaults(),
              Ruled.adamw(Adam.withDefaults()),
              RmsProp.withDefaults(),
              Lion.withDefaults(),
              new Sign(),
              Adafactor.withDefaults(),
              Muon.withDefaults(),
              Muon.withDefaults().withScale(MuonScale.KELLER_JORDAN),
              Muon.withDefaults().withScale(MuonScale.ADAM_RMS),
              Muon.withDefaults().withScale(MuonScale.SPECTRAL),
              Scion.spectral(SCION_AVERAGING),
              Scion.sign(SCION_AVERAGING),
              Scion.column(SCION_AVERAGING),
              Shampoo.withDefaults(),
              Shampoo.withDefaults().spectral(),
              Soap.withDefaults(),
              Soap.withDefaults().spectral(),
              SpectralDescent.withDefaults(),
              FrobeniusDescent.withDefaults(),
              FrobeniusRelative.withDefaults()));

  private Directions() {}

  /**
   * Finds the direction of an update rule, among those of this package and those that other jars
   * provide.
   *
   * @param ruleId the rule's {@link org.widthwise.core.update.UpdateRule#id()}
   * @return the direction with its defaults
   * @throws IllegalArgumentException if there is none; the message lists the known ones
   */
  public static Direction named(String ruleId) {
    return ALL.named(ruleId);
  }

  /**
   * Every known direction.
   *
   * @return the directions, one for a rule
   */
  public static List<Direction> all() {
    return ALL.all();
  }
}
