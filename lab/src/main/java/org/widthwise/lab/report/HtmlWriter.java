package org.widthwise.lab.report;

import java.util.Set;

/** Makes characters of {@link Html}, which any reader of HTML or of XML takes for the same. */
final class HtmlWriter {

  private static final Set<String> VOID = Set.of("meta", "br", "wbr", "col");

  /** After these, a line break changes nothing that can be seen. */
  private static final Set<String> ON_LINES =
      Set.of(
          "html",
          "head",
          "meta",
          "title",
          "style",
          "body",
          "header",
          "main",
          "footer",
          "section",
          "nav",
          "h1",
          "h2",
          "h3",
          "p",
          "ul",
          "ol",
          "li",
          "dl",
          "dt",
          "dd",
          "div",
          "figure",
          "figcaption",
          "details",
          "summary",
          "table",
          "caption",
          "thead",
          "tbody",
          "tr",
          "pre");

  private final StringBuilder out = new StringBuilder();

  private HtmlWriter() {}

  /** A whole document. */
  static String document(Html.Element root) {
    HtmlWriter writer = new HtmlWriter();
    writer.out.append("<!DOCTYPE html>\n");
    writer.write(root);
    return writer.out.toString();
  }

  private void write(Html html) {
    if (html instanceof Html.Words words) {
      escape(words.text());
    } else if (html instanceof Html.Picture picture) {
      out.append(picture.panel().element());
    } else if (html instanceof Html.Style style) {
      out.append("<style>").append(style.css()).append("</style>\n");
    } else if (html instanceof Html.Element element) {
      write(element);
    }
  }

  private void write(Html.Element element) {
    out.append('<').append(element.tag());
    for (Html.Attribute attribute : element.attributes()) {
      out.append(' ').append(attribute.name()).append("=\"");
      escape(attribute.value());
      out.append('"');
    }
    if (VOID.contains(element.tag())) {
      out.append("/>");
    } else {
      out.append('>');
      element.children().forEach(this::write);
      out.append("</").append(element.tag()).append('>');
    }
    if (ON_LINES.contains(element.tag())) {
      out.append('\n');
    }
  }

  private void escape(String text) {
    text.codePoints()
        .forEach(
            character -> {
              switch (character) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.appendCodePoint(isPlain(character) ? character : 0xFFFD);
              }
            });
  }

  /**
   * Whether a character may stand in a page without misleading: not so controls, halves of pairs,
   * and marks that turn the direction of the text after them.
   */
  private static boolean isPlain(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL -> character == '\n' || character == '\t';
      case Character.SURROGATE, Character.UNASSIGNED -> false;
      case Character.FORMAT ->
          character != 0x061C
              && !(character >= 0x200E && character <= 0x200F)
              && !(character >= 0x202A && character <= 0x202E)
              && !(character >= 0x2066 && character <= 0x2069);
      default -> true;
    };
  }
}
