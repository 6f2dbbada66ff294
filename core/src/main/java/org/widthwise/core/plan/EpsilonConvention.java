package org.widthwise.core.plan;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What stays the same about an optimizer's ε when the width changes. */
public enum EpsilonConvention {
  /**
   * Its size beside what it is added to: ε follows the parametrization's gradients, 1/fan-out under
   * Adam. A fixed ε silently turns Adam into gradient descent with momentum in wide networks.
   */
  SCALED,
  /** Its value, as in microsoft/mup and in every optimizer that knows nothing of width. */
  FIXED;

  /**
   * The name used in files and options.
   *
   * @return the constant's name in lower case
   */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Finds a convention by its {@linkplain #id() name}.
   *
   * @param id the name, in any case
   * @return the convention
   * @throws IllegalArgumentException if there is none of that name
   */
  public static EpsilonConvention named(String id) {
    for (EpsilonConvention convention : values()) {
      if (convention.id().equalsIgnoreCase(id)) {
        return convention;
      }
    }
    throw new IllegalArgumentException(
        "unknown convention of epsilon '%s': known are %s"
            .formatted(
                id,
                Arrays.stream(values())
                    .map(EpsilonConvention::id)
                    .collect(Collectors.joining(", "))));
  }
}
