package org.widthwise.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.widthwise.sweep.run.StoredSweep;
import org.widthwise.sweep.run.SweepData;
import org.widthwise.sweep.store.SweepStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "of the sweep (default: the only one)")
  private @Nullable String name;

  @Override
  public Integer call() throws InterruptedException {
    work.requireSense();
    try (SweepStore store = SweepStore.openExisting(work.storage())) {
      StoredSweep sweep = StoredSweep.read(store, SweepNames.of(store, name));
      SweepData data = work.load(sweep.task());
      sweep.require(data);
      return work.work(store, sweep, data);
    }
  }
}
