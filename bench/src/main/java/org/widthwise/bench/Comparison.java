package org.widthwise.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.widthwise.bench.Contest.Contestant;
import org.widthwise.bench.Contest.Rate;
import org.widthwise.bench.Contest.Ratio;

/**
 * Runs a contest in rounds, one contestant right after the other, so that whatever else the machine
 * does hits all. The order turns around from round to round. A first round warms up and is not
 * counted.
 */
final class Comparison {
  private static final double RATE_SECONDS_SHARE = 0.3;
  private static final int ATTEMPTS = 60;
  private static final long PAUSE_MILLIS = 1000;
  private static final double NANOS = 1e9;

  private final Contest contest;
  private final List<? extends Worker> workers;
  private final double seconds;
  private final double tolerated;
  private final List<Samples> rates = new ArrayList<>();
  private final List<Row> rows = new ArrayList<>();

  /** The figures of one width: one of each round. */
  private static final class Row {
    private final int width;
    private final List<Samples> times = new ArrayList<>();
    private final Samples others = new Samples();

    private Row(int width, int contestants) {
      this.width = width;
      for (int i = 0; i < contestants; i++) {
        times.add(new Samples());
      }
    }
  }

  /** What one visit gave: a figure of each contestant, and how many processors others used. */
  private record Visit(List<Double> figures, double others) {}

  /** Measures something once, each contestant in turn. */
  @FunctionalInterface
  private interface Turns {
    List<Double> take();
  }

  /**
   * A comparison.
   *
   * @param contest what is compared
   * @param workers whose processor time is the contest's own
   * @param seconds how long a turn takes
   * @param tolerated how many processors others may use meanwhile
   */
  Comparison(Contest contest, List<? extends Worker> workers, double seconds, double tolerated) {
    this.contest = contest;
    this.workers = workers;
    this.seconds = seconds;
    this.tolerated = tolerated;
    contest.rates().forEach(rate -> rates.add(new Samples()));
  }

  void measure(List<Integer> widths, int rounds) throws InterruptedException {
    widths.forEach(width -> rows.add(new Row(width, contest.contestants().size())));
    rates(false);
    rows.forEach(row -> turns(row.width, false));
    for (int round = 0; round < rounds; round++) {
      boolean backwards = round % 2 == 1;
      add(undisturbed(() -> rates(backwards)), rates);
      for (Row row : rows) {
        Visit visit = undisturbed(() -> turns(row.width, backwards));
        add(visit, row.times);
        row.others.add(visit.others());
      }
    }
  }

  private static void add(Visit visit, List<Samples> to) {
    for (int i = 0; i < to.size(); i++) {
      to.get(i).add(visit.figures().get(i));
    }
  }

  /** Repeats what others disturbed, until they leave us alone or patience ends. */
  private Visit undisturbed(Turns turns) throws InterruptedException {
    for (int attempt = 1; ; attempt++) {
      double start = System.nanoTime() / NANOS;
      OptionalDouble busy = MachineLoad.busySeconds();
      double own = ownSeconds();
      List<Double> figures = turns.take();
      double took = System.nanoTime() / NANOS - start;
      OptionalDouble busyAfter = MachineLoad.busySeconds();
      if (busy.isEmpty() || busyAfter.isEmpty()) {
        return new Visit(figures, 0);
      }
      double used = busyAfter.getAsDouble() - busy.getAsDouble() - (ownSeconds() - own);
      double others = Math.max(0, used / took);
      if (others <= tolerated || attempt == ATTEMPTS) {
        return new Visit(figures, others);
      }
      Thread.sleep(PAUSE_MILLIS);
    }
  }

  private List<Double> rates(boolean backwards) {
    double time = RATE_SECONDS_SHARE * seconds;
    return inTurn(contest.rates(), backwards, rate -> rate.measure().applyAsDouble(time));
  }

  private List<Double> turns(int width, boolean backwards) {
    return inTurn(
        contest.contestants(),
        backwards,
        contestant -> contestant.turn().millisPerStep(width, seconds));
  }

  /** One figure of one who takes turns. */
  @FunctionalInterface
  private interface Figure<T> {
    double of(T one);
  }

  private static <T> List<Double> inTurn(List<T> all, boolean backwards, Figure<T> figure) {
    List<Double> figures = new ArrayList<>(Collections.nCopies(all.size(), 0.0));
    for (int i = 0; i < all.size(); i++) {
      int place = backwards ? all.size() - 1 - i : i;
      figures.set(place, figure.of(all.get(place)));
    }
    return figures;
  }

  private double ownSeconds() {
    return workers.stream().map(Worker::processorTime).mapToLong(Duration::toNanos).sum() / NANOS;
  }

  /** The median of a rate over that of the first. */
  double relativeRate(int place) {
    return rates.get(place).median() / rates.get(0).median();
  }

  /** The figures as a Markdown table, with the rates below. */
  List<String> table() {
    List<String> lines = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of("n"));
    contest.contestants().stream()
        .map(Contestant::name)
        .map("%s: ms/step"::formatted)
        .forEach(head::add);
    contest.ratios().stream().map(Ratio::name).forEach(head::add);
    boolean shares = contest.work() != Contest.Work.UNTOLD;
    if (shares) {
      head.add("share of " + contest.rates().get(0).name());
    }
    head.add("others' CPUs");
    lines.add(line(head));
    lines.add(line(Collections.nCopies(head.size(), "---:")));
    for (Row row : rows) {
      List<String> cells = new ArrayList<>(List.of(Integer.toString(row.width)));
      row.times.forEach(times -> cells.add(times.toString()));
      contest
          .ratios()
          .forEach(
              ratio ->
                  cells.add(
                      row.times
                          .get(ratio.numerator())
                          .over(row.times.get(ratio.denominator()))
                          .toString()));
      if (shares) {
        double rate = contest.work().gigaflop(row.width) / (1e-3 * row.times.get(0).median());
        cells.add(String.format(Locale.ROOT, "%.2f", rate / rates.get(0).median()));
      }
      cells.add(row.others.toString());
      lines.add(line(cells));
    }
    lines.add("");
    for (int i = 0; i < rates.size(); i++) {
      Rate rate = contest.rates().get(i);
      lines.add("%s, GFLOP/s: %s".formatted(rate.name(), rates.get(i)));
    }
    return lines;
  }

  private static String line(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |";
  }
}
