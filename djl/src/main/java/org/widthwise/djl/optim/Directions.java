package org.widthwise.djl.optim;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.widthwise.core.Registry;
import org.widthwise.core.update.MuonScale;

/** The directions by the name of their update rule, each with its defaults. */
public final class Directions {

  private static final Registry<Direction> ALL =
      new Registry<>(
          "optimizer that can be run on DJL",
          Direction.class,
          direction -> direction.rule().id(),
          Stream.<Direction>concat(
                  Stream.<Direction>of(
                      new GradientDirection(),
                      Adam.withDefaults(),
                      AdamW.withDefaults(),
                      RmsProp.withDefaults(),
                      Lion.withDefaults(),
                      new Sign()),
                  Arrays.stream(MuonScale.values()).map(Muon.withDefaults()::withScale))
              .toList());

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
