package org.widthwise.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.widthwise.lab.run.RunException;
import org.widthwise.sweep.store.SweepStore;
import picocli.CommandLine.Option;

/** The option that says which sweep of a storage is meant. */
final class SweepNameOption {

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "of the sweep (default: the only one)")
  private @Nullable String name;

  /** The name given, which there is, else that of the only sweep. */
  String in(SweepStore store) {
    if (name != null) {
      store.definition(name);
      return name;
    }
    List<String> names = store.sweeps();
    if (names.size() != 1) {
      throw new RunException(
          names.isEmpty()
              ? "the storage has no sweep yet: 'widthwise sweep' makes one"
              : "the storage has several sweeps, name one by --name: " + String.join(", ", names));
    }
    return names.get(0);
  }
}
