package org.widthwise.sweep.transfer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * Several plans side by side, loss against transfer: a plan whose best rate stays may still be the
 * worse one to train with.
 *
 * @param width the widest that all of them were tried at; 0 if there is none
 * @param plans the plans with their losses there, the one with the least {@link Plan#carriedLoss}
 *     first
 * @param sentence which is the steadiest, and which is to be taken
 */
public record Weighing(int width, List<Plan> plans, String sentence) {

  /**
   * One plan.
   *
   * @param series what its trials share
   * @param drift of its best rate
   * @param loss at its best rate
   * @param carriedLoss with the best rate of its narrowest width: the loss of who tunes narrow and
   *     trains wide; infinite if that diverges, NaN if it is not known or nothing narrower was
   *     tried
   */
  public record Plan(String series, double drift, double loss, double carriedLoss) {}

  /**
   * Copies the list.
   *
   * @param width the widest that all were tried at
   * @param plans the plans with their losses
   * @param sentence which is to be taken
   */
  public Weighing {
    plans = List.copyOf(plans);
  }

  /**
   * Weighs.
   *
   * @param found the series of a sweep
   * @return the plans side by side; no plans unless there are two or more with a width in common
   */
  public static Weighing of(List<SeriesTransfer> found) {
    TreeSet<Integer> common = new TreeSet<>();
    for (int i = 0; i < found.size(); i++) {
      List<Integer> widths = found.get(i).widths().stream().map(WidthOptimum::width).toList();
      if (i == 0) {
        common.addAll(widths);
      } else {
        common.retainAll(widths);
      }
    }
    if (found.size() < 2 || common.isEmpty()) {
      return new Weighing(0, List.of(), "");
    }
    int width = common.last();
    List<Plan> plans = new ArrayList<>();
    for (SeriesTransfer series : found) {
      WidthOptimum there =
          series.widths().stream().filter(w -> w.width() == width).findFirst().orElseThrow();
      plans.add(
          new Plan(series.series(), series.drift(), there.loss(), carriedLoss(series, there)));
    }
    // NaN, which compares as greater than all, comes last.
    plans.sort(Comparator.comparingDouble(Plan::carriedLoss));
    return new Weighing(width, plans, sentence(plans, width));
  }

  private static double carriedLoss(SeriesTransfer series, WidthOptimum there) {
    // At the narrowest width itself nothing has been carried over.
    boolean carried = series.widths().stream().anyMatch(w -> w.width() < there.width());
    return carried ? there.loss() * (1 + there.narrowCost()) : Double.NaN;
  }

  private static String sentence(List<Plan> plans, int width) {
    Plan best = plans.get(0);
    if (!Double.isFinite(best.carriedLoss())) {
      return "no plan has a known loss at width %d with the narrow optimum".formatted(width);
    }
    List<Plan> known = plans.stream().filter(plan -> Double.isFinite(plan.drift())).toList();
    Plan steady =
        known.stream().min(Comparator.comparingDouble(plan -> Math.abs(plan.drift()))).orElse(best);
    if (steady.equals(best)) {
      return String.format(
          Locale.ROOT,
          "%s has the least loss at width %d with its narrow optimum, %.4g, and the least drift",
          best.series(),
          width,
          best.carriedLoss());
    }
    return String.format(
        Locale.ROOT,
        "the least drift is that of %s (%+.2f), but %s has the least loss at width %d with its"
            + " narrow optimum, %.4g against %.4g: take it, as long as the drift (%+.2f) is"
            + " followed",
        steady.series(),
        steady.drift(),
        best.series(),
        width,
        best.carriedLoss(),
        steady.carriedLoss(),
        best.drift());
  }
}
