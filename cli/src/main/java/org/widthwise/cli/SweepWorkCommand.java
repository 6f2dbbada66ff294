package org.widthwise.cli;

import java.util.concurrent.Callable;
import org.widthwise.sweep.run.StoredSweep;
import org.widthwise.sweep.run.SweepData;
import org.widthwise.sweep.store.SweepStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code widthwise sweep work}. */
@Command(
    name = "work",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Joins the work on a sweep that is stored, from this process or this machine, until the",
      "sweep is finished."
    })
final class SweepWorkCommand implements Callable<Integer> {

  @Mixin private final SweepWork work = new SweepWork();

  @Mixin private final SweepNameOption name = new SweepNameOption();

  @Override
  public Integer call() throws InterruptedException {
    work.requireSense();
    try (SweepStore store = SweepStore.openExisting(work.storage())) {
      StoredSweep sweep = StoredSweep.read(store, name.in(store));
      SweepData data = work.load(sweep.task());
      sweep.require(data);
      return work.work(store, sweep, data);
    }
  }
}
