package org.widthwise.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.Supplier;

/** How far something is, in a line: overwritten on a terminal, otherwise one now and then. */
final class ProgressLine implements AutoCloseable {

  private static final Duration REFRESH = Duration.ofMillis(250);

  /** Without a terminal, lines stay: they tell now and then that long work is alive. */
  private static final Duration PLAIN_REFRESH = Duration.ofSeconds(30);

  private static final String ERASE_LINE = "\r\u001b[2K";

  private final PrintWriter err;
  private final boolean terminal;
  private long lastShown = System.nanoTime();

  /**
   * Nothing is shown yet.
   *
   * @param err standard error
   */
  ProgressLine(PrintWriter err) {
    this.err = err;
    // The launcher knows; Java cannot ask on every version.
    this.terminal = Boolean.getBoolean("widthwise.terminal");
  }

  /** Whether standard error is a terminal. */
  boolean isOnTerminal() {
    return terminal;
  }

  /** Shows a line, unless one was shown a moment ago. */
  void offer(Supplier<String> line) {
    if (System.nanoTime() - lastShown >= (terminal ? REFRESH : PLAIN_REFRESH).toNanos()) {
      show(line.get());
    }
  }

  /** Shows a line at once. */
  void show(String line) {
    lastShown = System.nanoTime();
    if (terminal) {
      err.print(ERASE_LINE + line);
    } else {
      err.println(line);
    }
    err.flush();
  }

  /** A line that stays, between those of the progress. */
  void note(String line) {
    err.println(terminal ? ERASE_LINE + line : line);
    err.flush();
  }

  /** Leaves the line to what is printed next. */
  @Override
  public void close() {
    if (terminal) {
      err.print(ERASE_LINE);
      err.flush();
    }
  }
}
