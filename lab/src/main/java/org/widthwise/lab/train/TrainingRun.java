package org.widthwise.lab.train;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.widthwise.core.plan.Recipe;
import org.widthwise.lab.run.RunException;
import org.widthwise.torch.distributed.PeerException;
import org.widthwise.torch.distributed.ProcessGroup;
import org.widthwise.torch.optim.OptimizerSettings;

/**
 * The training of one network: an architecture, a recipe, an update rule and data, for so many
 * steps from a seed. The same training gives the same bits, in one go or taken up again from its
 * last checkpoint, on the same machine's CPU with as many threads; on a CUDA device to rounding.
 */
public final class TrainingRun {

  private final TrainingTask task;
  private final TrainingOutputs outputs;
  private final @Nullable ProcessGroup group;

  private TrainingRun(TrainingTask task, TrainingOutputs outputs, @Nullable ProcessGroup group) {
    this.task = task;
    this.outputs = outputs;
    this.group = group;
  }

  /**
   * A training that leaves nothing on the disk.
   *
   * @param architecture the network
   * @param recipe how its scales follow from its shapes, and by which rules it is updated
   * @param optimizer what an optimizer needs beside a plan
   * @param data what it is trained on
   * @param settings how long, and so on
   * @return the training
   * @throws IllegalArgumentException if there is no direction for an update rule of the recipe, or
   *     a batch is larger than the data
   */
  public static TrainingRun of(
      Architecture architecture,
      Recipe recipe,
      OptimizerSettings optimizer,
      TrainingData data,
      TrainingSettings settings) {
    return new TrainingRun(
        new TrainingTask(architecture, recipe, optimizer, data, settings, null),
        TrainingOutputs.NONE,
        null);
  }

  /**
   * Starts from given weights in place of drawn ones.
   *
   * @param file a checkpoint, which must have every parameter of the network by name and in its
   *     shape; buffers are taken where it has them
   * @return the training
   */
  public TrainingRun withInitialWeights(Path file) {
    return new TrainingRun(task.withInitialWeights(file), outputs, group);
  }

  /**
   * Keeps checkpoints and results, and goes on from the last checkpoint if there is one.
   *
   * @param newDirectory where, made if it does not exist
   * @return the training
   */
  public TrainingRun withDirectory(Path newDirectory) {
    return new TrainingRun(task, outputs.withDirectory(newDirectory), group);
  }

  /**
   * Writes the loss of each step's batch, before the step's update, to a CSV file with the columns
   * {@code step} and {@code loss}.
   *
   * @param file the file; a training that goes on from a checkpoint goes on with it
   * @return the training
   */
  public TrainingRun withLog(Path file) {
    return new TrainingRun(task, outputs.withLog(file), group);
  }

  /**
   * Lets something look into the network between steps.
   *
   * @param factory makes it
   * @return the training
   */
  public TrainingRun withObserver(TrainingObserver.Factory factory) {
    return new TrainingRun(task, outputs.withObserver(factory), group);
  }

  /**
   * Shares each batch out among the processes of a group, all of which train with the same
   * configuration and number of steps: each has its part of the examples, gradients are averaged,
   * and every process takes the same step. Rank 0 alone has a directory, a log, an observer and
   * held-out examples; what others are given of these is ignored.
   *
   * @param newGroup the processes; closed by who made it
   * @return the training
   * @throws IllegalArgumentException if a batch has fewer examples than there are processes, or the
   *     training is not on the CPU
   */
  public TrainingRun withGroup(ProcessGroup newGroup) {
    if (task.examplesOfAStep() < newGroup.size()) {
      throw new IllegalArgumentException(
          "a batch of %d cannot be shared out among %d processes: take at least one example for each"
              .formatted(task.examplesOfAStep(), newGroup.size()));
    }
    if (!task.settings().device().isCpu()) {
      throw new IllegalArgumentException(
          "processes share a training on CPUs alone (by Gloo), not on %s: train with one process, or on the cpu"
              .formatted(task.settings().device().id()));
    }
    return new TrainingRun(task, outputs, newGroup);
  }

  /**
   * Everything that the result depends on but the number of steps: a training may be made longer.
   *
   * @return the configuration
   * @throws RunException if the file of the first weights cannot be read
   */
  public JsonNode configuration() {
    return task.configuration();
  }

  /**
   * Trains. Native memory stays flat: each step has a scope of its own.
   *
   * @param listener told how far it is
   * @param stop asked after each step; once true, a checkpoint is written and the training ends
   * @return what came of it
   * @throws InterruptedException if the thread is interrupted; seen between steps, and a checkpoint
   *     is written before
   * @throws RunException if the directory or log cannot be written, or holds something else, or
   *     another process of the group trains something else
   * @throws org.widthwise.audit.MalformedFileException if first weights or a checkpoint do not fit
   * @throws PeerException if another process of the group is lost; the message says what is kept
   */
  public TrainingOutcome run(StepListener listener, BooleanSupplier stop)
      throws InterruptedException {
    return new TrainingSession(task, outputs, group).run(listener, stop);
  }

  /**
   * Says what is left of a training that was broken off.
   *
   * @param directory where its checkpoints are, if anywhere
   * @return a sentence without its stop, in lower case
   */
  public static String whatIsKept(@Nullable Path directory) {
    return TrainingStore.whatIsKept(directory);
  }
}
