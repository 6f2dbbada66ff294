package org.widthwise.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Turns the wish to end the process, as by Ctrl-C, into one to end the work at a good place, and
 * holds the process until what was done is kept.
 */
final class StopRequest {

  /** Longer than a step and a checkpoint take; what was written before is safe in any case. */
  private static final long PATIENCE_SECONDS = 60;

  private final PrintWriter err;
  private final Farewell farewell;
  private final AtomicBoolean made = new AtomicBoolean();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final ExitHook hook = new ExitHook("stop at a good place", this::onExit);

  /** What is said at the end. */
  @FunctionalInterface
  interface Farewell {

    /** One line, given whether the work came to its good place in time. */
    String words(boolean inTime);
  }

  /**
   * A request that was not made yet.
   *
   * @param err where to say so when it is
   * @param farewell what to say
   */
  StopRequest(PrintWriter err, Farewell farewell) {
    this.err = err;
    this.farewell = farewell;
  }

  /** A training ends after its step, and its checkpoint is in a directory, if any. */
  static StopRequest ofTraining(PrintWriter err, @Nullable Path out) {
    return new StopRequest(
        err,
        inTime ->
            out == null
                ? "stopped; without --out nothing is kept"
                : "stopped%s; checkpoints are in %s, and the same command goes on from the last one"
                    .formatted(inTime ? "" : " before the step was done", out));
  }

  /**
   * A training of several processes all of which end after the step; another one has the results.
   */
  static StopRequest ofPeer(PrintWriter err) {
    return new StopRequest(err, inTime -> "stopped; rank 0 keeps the checkpoints");
  }

  /** Begins to listen for the end of the process. */
  void listen() {
    hook.add();
  }

  boolean isMade() {
    return made.get();
  }

  /** The work is over, and what was done is kept. */
  void ended() {
    ended.countDown();
    hook.close();
  }

  private void onExit() {
    made.set(true);
    boolean inTime;
    try {
      inTime = ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException unlikely) {
      Thread.currentThread().interrupt();
      inTime = false;
    }
    err.println();
    err.println("widthwise: " + farewell.words(inTime));
    err.flush();
  }
}
