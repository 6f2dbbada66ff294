package org.widthwise.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import org.widthwise.audit.spectrum.AuditListener;

/** Shows how far an audit is and about how long it will go on. */
final class AuditProgress implements AuditListener, AutoCloseable {

  private final ProgressLine display;
  private final long start = System.nanoTime();

  AuditProgress(PrintWriter err) {
    this.display = new ProgressLine(err);
  }

  @Override
  public void measured(int tensors, int of, double share) {
    display.offer(() -> line(tensors, of, share, Duration.ofNanos(System.nanoTime() - start)));
  }

  /** What is shown. */
  static String line(int tensors, int of, double share, Duration elapsed) {
    return String.format(
        Locale.ROOT,
        "%d of %d tensors, %.0f %% of the numbers, about %s to go",
        tensors,
        of,
        100 * share,
        TimeToGo.words(TimeToGo.after(elapsed, share)));
  }

  /** Leaves the line to what is printed next. */
  @Override
  public void close() {
    display.close();
  }
}
