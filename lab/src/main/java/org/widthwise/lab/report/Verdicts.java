package org.widthwise.lab.report;

import java.util.ArrayList;
import java.util.List;
import org.widthwise.core.fit.Verdict;
import org.widthwise.lab.experiment.ItemReport;

/** How verdicts are shown and counted: always by a word, the colour comes on top. */
final class Verdicts {

  private Verdicts() {}

  /** A verdict in a table. */
  static Html shown(String verdict) {
    return Html.styled(
        "span",
        "verdict " + verdict,
        Html.of("span", mark(verdict)).with("aria-hidden", "true"),
        Html.text(" " + verdict));
  }

  private static String mark(String verdict) {
    if (verdict.equals(Verdict.HOLDS.id())) {
      return "✓";
    }
    return verdict.equals(Verdict.FAILS.id()) ? "✗" : "?";
  }

  /** How many came out in which way, without those of which there are none. */
  static Html counts(List<ItemReport> reports) {
    List<Html> words = new ArrayList<>();
    for (Verdict verdict : Verdict.values()) {
      long count = count(reports, verdict);
      if (count > 0) {
        if (!words.isEmpty()) {
          words.add(Html.text(", "));
        }
        words.add(counted(count, verdict, word(verdict, count)));
      }
    }
    return words.isEmpty() ? Html.text("nothing to judge") : Html.of("span", words);
  }

  /** So many; what there is none of is not set off. */
  static Html counted(long count, Verdict verdict, String word) {
    String words = count + " " + word;
    return count == 0 ? Html.text(words) : Html.styled("span", "verdict " + verdict.id(), words);
  }

  static long count(List<ItemReport> reports, Verdict verdict) {
    return reports.stream().mapToLong(report -> report.count(verdict)).sum();
  }

  private static String word(Verdict verdict, long count) {
    return switch (verdict) {
      case HOLDS -> count == 1 ? "holds" : "hold";
      case FAILS -> count == 1 ? "fails" : "fail";
      case UNDECIDED -> "undecided";
    };
  }
}
