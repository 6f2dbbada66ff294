package org.widthwise.lab.data;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Closes a stream on which nothing has arrived for a while. The HTTP client's own time-out ends
 * with the headers; a body may hang for ever.
 */
final class StallGuard implements AutoCloseable {
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "widthwise-download-guard");
            thread.setDaemon(true);
            return thread;
          });
  private final Duration stall;
  private volatile long lastMoved = System.nanoTime();
  private volatile boolean fired;

  StallGuard(InputStream stream, Duration stall) {
    this.stall = stall;
    long period = Math.max(1, stall.toMillis() / 4);
    var unused =
        timer.scheduleAtFixedRate(() -> check(stream), period, period, TimeUnit.MILLISECONDS);
  }

  void moved() {
    lastMoved = System.nanoTime();
  }

  /** The reason for a broken stream: the stall if there was one, else {@code otherwise}. */
  String explain(String otherwise) {
    return fired ? "nothing arrived for " + stall.toSeconds() + " s" : otherwise;
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  private void check(InputStream stream) {
    if (System.nanoTime() - lastMoved < stall.toNanos()) {
      return;
    }
    fired = true;
    try {
      stream.close();
    } catch (IOException e) {
      // The reader meets the broken stream itself and reports it.
    }
  }
}
