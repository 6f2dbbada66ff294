package org.widthwise.lab.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Stream;
import org.widthwise.lab.experiment.PaperItem;
import org.widthwise.lab.experiment.Preset;
import org.widthwise.lab.experiment.Settings;

/** The command that makes an item again. */
final class RepeatCommand {

  private static final String REPRODUCE = "widthwise reproduce ";

  private RepeatCommand() {}

  /** Makes an item for the first time. */
  static String first(PaperItem item) {
    return REPRODUCE + quoted(item.id());
  }

  /**
   * Makes an item with the settings of a configuration: a preset, and what is to be changed of it.
   * That of the fewest changes is taken.
   */
  static String of(PaperItem item, JsonNode configuration) {
    List<String> options =
        Stream.of(Preset.values())
            .map(preset -> options(preset, item.study().settings(preset), configuration))
            .min(Comparator.comparingInt(List::size))
            .orElseThrow();
    StringJoiner words = new StringJoiner(" ").add(first(item));
    options.forEach(words::add);
    return words.toString();
  }

  private static List<String> options(Preset preset, Settings settings, JsonNode configuration) {
    List<String> options = new ArrayList<>();
    if (preset != Preset.QUICK) {
      options.add("--preset " + preset.id());
    }
    change(options, "widths", list(settings.widths()), configuration);
    change(options, "batches", list(settings.batches()), configuration);
    change(options, "trials", Integer.toString(settings.trials()), configuration);
    change(options, "steps", Integer.toString(settings.steps()), configuration);
    change(options, "seed", Long.toString(settings.seed()), configuration);
    change(options, "device", settings.device().kind().id(), configuration);
    return options;
  }

  private static void change(
      List<String> options, String name, String preset, JsonNode configuration) {
    if (configuration.has(name)) {
      String asked = text(configuration.path(name));
      if (!asked.equals(preset)) {
        options.add("--" + name + " " + quoted(asked));
      }
    }
  }

  private static String list(List<Long> numbers) {
    return String.join(",", numbers.stream().map(String::valueOf).toList());
  }

  private static String text(JsonNode value) {
    if (!value.isArray()) {
      return value.asText();
    }
    StringJoiner words = new StringJoiner(",");
    value.forEach(element -> words.add(element.asText()));
    return words.toString();
  }

  /** As one word of a POSIX shell, whatever is in it. */
  private static String quoted(String word) {
    return word.matches("[A-Za-z0-9_.,:/+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
