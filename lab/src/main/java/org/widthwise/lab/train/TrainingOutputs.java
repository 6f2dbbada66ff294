package org.widthwise.lab.train;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a training leaves behind, which has no part in its result.
 *
 * @param directory where checkpoints and the result go; null for nowhere
 * @param log the file of the steps' losses; null for none
 * @param observers makes what looks into the network between steps; null for nothing
 */
record TrainingOutputs(
    @Nullable Path directory, @Nullable Path log, TrainingObserver.@Nullable Factory observers) {

  static final TrainingOutputs NONE = new TrainingOutputs(null, null, null);

  TrainingOutputs withDirectory(Path newDirectory) {
    return new TrainingOutputs(newDirectory, log, observers);
  }

  TrainingOutputs withLog(Path file) {
    return new TrainingOutputs(directory, file, observers);
  }

  TrainingOutputs withObserver(TrainingObserver.Factory factory) {
    return new TrainingOutputs(directory, log, factory);
  }
}
