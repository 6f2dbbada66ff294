package org.widthwise.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.widthwise.lab.train.TrainingOutcome;
import org.widthwise.lab.train.TrainingRun;
import org.widthwise.lab.train.WatchedTraining;

/**
 * A training in this process: whoever waits for it sees how far it is, and may end it.
 *
 * @param err where the progress is shown
 */
record LocalTraining(PrintWriter err) {

  /**
   * Trains alone, or as the process of several that keeps the results.
   *
   * @param training what to train
   * @param preamble lines to be shown once nothing stands in the way of training
   * @param out where its checkpoints go; null for nowhere
   * @param monitor where what a monitor sees goes; null for no monitor
   */
  TrainingOutcome lead(
      TrainingRun training, List<String> preamble, @Nullable Path out, @Nullable Path monitor)
      throws InterruptedException {
    TrainingProgress progress = new TrainingProgress(err, preamble);
    StopRequest stop = StopRequest.ofTraining(err, out);
    WatchedTraining watched =
        monitor == null
            ? null
            : new WatchedTraining(monitor, finding -> progress.note("monitor: " + finding));
    stop.listen();
    try {
      TrainingRun asked = watched == null ? training : training.withObserver(watched);
      return asked.run(progress, stop::isMade);
    } finally {
      progress.close();
      if (watched != null) {
        watched.verdict().ifPresent(verdict -> err.println("monitor: " + verdict.text()));
      }
      stop.ended();
    }
  }

  /** Trains as one of several, of which another one prints and keeps the results. */
  void follow(TrainingRun training) throws InterruptedException {
    StopRequest stop = StopRequest.ofPeer(err);
    stop.listen();
    try {
      training.run(progress -> {}, stop::isMade);
    } finally {
      stop.ended();
    }
  }
}
