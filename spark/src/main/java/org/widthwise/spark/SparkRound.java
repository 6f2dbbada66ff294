package org.widthwise.spark;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.SimpleFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import scala.runtime.BoxedUnit;
import scala.util.Try;

/** Trials that were handed to Spark together: one of its jobs, with a task for each. */
final class SparkRound {

  private final Set<String> pending;
  private final SimpleFutureAction<BoxedUnit> action;

  private SparkRound(Set<String> pending, SimpleFutureAction<BoxedUnit> action) {
    this.pending = pending;
    this.action = action;
  }

  /**
   * Hands trials to Spark.
   *
   * @param context Spark
   * @param site where they are run
   * @param digests the trials, in the order in which they are to begin
   * @param reports told what each task reports; called from Spark's threads
   */
  static SparkRound of(
      JavaSparkContext context,
      Broadcast<TrialSite> site,
      List<String> digests,
      Consumer<TaskReport> reports) {
    List<Object> partitions =
        IntStream.range(0, digests.size()).boxed().collect(Collectors.toList());
    Set<String> pending = ConcurrentHashMap.newKeySet();
    pending.addAll(digests);
    SimpleFutureAction<BoxedUnit> action =
        context
            .sc()
            .submitJob(
                context.parallelize(digests, digests.size()).rdd(),
                new TrialTask(site),
                scala.jdk.javaapi.CollectionConverters.asScala(partitions).toSeq(),
                (index, report) -> {
                  reports.accept(report);
                  pending.remove(digests.get((Integer) index));
                  return BoxedUnit.UNIT;
                },
                () -> BoxedUnit.UNIT);
    return new SparkRound(pending, action);
  }

  /** Whether a trial is among them whose task has not ended. */
  boolean has(String digest) {
    return pending.contains(digest);
  }

  /**
   * Whether all its tasks have ended.
   *
   * @throws IllegalStateException if Spark gave up
   */
  boolean isOver() {
    if (!action.isCompleted()) {
      return false;
    }
    Try<BoxedUnit> outcome = action.value().get();
    if (outcome.isFailure()) {
      Throwable failed = outcome.failed().get();
      throw new IllegalStateException("Spark gave up: " + SparkJob.reason(failed), failed);
    }
    return true;
  }

  /** Has its tasks end early. */
  void cancel() {
    action.cancel();
  }
}
