package org.widthwise.spark;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.jspecify.annotations.Nullable;
import org.widthwise.lab.data.DataException;
import org.widthwise.lab.run.RunException;

/**
 * The place where an executor's tasks work. It is sent as a broadcast variable, of which all tasks
 * of an executor get the same object, and opened by the first of them: data are read once.
 */
final class TrialSite implements Serializable {

  private static final long serialVersionUID = 1;

  private final SiteSettings settings;
  private transient @Nullable OpenSite open;

  TrialSite(SiteSettings settings) {
    this.settings = settings;
  }

  /** Runs a trial, unless somebody else has it or it is over. */
  TaskReport run(String digest, TaskContext context) {
    OpenSite here;
    try {
      here = open(context.cpus());
    } catch (RunException | DataException | LinkageError refused) {
      return new TaskReport(
          List.of(),
          "executor %s cannot work on the sweep: %s"
              .formatted(SparkEnv.get().executorId(), refused.getMessage()));
    }
    return new TaskReport(here.run(digest, context::isInterrupted), "");
  }

  private synchronized OpenSite open(int threads) {
    if (open == null) {
      open = OpenSite.of(settings, SparkEnv.get().executorId(), threads);
    }
    return open;
  }

  /** How much of the trials is done that run in this process. */
  synchronized double partialWork() {
    return open == null ? 0 : open.partialWork();
  }

  /** Has tasks of this process give their trials back. */
  synchronized void giveBack() {
    if (open != null) {
      open.giveBack();
    }
  }

  /** Lets go of what this process has opened. */
  synchronized void close() {
    if (open != null) {
      open.close();
      open = null;
    }
  }
}
