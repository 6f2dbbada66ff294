package org.widthwise.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import org.widthwise.audit.spectrum.AuditListener;

/** Shows how far an audit is and about how long it will go on. */
final class AuditProgress implements AuditListener {

  private static final Duration REFRESH = Duration.ofMillis(250);

  /** Without a terminal, lines stay: they tell now and then that a long audit is alive. */
  private static final Duration PLAIN_REFRESH = Duration.ofSeconds(30);

  private static final String ERASE_LINE = "\r\u001b[2K";

  private final PrintWriter err;
  private final boolean terminal;
  private final long start = System.nanoTime();
  private long lastShown = start;

  AuditProgress(PrintWriter err, boolean terminal) {
    this.err = err;
    this.terminal = terminal;
  }

  @Override
  public void measured(int tensors, int of, double share) {
    long now = System.nanoTime();
    if (now - lastShown < (terminal ? REFRESH : PLAIN_REFRESH).toNanos()) {
      return;
    }
    lastShown = now;
    String line = line(tensors, of, share, Duration.ofNanos(now - start));
    if (terminal) {
      err.print(ERASE_LINE + line);
    } else {
      err.println(line);
    }
    err.flush();
  }

  /** What is shown. */
  static String line(int tensors, int of, double share, Duration elapsed) {
    Duration toGo = Duration.ofMillis(Math.round(elapsed.toMillis() * (1 - share) / share));
    return String.format(
        Locale.ROOT,
        "%d of %d tensors, %.0f %% of the numbers, about %s to go",
        tensors,
        of,
        100 * share,
        ProgressPrinter.format(toGo));
  }

  /** Leaves the line to what is printed next. */
  void end() {
    if (terminal) {
      err.print(ERASE_LINE);
      err.flush();
    }
  }
}
