package org.widthwise.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.widthwise.audit.UntrustedText;
import org.widthwise.audit.model.SkippedTensor;

/**
 * Tells of tensors that were left out: a line for each reason, since a training's checkpoint may
 * hold hundreds for the same one.
 */
final class SkippedLines {

  private static final int MOST_NAMES = 3;

  private SkippedLines() {}

  /**
   * Prints them in the order of reasons.
   *
   * @param err where to
   * @param what what was not done with them, such as {@code not measured}
   * @param all the tensors
   * @param advice what ends each line; may be empty
   */
  static void print(PrintWriter err, String what, List<SkippedTensor> all, String advice) {
    Map<String, List<SkippedTensor>> byReason =
        all.stream()
            .collect(
                Collectors.groupingBy(
                    SkippedTensor::reason, LinkedHashMap::new, Collectors.toList()));
    byReason.forEach(
        (reason, tensors) -> err.printf("%s: %s: %s%s%n", what, names(tensors), reason, advice));
  }

  private static String names(List<SkippedTensor> tensors) {
    String first =
        tensors.stream()
            .limit(MOST_NAMES)
            .map(tensor -> UntrustedText.escape(tensor.name()))
            .collect(Collectors.joining(", "));
    int others = tensors.size() - MOST_NAMES;
    return others > 0 ? "%s and %d more".formatted(first, others) : first;
  }
}
