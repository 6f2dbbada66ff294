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
final class ReproductionProgress implements RunListener, AutoCloseable {

  private final PrintWriter err;
  private final ProgressLine display;
  private List<String> preamble;

  /**
   * A printer.
   *
   * @param err where to
   * @param preamble lines to be shown once nothing stands in the way of running
   */
  ReproductionProgress(PrintWriter err, List<String> preamble) {
    this.err = err;
    this.display = new ProgressLine(err);
    this.preamble = List.copyOf(preamble);
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
    err.printf("about %s to go, by short trials on this machine%n", TimeToGo.words(timeToGo));
    err.flush();
  }

  /** Once, by whatever shows first that nothing stands in the way. */
  private void printPreamble() {
    preamble.forEach(err::println);
    preamble = List.of();
  }

  @Override
  public void progressed(Progress progress) {
    display.offer(() -> line(progress));
  }

  @Override
  public void finished(MemberResult result, Progress progress) {
    if (display.isOnTerminal()) {
      progressed(progress);
    } else {
      display.show(line(progress) + "; " + describe(result));
    }
  }

  /** Leaves the line to what is printed next. */
  @Override
  public void close() {
    display.close();
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
    return String.format(
        Locale.ROOT,
        "%s: %d of %d runs, %.0f %%%s",
        progress.study(),
        progress.finished(),
        progress.members(),
        100 * progress.share(),
        TimeToGo.ending(progress.timeToGo()));
  }
}
