package org.widthwise.torch.monitor;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.StringJoiner;

/** A JSON object on a line for each step and parameter. */
final class JsonLinesSink implements MonitorSink {

  private static final String STEP = "{\"step\":";

  private final StepLines lines;

  JsonLinesSink(Path path) {
    this.lines = new StepLines(path, JsonLinesSink::step);
  }

  private static long step(String line) {
    int comma = line.indexOf(',');
    try {
      if (line.startsWith(STEP) && comma > 0) {
        return Long.parseLong(line.substring(STEP.length(), comma));
      }
    } catch (NumberFormatException other) {
      throw new IllegalArgumentException(
          "a line of a monitor's file begins with its step, not '%s'".formatted(line), other);
    }
    throw new IllegalArgumentException(
        "a line of a monitor's file begins with its step, not '%s'".formatted(line));
  }

  @Override
  public void onObservation(Observation observation) {
    List<Quantity> quantities = observation.measured();
    StringBuilder text = new StringBuilder();
    for (LayerSizes layer : observation.layers()) {
      StringJoiner object = new StringJoiner(",", STEP + observation.step() + ",", "}\n");
      object.add("\"parameter\":" + string(layer.parameter()));
      object.add("\"role\":" + string(layer.shape().role().id()));
      object.add("\"layer\":" + string(layer.shape().layer().id()));
      object.add("\"fan_out\":" + layer.shape().fans().fanOut());
      object.add("\"fan_in\":" + layer.shape().fans().fanIn());
      object.add("\"target\":" + layer.target());
      for (Quantity quantity : quantities) {
        object.add("\"" + quantity.id() + "\":" + number(layer.value(quantity)));
      }
      text.append(object);
    }
    lines.append("", observation.step(), text.toString());
  }

  private static String number(OptionalDouble value) {
    return value.isPresent() && Double.isFinite(value.getAsDouble())
        ? Double.toString(value.getAsDouble())
        : "null";
  }

  private static String string(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ') {
        json.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }

  @Override
  public void close() {
    lines.close();
  }
}
