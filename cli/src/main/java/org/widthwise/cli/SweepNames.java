package org.widthwise.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.widthwise.lab.run.RunException;
import org.widthwise.sweep.store.SweepStore;

/** Which sweep of a storage is meant. */
final class SweepNames {

  private SweepNames() {}

  /** The name given, else that of the only sweep. */
  static String of(SweepStore store, @Nullable String name) {
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
