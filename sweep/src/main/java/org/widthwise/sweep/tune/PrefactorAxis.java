package org.widthwise.sweep.tune;

import java.util.Locale;
import org.widthwise.core.shape.ParameterGroup;

/**
 * A prefactor that is searched.
 *
 * @param group the role whose prefactor it is
 * @param init whether it is of the first values; else of the rate
 */
public record PrefactorAxis(ParameterGroup group, boolean init) {

  /**
   * Reads an axis as {@code readout.init} or {@code input.rate}.
   *
   * @param text the words
   * @return the axis
   * @throws IllegalArgumentException if it is none, or of something that starts at zero or at one
   */
  public static PrefactorAxis parse(String text) {
    String[] words = text.strip().toLowerCase(Locale.ROOT).split("\\.", -1);
    if (words.length != 2 || !(words[1].equals("init") || words[1].equals("rate"))) {
      throw new IllegalArgumentException(
          "a prefactor to tune is ROLE.init or ROLE.rate, such as readout.init, not '%s'"
              .formatted(text.strip()));
    }
    PrefactorAxis axis = new PrefactorAxis(ParameterGroup.named(words[0]), words[1].equals("init"));
    if (axis.init && startsFixed(axis.group)) {
      throw new IllegalArgumentException(
          "%s: %ss start at a number of their own, there is nothing to multiply; tune %s.rate"
              .formatted(axis.id(), axis.group.id(), axis.group.id()));
    }
    return axis;
  }

  private static boolean startsFixed(ParameterGroup group) {
    return switch (group) {
      case INPUT, HIDDEN, READOUT, EMBEDDING -> false;
      case BIAS, GAIN, SCALAR -> true;
    };
  }

  /**
   * The axis in the words that {@link #parse} reads.
   *
   * @return such as {@code readout.init}
   */
  public String id() {
    return group.id() + (init ? ".init" : ".rate");
  }
}
