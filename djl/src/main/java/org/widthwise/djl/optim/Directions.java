package org.widthwise.djl.optim;

import java.util.List;
import org.widthwise.core.Registry;

/** The directions by the name of their update rule, each with its defaults. */
public final class Directions {

  private static final Registry<Direction> ALL =
      new Registry<>(
          "optimizer that can be run on DJL",
          Direction.class,
          direction -> direction.rule().id(),
          List.of(
              new GradientDirection(),
              Adam.withDefaults(),
              AdamW.withDefaults(),
              RmsProp.withDefaults(),
              Lion.withDefaults(),
              new Sign(),
              Muon.withDefaults()));

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
