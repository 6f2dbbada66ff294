package org.widthwise.audit;

/**
 * Makes text from a file safe to put into a one-line message.
 *
 * <p>A tensor's name may hold line breaks, terminal escapes or marks that reverse the direction of
 * writing, and may be megabytes long. Here whatever does not show as itself is written as {@code
 * \}{@code u{hex}} and what is long is cut.
 */
public final class UntrustedText {

  /** The code points that are kept of a longer text. */
  public static final int LONGEST = 100;

  private static final int LONGEST_PATH = 1000;

  private UntrustedText() {}

  /**
   * Quotes, escapes and shortens a text.
   *
   * @param text any text
   * @return the text between double quotes; one that was cut ends in an ellipsis and its length
   */
  public static String quote(String text) {
    StringBuilder out = new StringBuilder("\"");
    int end = append(out, text, LONGEST, true);
    if (end < text.length()) {
      return out.append("…\" (of ").append(text.length()).append(" characters)").toString();
    }
    return out.append('"').toString();
  }

  /**
   * Escapes a text without quoting it.
   *
   * @param text any text, a path for one, of which up to 1000 code points are kept
   * @return the text on one line
   */
  public static String escape(String text) {
    StringBuilder out = new StringBuilder();
    int end = append(out, text, LONGEST_PATH, false);
    return end < text.length() ? out.append('…').toString() : out.toString();
  }

  private static int append(StringBuilder out, String text, int longest, boolean quoted) {
    int at = 0;
    for (int kept = 0; at < text.length() && kept < longest; kept++) {
      int codePoint = text.codePointAt(at);
      at += Character.charCount(codePoint);
      if (quoted && (codePoint == '"' || codePoint == '\\')) {
        out.append('\\').appendCodePoint(codePoint);
      } else if (showsAsItself(codePoint)) {
        out.appendCodePoint(codePoint);
      } else {
        out.append("\\u{").append(Integer.toHexString(codePoint)).append('}');
      }
    }
    return at;
  }

  private static boolean showsAsItself(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> codePoint == ' ';
      default -> true;
    };
  }
}
