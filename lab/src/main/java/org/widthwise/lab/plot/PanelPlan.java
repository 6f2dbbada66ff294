package org.widthwise.lab.plot;

import java.util.List;

/**
 * What of a panel can be settled before its place is known.
 *
 * @param panel the panel
 * @param x the ends of the horizontal axis
 * @param y the ends of the vertical axis
 * @param xTicks its marks
 * @param yTicks its marks
 * @param xLabels the words at the major marks
 * @param yLabels the words at the major marks
 * @param yLabelWidth the widest of them
 */
record PanelPlan(
    Panel panel,
    Axis.Limits x,
    Axis.Limits y,
    Ticks xTicks,
    Ticks yTicks,
    List<Text> xLabels,
    List<Text> yLabels,
    double yLabelWidth) {
  static PanelPlan of(Panel panel, Fonts fonts) {
    Axis.Limits x = DataRange.horizontal(panel);
    Axis.Limits y = DataRange.vertical(panel);
    Ticks xTicks = horizontalTicks(panel, x);
    Ticks yTicks =
        panel.y().ticks().isEmpty()
            ? Ticks.choose(panel.y().scale(), y.low(), y.high())
            : Ticks.at(panel.y().ticks(), y.low(), y.high());
    List<Text> yLabels = TickLabels.of(panel.y().scale(), yTicks.major());
    double widest =
        yLabels.stream()
            .mapToDouble(t -> t.width(fonts.regular(), Layout.TICK_SIZE))
            .max()
            .orElse(0);
    List<Text> xLabels = TickLabels.of(panel.x().scale(), xTicks.major());
    return new PanelPlan(panel, x, y, xTicks, yTicks, xLabels, yLabels, widest);
  }

  private static Ticks horizontalTicks(Panel panel, Axis.Limits x) {
    if (!panel.x().ticks().isEmpty()) {
      return Ticks.at(panel.x().ticks(), x.low(), x.high());
    }
    List<Double> own = DataRange.distinctX(panel);
    // Widths are few and chosen by hand; those of a dense or crooked grid say nothing.
    boolean useOwn =
        panel.x().scale().isLogarithmic()
            && own.size() >= Ticks.FEWEST
            && own.size() <= Ticks.MOST + 2
            && own.stream().allMatch(v -> v == Math.rint(v) && v < 1e6);
    Ticks ofData = Ticks.at(own, x.low(), x.high());
    return useOwn && ofData.major().size() >= Ticks.FEWEST
        ? ofData
        : Ticks.choose(panel.x().scale(), x.low(), x.high());
  }
}
