package org.widthwise.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.widthwise.lab.train.StepListener;

/**
 * Shows how far a training is: one line that is overwritten on a terminal, a line now and then and
 * for each checkpoint otherwise.
 */
final class TrainingProgress implements StepListener, AutoCloseable {

  private final PrintWriter err;
  private final ProgressLine display;
  private final List<String> preamble;

  /**
   * A printer.
   *
   * @param err where to
   * @param preamble lines to be shown once nothing stands in the way of training
   */
  TrainingProgress(PrintWriter err, List<String> preamble) {
    this.err = err;
    this.display = new ProgressLine(err);
    this.preamble = List.copyOf(preamble);
  }

  @Override
  public void started(long parameters, long done) {
    preamble.forEach(err::println);
    err.printf(Locale.ROOT, "training %,d parameters%n", parameters);
    if (done > 0) {
      err.printf("%d steps are done already%n", done);
    }
    err.flush();
  }

  @Override
  public void stepped(Progress progress) {
    display.offer(() -> line(progress));
  }

  @Override
  public void checkpointed(Path directory) {
    if (!display.isOnTerminal()) {
      display.note("checkpoint: " + directory);
    }
  }

  /** A line of its own between those of the progress. */
  void note(String text) {
    display.note(text);
  }

  private static String line(Progress progress) {
    return String.format(
        Locale.ROOT,
        "step %d of %d, loss %.4g%s",
        progress.step(),
        progress.steps(),
        progress.loss(),
        TimeToGo.ending(progress.timeToGo()));
  }

  /** Leaves the line to what is printed next. */
  @Override
  public void close() {
    display.close();
  }
}
