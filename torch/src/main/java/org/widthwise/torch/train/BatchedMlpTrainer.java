package org.widthwise.torch.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.engine.Tensors;
import org.widthwise.torch.nn.Activation;

/**
 * Trains several MLPs of one shape at a time, each on a batch and with rates of its own: what
 * {@link CompressedMlpTrainer} does for one, by products of stacks of matrices. On a GPU, where a
 * narrow network alone leaves most of the device idle, that is the way; on a CPU it is not, where
 * each had better have a thread of its own.
 *
 * <p>Each network takes the steps that it would take by itself, to rounding. One that diverges does
 * not concern the others.
 */
public final class BatchedMlpTrainer {
  private BatchedMlpTrainer() {}

  /** How far one of the networks has come. */
  private static final class Course {
    private final List<LossPoint> losses = new ArrayList<>();
    private long divergedAfter = -1;

    boolean diverged() {
      return divergedAfter >= 0;
    }

    TrainingResult result(MlpWeights weights) {
      return diverged()
          ? new TrainingResult.Diverged(divergedAfter, losses)
          : new TrainingResult.Completed(losses.get(losses.size() - 1).loss(), losses, weights);
    }
  }

  /**
   * Trains copies of the given weights.
   *
   * @param tasks the networks, at least one, all of one shape, on batches of one size, of one type
   *     and on one device
   * @param activation φ, between layers
   * @param length how many steps, and how often to report
   * @return for each network its losses and, if it did not diverge, its weights, which belong to
   *     the {@link PointerScope} this was called in
   * @throws InterruptedException if the thread is interrupted; seen at the reports
   * @throws IllegalArgumentException if there is no network, or their shapes differ
   */
  public static List<TrainingResult> train(
      List<MlpTask> tasks, Activation activation, TrainingLength length)
      throws InterruptedException {
    requireAlike(tasks);
    Libtorch.load();
    StackedMlps trained = StackedMlps.of(tasks);
    List<Course> courses = tasks.stream().map(task -> new Course()).toList();
    try (PointerScope scope = new PointerScope();
        NoGradGuard noGradients = new NoGradGuard()) {
      ClosedFormMlp networks = ClosedFormMlp.of(trained, activation, tasks);
      boolean alive = true;
      for (long taken = 0; alive && taken <= length.steps(); taken++) {
        networks.forward();
        if (length.reportsAfter(taken)) {
          if (Thread.interrupted()) {
            throw new InterruptedException("training was interrupted after " + taken + " steps");
          }
          report(tasks, courses, networks, trained, taken);
          alive = !courses.stream().allMatch(Course::diverged);
        }
        if (taken < length.steps()) {
          networks.descend();
        }
      }
      networks.writeBack();
    }
    List<TrainingResult> results = new ArrayList<>();
    for (int index = 0; index < tasks.size(); index++) {
      results.add(courses.get(index).result(trained.member(index)));
    }
    return results;
  }

  private static void report(
      List<MlpTask> tasks,
      List<Course> courses,
      ClosedFormMlp networks,
      StackedMlps trained,
      long taken) {
    double[] losses = networks.losses();
    for (int i = 0; i < losses.length; i++) {
      int index = i;
      Course course = courses.get(index);
      if (course.diverged()) {
        continue;
      }
      if (!Double.isFinite(losses[index])) {
        course.divergedAfter = taken;
        continue;
      }
      LossPoint point = new LossPoint(taken, losses[index]);
      course.losses.add(point);
      try (PointerScope report = new PointerScope()) {
        tasks
            .get(index)
            .listener()
            .onReport(
                point,
                () -> {
                  networks.writeBack();
                  return trained.member(index).copy();
                });
      }
    }
  }

  private static void requireAlike(List<MlpTask> tasks) {
    if (tasks.isEmpty()) {
      throw new IllegalArgumentException(
          "at least one network is to be trained, but there is none");
    }
    for (MlpTask task : tasks) {
      if (!shape(task).equals(shape(tasks.get(0)))) {
        throw new IllegalArgumentException(
            "networks that are trained together have one shape, but there are %s and %s"
                .formatted(shape(tasks.get(0)), shape(task)));
      }
    }
  }

  private static String shape(MlpTask task) {
    StringBuilder shape = new StringBuilder();
    task.initial()
        .weights()
        .forEach(weight -> shape.append(Arrays.toString(Tensors.shape(weight))));
    return "%s%s on %d examples"
        .formatted(
            shape, task.initial().hasBias() ? " with biases" : "", task.batch().inputs().size(0));
  }
}
