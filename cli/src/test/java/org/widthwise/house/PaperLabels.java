package org.widthwise.house;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the paper's labels in prose and comments: {@code eq. 17}, {@code appendices D and E}. */
final class PaperLabels {

  private static final String NUMBERS = "([0-9]+(?:\\.[0-9])?|[A-E]\\b)";
  private static final Pattern LABEL =
      Pattern.compile(
          "(?i)\\b(eqs?\\.|sections?|table|figures?|condition|definitions?|lemma|parametrization"
              + "|proposition|theorem|claim|assumption|desideratum|appendix|appendices)\\s+"
              + NUMBERS
              + "(?:\\s+and\\s+"
              + NUMBERS
              + ")?");

  /** Other works have sections and tables too. */
  private static final Pattern OTHER_WORK =
      Pattern.compile("RFC\\s+[0-9]+,\\s+section\\s+[0-9.]+|Tensor Programs V,\\s+table\\s+[0-9]+");

  private PaperLabels() {}

  static Set<String> in(String text) {
    String joined = text.replaceAll("\\n\\s*(\\*|//)\\s+", " ");
    Matcher matcher = LABEL.matcher(OTHER_WORK.matcher(joined).replaceAll(""));
    Set<String> labels = new TreeSet<>();
    while (matcher.find()) {
      String kind = singular(matcher.group(1).toLowerCase(Locale.ROOT));
      labels.add(kind + " " + matcher.group(2));
      String second = matcher.group(3);
      if (second != null) {
        labels.add(kind + " " + second);
      }
    }
    return labels;
  }

  private static String singular(String kind) {
    return switch (kind) {
      case "eqs." -> "eq.";
      case "appendices" -> "appendix";
      case "sections", "figures", "definitions" -> kind.substring(0, kind.length() - 1);
      default -> kind;
    };
  }
}
