package org.widthwise.spark;

import java.io.Serializable;
import java.util.List;
import org.widthwise.sweep.run.TrialEnd;

/**
 * What a task tells the driver.
 *
 * @param ends how its trial ended, each time that it was run: a trial that throws is run once more
 * @param refusal why this executor cannot work on the sweep; empty if it can
 */
record TaskReport(List<TrialEnd> ends, String refusal) implements Serializable {

  /** Copies the list. */
  TaskReport {
    ends = List.copyOf(ends);
  }
}
