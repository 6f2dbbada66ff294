package org.widthwise.cli;

import java.util.concurrent.Callable;
import org.widthwise.sweep.definition.SweepDefinition;
import org.widthwise.sweep.run.StoredSweep;
import org.widthwise.sweep.run.SweepData;
import org.widthwise.sweep.store.SweepStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code widthwise sweep}. */
@Command(
    name = "sweep",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Trains networks of several widths at many learning rates, side by side, and stores what",
      "came of each. The same command goes on where it was stopped; with more rates, widths or",
      "seeds it adds them."
    },
    subcommands = {SweepWorkCommand.class, SweepExportCommand.class})
final class SweepCommand implements Callable<Integer> {

  @Mixin private final SweepFlags flags = new SweepFlags();

  @Mixin private final SweepWork work = new SweepWork();

  @Override
  public Integer call() throws InterruptedException {
    work.requireSense();
    SweepDefinition definition = flags.definition();
    SweepData data = work.load(definition.task());
    try (SweepStore store = SweepStore.open(work.storage())) {
      StoredSweep sweep = StoredSweep.add(store, definition, data);
      return work.work(store, sweep, data);
    }
  }
}
