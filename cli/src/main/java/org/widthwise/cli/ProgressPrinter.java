package org.widthwise.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.widthwise.lab.run.MemberResult;
import org.widthwise.lab.run.RunListener;

/**
 * Shows how far a reproduction is: one line that is overwritten on a terminal, a line for each
 * finished run otherwise.
 */
final class ProgressPrinter implements RunListener {

  private static final Duration REFRESH = Duration.ofMillis(250);

  /** Without a terminal, lines stay: they tell now and then that a long run is alive. */
  private static final Duration PLAIN_REFRESH = Duration.ofSeconds(30);

  private static final String ERASE_LINE = "\r\u001b[2K";

  private final PrintWriter err;
  private final boolean terminal;
  private List<String> preamble;
  private long lastShown = System.nanoTime();

  /**
   * A printer.
   *
   * @param err where to
   * @param terminal whether that is one
   * @param preamble lines to be shown once nothing stands in the way of running
   */
  ProgressPrinter(PrintWriter err, boolean terminal, List<String> preamble) {
    this.preamble = List.copyOf(preamble);
    this.err = err;
    this.terminal = terminal;
  }

  /** Whether standard error is a terminal; the launcher knows, Java cannot ask on every version. */
  static boolean onTerminal() {
    return Boolean.getBoolean("widthwise.terminal");
  }

  @Override
  public void started(Progress progress) {
    printPreamble();
    if (progress.finished() > 0) {
      err.printf("%d of %d runs are here already%n", progress.finished(), progress.members());
    }
  }

  @Override
  public void estimating() {
    printPreamble();
    err.println("this is long: short trials first tell how long");
    err.flush();
  }

  @Override
  public void estimated(Duration timeToGo) {
    err.printf("about %s to go, by short trials on this machine%n", format(timeToGo));
    err.flush();
  }

  /** Once, by whatever shows first that nothing stands in the way. */
  private void printPreamble() {
    preamble.forEach(err::println);
    preamble = List.of();
  }

  @Override
  public void progressed(Progress progress) {
    long now = System.nanoTime();
    if (now - lastShown < (terminal ? REFRESH : PLAIN_REFRESH).toNanos()) {
      return;
    }
    lastShown = now;
    if (terminal) {
      err.print(ERASE_LINE + line(progress));
    } else {
      err.println(line(progress));
    }
    err.flush();
  }

  @Override
  public void finished(MemberResult result, Progress progress) {
    if (terminal) {
      progressed(progress);
    } else {
      lastShown = System.nanoTime();
      err.println(line(progress) + "; " + describe(result));
      err.flush();
    }
  }

  /** Leaves the line to what is printed next. */
  void end() {
    if (terminal) {
      err.print(ERASE_LINE);
      err.flush();
    }
  }

  private static String describe(MemberResult result) {
    String key =
        "%s, %d, trial %d".formatted(result.key().series(), result.key().x(), result.key().trial());
    String training =
        result.steps() > 0
            ? String.format(
                Locale.ROOT, ": loss %.2g after %d steps", result.finalLoss(), result.steps())
            : ":";
    return String.format(Locale.ROOT, "%s%s in %.1f s", key, training, result.seconds());
  }

  private static String line(Progress progress) {
    String togo = progress.timeToGo().map(t -> ", " + format(t) + " to go").orElse("");
    return String.format(
        Locale.ROOT,
        "%s: %d of %d runs, %.0f %%%s",
        progress.study(),
        progress.finished(),
        progress.members(),
        100 * progress.share(),
        togo);
  }

  static String format(Duration duration) {
    long seconds = duration.toSeconds();
    return seconds >= 3600
        ? String.format(Locale.ROOT, "%d h %02d min", seconds / 3600, seconds % 3600 / 60)
        : String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
  }
}
