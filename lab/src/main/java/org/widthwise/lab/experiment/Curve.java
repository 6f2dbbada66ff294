package org.widthwise.lab.experiment;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.widthwise.lab.run.MemberResult;

/**
 * One curve of a panel: where its points are among the stored values, and what is predicted of it.
 *
 * @param id its name in files, such as {@code mup} or {@code relu/init}; the same in every panel
 *     that shows the same thing
 * @param label its name in the picture, such as {@code μP}
 * @param prediction what the paper says of it
 * @param group which members it is made of: the {@code series} of their keys
 * @param reading reads off a member's result the values by abscissa; NaN where one is missing
 */
public record Curve(
    String id,
    String label,
    Prediction prediction,
    String group,
    Function<MemberResult, SortedMap<Long, Double>> reading) {

  /**
   * A curve with one point a member, at its key's abscissa.
   *
   * @param id its name in files
   * @param label its name in the picture
   * @param prediction what the paper says of it
   * @param group which members it is made of
   * @param value the name of the value among those of a member
   * @return the curve
   */
  public static Curve of(
      String id, String label, Prediction prediction, String group, String value) {
    return new Curve(
        id,
        label,
        prediction,
        group,
        result ->
            new TreeMap<>(
                Map.of(result.key().x(), result.values().getOrDefault(value, Double.NaN))));
  }

  /**
   * A curve with several points a member, stored as {@code <value>@<abscissa>}.
   *
   * @param id its name in files
   * @param label its name in the picture
   * @param prediction what the paper says of it
   * @param group which members it is made of
   * @param value the name of the values before the {@code @}
   * @return the curve
   */
  public static Curve along(
      String id, String label, Prediction prediction, String group, String value) {
    String prefix = value + "@";
    return new Curve(
        id,
        label,
        prediction,
        group,
        result -> {
          SortedMap<Long, Double> points = new TreeMap<>();
          result
              .values()
              .tailMap(prefix)
              .forEach(
                  (name, number) -> {
                    if (name.startsWith(prefix)) {
                      points.put(Long.parseLong(name.substring(prefix.length())), number);
                    }
                  });
          return points;
        });
  }

  /**
   * The name under which {@link #along} finds a value.
   *
   * @param value the name before the {@code @}
   * @param abscissa where it was measured
   * @return such as {@code stable_rank@128}
   */
  public static String at(String value, long abscissa) {
    return value + "@" + abscissa;
  }

  /** The values by abscissa and trial, as stored. */
  SortedMap<Long, SortedMap<Integer, Double>> values(Iterable<MemberResult> results) {
    SortedMap<Long, SortedMap<Integer, Double>> values = new TreeMap<>();
    for (MemberResult result : results) {
      if (result.key().series().equals(group)) {
        reading
            .apply(result)
            .forEach(
                (x, value) ->
                    values
                        .computeIfAbsent(x, any -> new TreeMap<>())
                        .put(result.key().trial(), value));
      }
    }
    return values;
  }

  /** The different curves of some panels, in order of appearance: their place is their style. */
  static List<String> names(List<PanelSpec> panels) {
    return panels.stream()
        .flatMap(panel -> panel.curves().stream())
        .map(Curve::id)
        .distinct()
        .toList();
  }
}
