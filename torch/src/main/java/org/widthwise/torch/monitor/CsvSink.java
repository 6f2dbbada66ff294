package org.widthwise.torch.monitor;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.StringJoiner;

/** A row for each step and parameter. */
final class CsvSink implements MonitorSink {

  private final StepLines lines;

  CsvSink(Path path) {
    this.lines = new StepLines(path, CsvSink::step);
  }

  private static long step(String line) {
    try {
      return Long.parseLong(line.substring(0, Math.max(0, line.indexOf(','))));
    } catch (NumberFormatException other) {
      throw new IllegalArgumentException(
          "a row of a monitor's file begins with its step, not '%s'".formatted(line), other);
    }
  }

  @Override
  public void onObservation(Observation observation) {
    List<Quantity> quantities = observation.measured();
    StringBuilder rows = new StringBuilder();
    for (LayerSizes layer : observation.layers()) {
      StringJoiner row = new StringJoiner(",", "", "\n");
      row.add(Long.toString(observation.step()));
      row.add(quoted(layer.parameter()));
      row.add(layer.shape().role().id());
      row.add(layer.shape().layer().id());
      row.add(Long.toString(layer.shape().fans().fanOut()));
      row.add(Long.toString(layer.shape().fans().fanIn()));
      row.add(Double.toString(layer.target()));
      for (Quantity quantity : quantities) {
        OptionalDouble value = layer.value(quantity);
        row.add(value.isPresent() ? Double.toString(value.getAsDouble()) : "");
      }
      rows.append(row);
    }
    lines.append(String.join(",", Columns.names(quantities)), observation.step(), rows.toString());
  }

  private static String quoted(String text) {
    return text.matches("[^\",\\r\\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
  }

  @Override
  public void close() {
    lines.close();
  }
}
