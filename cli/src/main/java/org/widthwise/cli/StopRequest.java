package org.widthwise.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Turns the wish to end the process, as by Ctrl-C, into one to end the training after its step, and
 * holds the process until its checkpoint is written.
 */
final class StopRequest {

  /** Longer than a step and a checkpoint take; what was written before is safe in any case. */
  private static final long PATIENCE_SECONDS = 60;

  private final PrintWriter err;
  private final @Nullable Path out;
  private final AtomicBoolean made = new AtomicBoolean();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread hook = new Thread(this::onExit, "stop after this step");

  /**
   * A request that was not made yet.
   *
   * @param err where to say so when it is
   * @param out where checkpoints are; null if nowhere
   */
  StopRequest(PrintWriter err, @Nullable Path out) {
    this.err = err;
    this.out = out;
  }

  /** Begins to listen for the end of the process. */
  void listen() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  boolean isMade() {
    return made.get();
  }

  /** The training is over, and its last checkpoint written. */
  void ended() {
    ended.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException alreadyEnding) {
      // The hook is what is being run.
    }
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
    if (out == null) {
      err.println("widthwise: stopped; without --out nothing is kept");
    } else {
      err.printf(
          "widthwise: stopped%s; checkpoints are in %s, and the same command goes on from the last"
              + " one%n",
          inTime ? "" : " before the step was done", out);
    }
    err.flush();
  }
}
