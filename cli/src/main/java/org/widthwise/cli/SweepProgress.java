package org.widthwise.cli;

import java.io.PrintWriter;
import java.util.Locale;
import org.widthwise.sweep.definition.TrialConfiguration;
import org.widthwise.sweep.run.SweepListener;
import org.widthwise.sweep.store.Claim;
import org.widthwise.sweep.store.TrialState;

/**
 * Shows how far a sweep is: one line that is overwritten on a terminal, a line now and then
 * otherwise, and a line that stays for each trial that threw.
 */
final class SweepProgress implements SweepListener, AutoCloseable {

  private final PrintWriter err;
  private final ProgressLine display;

  /**
   * A printer.
   *
   * @param err where to
   */
  SweepProgress(PrintWriter err) {
    this.err = err;
    this.display = new ProgressLine(err);
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
    if (display.isOnTerminal()) {
      display.show(line(progress));
    } else {
      display.offer(() -> line(progress));
    }
  }

  @Override
  public void ended(Claim trial, Ending ending, String message, Progress progress) {
    if (ending == Ending.THREW || ending == Ending.LOST) {
      TrialConfiguration configuration = TrialConfiguration.of(trial.configuration());
      display.note(
          "%s, width %d, rate %s, seed %d: %s"
              .formatted(
                  configuration.series(),
                  configuration.width(),
                  configuration.learningRate(),
                  trial.seed(),
                  ending == Ending.LOST ? "another worker took it over" : message));
    }
    if (display.isOnTerminal()) {
      progressed(progress);
    }
  }

  private static String line(Progress progress) {
    return String.format(
        Locale.ROOT,
        "%d of %d trials, %d diverged, %.0f %%%s",
        progress.state().finished(),
        progress.state().count(),
        progress.state().count(TrialState.DIVERGED),
        100 * progress.share(),
        TimeToGo.ending(progress.timeToGo()));
  }

  /** Leaves the line to what is printed next. */
  @Override
  public void close() {
    display.close();
  }
}
