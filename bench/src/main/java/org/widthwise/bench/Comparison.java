package org.widthwise.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Runs the same training job on both sides in rounds, one right after the other, so that whatever
 * else the machine does hits both. The order turns around from round to round. A first round warms
 * up and is not counted.
 */
final class Comparison {
  private static final int MATRIX = 1024;
  private static final double RATE_SECONDS_SHARE = 0.3;
  private static final long CHECKED_STEPS = 20;
  private static final int ATTEMPTS = 60;
  private static final long PAUSE_MILLIS = 1000;

  private final int threads;
  private final JvmWorker here;
  private final @Nullable Worker there;
  private final double seconds;
  private final double tolerated;
  private final Samples hereRate = new Samples();
  private final Samples thereRate = new Samples();
  private final List<Row> rows = new ArrayList<>();

  /** What one visit to a width, or to the matrix products, gave. */
  private static final class Turns {
    private double here;
    private double there;
    private double compressed;
    private double others;
  }

  /** The figures of one width. */
  private static final class Row {
    private final int width;
    private final Samples here = new Samples();
    private final Samples there = new Samples();
    private final Samples compressed = new Samples();
    private final Samples others = new Samples();

    private Row(int width) {
      this.width = width;
    }

    private void add(Turns turns, boolean both) {
      here.add(turns.here);
      compressed.add(turns.compressed);
      others.add(turns.others);
      if (both) {
        there.add(turns.there);
      }
    }
  }

  Comparison(
      int threads, JvmWorker here, @Nullable Worker there, double seconds, double tolerated) {
    this.threads = threads;
    this.here = here;
    this.there = there;
    this.seconds = seconds;
    this.tolerated = tolerated;
  }

  /** Whether both sides compute the same, as one line per width. */
  List<String> checkLosses(List<Integer> widths) {
    List<String> lines = new ArrayList<>();
    for (int width : widths) {
      double mine = here.lossAfter(width, CHECKED_STEPS);
      if (there != null) {
        double theirs = there.lossAfter(width, CHECKED_STEPS);
        lines.add(
            String.format(
                Locale.ROOT,
                "loss after %d steps at n = %d: %.6f here, %.6f there",
                CHECKED_STEPS,
                width,
                mine,
                theirs));
      }
    }
    return lines;
  }

  void measure(List<Integer> widths, int rounds) throws InterruptedException {
    widths.forEach(width -> rows.add(new Row(width)));
    rates(true);
    rows.forEach(row -> turns(row, true));
    for (int round = 0; round < rounds; round++) {
      boolean hereFirst = round % 2 == 0;
      Turns rates = undisturbed(() -> rates(hereFirst));
      hereRate.add(rates.here);
      if (there != null) {
        thereRate.add(rates.there);
      }
      for (Row row : rows) {
        row.add(undisturbed(() -> turns(row, hereFirst)), there != null);
      }
    }
  }

  /** Repeats what others disturbed, until they leave us alone or patience ends. */
  private Turns undisturbed(Supplier<Turns> measurement) throws InterruptedException {
    for (int attempt = 1; ; attempt++) {
      double start = now();
      OptionalDouble busy = MachineLoad.busySeconds();
      double own = ownSeconds();
      Turns turns = measurement.get();
      double took = now() - start;
      OptionalDouble busyAfter = MachineLoad.busySeconds();
      if (busy.isEmpty() || busyAfter.isEmpty()) {
        return turns;
      }
      double used = busyAfter.getAsDouble() - busy.getAsDouble() - (ownSeconds() - own);
      turns.others = Math.max(0, used / took);
      if (turns.others <= tolerated || attempt == ATTEMPTS) {
        return turns;
      }
      Thread.sleep(PAUSE_MILLIS);
    }
  }

  private Turns rates(boolean hereFirst) {
    double time = RATE_SECONDS_SHARE * seconds;
    return inTurn(
        hereFirst,
        () -> here.multiplicationRate(MATRIX, time),
        other -> other.multiplicationRate(MATRIX, time));
  }

  private Turns turns(Row row, boolean hereFirst) {
    Turns turns =
        inTurn(
            hereFirst,
            () -> here.millisPerStep(row.width, seconds),
            other -> other.millisPerStep(row.width, seconds));
    turns.compressed = here.millisPerCompressedStep(row.width, seconds);
    return turns;
  }

  private Turns inTurn(boolean hereFirst, DoubleSupplier mine, ToDoubleFunction<Worker> theirs) {
    Turns turns = new Turns();
    if (hereFirst) {
      turns.here = mine.getAsDouble();
    }
    if (there != null) {
      turns.there = theirs.applyAsDouble(there);
    }
    if (!hereFirst) {
      turns.here = mine.getAsDouble();
    }
    return turns;
  }

  private double ownSeconds() {
    double nanos = here.processorTime().toNanos();
    return (there == null ? nanos : nanos + there.processorTime().toNanos()) / 1e9;
  }

  private static double now() {
    return System.nanoTime() / 1e9;
  }

  /** The median rate of matrix products there over that here; 1 if there is no other side. */
  double relativeRate() {
    return there == null ? 1 : thereRate.median() / hereRate.median();
  }

  /** The figures as a Markdown table, with the rates below. */
  List<String> table() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "| n | threads | Widthwise, autograd: ms/step | PyTorch: ms/step | ratio | others' CPUs |"
            + " compressed exact job, 1 thread: ms/step | PyTorch / compressed |");
    lines.add("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    for (Row row : rows) {
      boolean both = !row.there.isEmpty();
      lines.add(
          "| %d | %d | %s | %s | %s | %s | %s | %s |"
              .formatted(
                  row.width,
                  threads,
                  row.here,
                  row.there,
                  both ? row.here.over(row.there) : "–",
                  row.others,
                  row.compressed,
                  both ? row.there.over(row.compressed) : "–"));
    }
    lines.add("");
    lines.add(
        "float32 products of %d × %d matrices, %d thread(s), GFLOP/s: %s here, %s there"
            .formatted(MATRIX, MATRIX, threads, hereRate, thereRate));
    return lines;
  }
}
