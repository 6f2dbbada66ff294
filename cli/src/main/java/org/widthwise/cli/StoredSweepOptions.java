package org.widthwise.cli;

import org.widthwise.sweep.store.SweepStore;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of commands that read a sweep which is stored. */
final class StoredSweepOptions {

  @Option(
      names = "--storage",
      paramLabel = "PLACE",
      description = "as of 'widthwise sweep' (default: sweep.db)")
  private String storage = "sweep.db";

  @Mixin private final SweepNameOption name = new SweepNameOption();

  /** The storage, which there is; to be closed. */
  SweepStore open() {
    return SweepStore.openExisting(storage);
  }

  /** The sweep that is meant, by its name. */
  String nameIn(SweepStore store) {
    return name.in(store);
  }
}
