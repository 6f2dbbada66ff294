package org.widthwise.torch.monitor;

import java.util.ArrayList;
import java.util.List;

/** The columns of files of lines, which {@code docs/monitor.md} promises. */
final class Columns {

  /** What identifies a row. */
  static final List<String> KEYS =
      List.of("step", "parameter", "role", "layer", "fan_out", "fan_in", "target");

  private Columns() {}

  /** The names of all columns. */
  static List<String> names(List<Quantity> quantities) {
    List<String> names = new ArrayList<>(KEYS);
    quantities.forEach(quantity -> names.add(quantity.id()));
    return names;
  }
}
