package org.widthwise.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import org.widthwise.sweep.definition.TrialConfiguration;
import org.widthwise.sweep.run.SweepListener;
import org.widthwise.sweep.store.Claim;
import org.widthwise.sweep.store.TrialState;

/**
 * Shows how far a sweep is: one line that is overwritten on a terminal, a line now and then
 * otherwise, and a line that stays for each trial that threw.
 */
final class SweepProgress implements SweepListener {

  private static final Duration PLAIN_REFRESH = Duration.ofSeconds(30);
  private static final String ERASE_LINE = "\r\u001b[2K";

  private final PrintWriter err;
  private final boolean terminal;
  private long lastShown = System.nanoTime();

  /**
   * A printer.
   *
   * @param err where to
   * @param terminal whether that is one
   */
  SweepProgress(PrintWriter err, boolean terminal) {
    this.err = err;
    this.terminal = terminal;
  }

  @Override
  public void started(Progress progress) {
    int finished = progress.state().finished();
    err.printf(
        "%d trials%s%n",
        progress.state().count(), finished > 0 ? ", %d are over already".formatted(finished) : "");
    err.flush();
  }

  @Override
  public void progressed(Progress progress) {
    long now = System.nanoTime();
    if (!terminal && now - lastShown < PLAIN_REFRESH.toNanos()) {
      return;
    }
    lastShown = now;
    err.print(terminal ? ERASE_LINE + line(progress) : line(progress) + System.lineSeparator());
    err.flush();
  }

  @Override
  public void ended(Claim trial, Ending ending, String message, Progress progress) {
    if (ending == Ending.THREW || ending == Ending.LOST) {
      TrialConfiguration configuration = TrialConfiguration.of(trial.configuration());
      err.printf(
          "%s%s, width %d, rate %s, seed %d: %s%n",
          terminal ? ERASE_LINE : "",
          configuration.series(),
          configuration.width(),
          configuration.learningRate(),
          trial.seed(),
          ending == Ending.LOST ? "another worker took it over" : message);
    }
    if (terminal) {
      progressed(progress);
    }
  }

  private static String line(Progress progress) {
    String togo =
        progress.timeToGo().map(t -> ", " + ProgressPrinter.format(t) + " to go").orElse("");
    return String.format(
        Locale.ROOT,
        "%d of %d trials, %d diverged, %.0f %%%s",
        progress.state().finished(),
        progress.state().count(),
        progress.state().count(TrialState.DIVERGED),
        100 * progress.share(),
        togo);
  }

  /** Leaves the line to what is printed next. */
  void end() {
    if (terminal) {
      err.print(ERASE_LINE);
      err.flush();
    }
  }
}
