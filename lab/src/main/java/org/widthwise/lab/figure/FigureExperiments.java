package org.widthwise.lab.figure;

import java.util.List;
import java.util.Locale;
import org.widthwise.core.Registry;

/** The figures by name. */
public final class FigureExperiments {

  private static final Registry<FigureExperiment> ALL =
      new Registry<>("item", FigureExperiment.class, FigureExperiment::id, List.of());

  private FigureExperiments() {}

  /**
   * Finds a figure by name or alias.
   *
   * @param name the name, in any case
   * @return the figure
   * @throws IllegalArgumentException if there is none; the message lists the known names
   */
  public static FigureExperiment named(String name) {
    String wanted = name.toLowerCase(Locale.ROOT);
    return all().stream()
        .filter(figure -> figure.aliases().contains(wanted))
        .findFirst()
        .orElseGet(() -> ALL.named(wanted));
  }

  /**
   * Every figure.
   *
   * @return the figures
   */
  public static List<FigureExperiment> all() {
    return ALL.all();
  }
}
