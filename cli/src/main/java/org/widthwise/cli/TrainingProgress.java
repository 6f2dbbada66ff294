package org.widthwise.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.widthwise.lab.train.StepListener;

/**
 * Shows how far a training is: one line that is overwritten on a terminal, a line now and then and
 * for each checkpoint otherwise.
 */
final class TrainingProgress implements StepListener {

  private static final Duration REFRESH = Duration.ofMillis(250);
  private static final Duration PLAIN_REFRESH = Duration.ofSeconds(30);
  private static final String ERASE_LINE = "\r\u001b[2K";

  private final PrintWriter err;
  private final boolean terminal;
  private final List<String> preamble;
  private long lastShown = System.nanoTime();

  /**
   * A printer.
   *
   * @param err where to
   * @param terminal whether that is one
   * @param preamble lines to be shown once nothing stands in the way of training
   */
  TrainingProgress(PrintWriter err, boolean terminal, List<String> preamble) {
    this.err = err;
    this.terminal = terminal;
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
    long now = System.nanoTime();
    if (now - lastShown < (terminal ? REFRESH : PLAIN_REFRESH).toNanos()) {
      return;
    }
    lastShown = now;
    err.print(terminal ? ERASE_LINE + line(progress) : line(progress) + System.lineSeparator());
    err.flush();
  }

  @Override
  public void checkpointed(Path directory) {
    if (!terminal) {
      err.println("checkpoint: " + directory);
      err.flush();
    }
  }

  /** A line of its own between those of the progress. */
  void note(String line) {
    err.println(terminal ? ERASE_LINE + line : line);
    err.flush();
  }

  private static String line(Progress progress) {
    String togo =
        progress.timeToGo().map(t -> ", " + ProgressPrinter.format(t) + " to go").orElse("");
    return String.format(
        Locale.ROOT,
        "step %d of %d, loss %.4g%s",
        progress.step(),
        progress.steps(),
        progress.loss(),
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
