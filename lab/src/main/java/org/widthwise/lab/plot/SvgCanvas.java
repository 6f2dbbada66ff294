package org.widthwise.lab.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes SVG. Colours stand twice: as attributes, which every reader of SVG knows, and as style
 * rules with custom properties, by which a page that holds the figure may recolour it. There are no
 * identifiers, so that many figures fit into one page.
 */
final class SvgCanvas implements Canvas {
  private static final String FONT_FAMILY = "'DejaVu Sans', Verdana, sans-serif";
  private static final String TEXT_RULE =
      ".ww-figure text{font-kerning:none;font-variant-ligatures:none}";

  private final StringBuilder body = new StringBuilder();
  private final Map<String, String> rules = new TreeMap<>();

  /** The whole document. */
  String document(double width, double height, String title, String description) {
    StringBuilder out = new StringBuilder(body.length() + 4096);
    out.append("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"")
        .append(number(width))
        .append("\" height=\"")
        .append(number(height))
        .append("\" viewBox=\"0 0 ")
        .append(number(width))
        .append(' ')
        .append(number(height))
        .append("\" role=\"img\" class=\"ww-figure\" font-family=\"")
        .append(FONT_FAMILY)
        .append("\">\n<title>")
        .append(escape(title))
        .append("</title>\n<desc>")
        .append(escape(description))
        .append("</desc>\n<style>\n");
    rules().forEach(rule -> out.append(rule).append('\n'));
    return out.append("</style>\n").append(body).append("</svg>\n").toString();
  }

  /** The drawing as an element of an HTML page, which has the rules in a style sheet of its own. */
  String element(double width, double height, String label, String description) {
    String w = number(width);
    String h = number(height);
    return "<svg width=\"%s\" height=\"%s\" viewBox=\"0 0 %s %s\" role=\"img\" aria-label=\"%s\""
            .formatted(w, h, w, h, escape(label))
        + " class=\"ww-figure\" font-family=\"%s\">\n<desc>%s</desc>\n%s</svg>\n"
            .formatted(FONT_FAMILY, escape(description), body);
  }

  /** The style rules of all that was drawn. */
  List<String> rules() {
    List<String> all = new ArrayList<>();
    all.add(TEXT_RULE);
    all.addAll(rules.values());
    return all;
  }

  @Override
  public void beginGroup(String name, String label) {
    body.append("<g class=\"ww-").append(escape(name)).append('"');
    if (!label.isEmpty()) {
      body.append(" data-label=\"").append(escape(label)).append('"');
    }
    body.append(">\n");
  }

  @Override
  public void endGroup() {
    body.append("</g>\n");
  }

  @Override
  public void beginClip(Rect area) {
    // An inner svg element clips without an identifier; its viewBox keeps the coordinates.
    String x = number(area.x());
    String y = number(area.y());
    String w = number(area.width());
    String h = number(area.height());
    body.append("<svg x=\"").append(x).append("\" y=\"").append(y).append("\" width=\"").append(w);
    body.append("\" height=\"").append(h).append("\" viewBox=\"");
    body.append(String.join(" ", x, y, w, h)).append("\">\n");
  }

  @Override
  public void endClip() {
    body.append("</svg>\n");
  }

  @Override
  public void stroke(Outline outline, Pen pen) {
    body.append("<path d=\"").append(path(outline)).append("\" fill=\"none\"").append(stroked(pen));
    body.append(" stroke-linejoin=\"round\"/>\n");
  }

  @Override
  public void fill(Outline outline, Ink ink, double opacity) {
    body.append("<path d=\"").append(path(outline)).append('"').append(filled(ink));
    if (opacity < 1) {
      body.append(" fill-opacity=\"").append(number(opacity)).append('"');
    }
    body.append("/>\n");
  }

  @Override
  public void discs(List<Outline.Point> centres, double radius, Ink ink, double opacity) {
    body.append("<g").append(filled(ink));
    body.append(" fill-opacity=\"").append(number(opacity)).append("\">\n");
    for (Outline.Point centre : centres) {
      body.append(circle(centre.x(), centre.y(), radius)).append("/>\n");
    }
    body.append("</g>\n");
  }

  @Override
  public void marker(int style, double x, double y, double radius, String hint) {
    Styles.Marker marker = Styles.marker(style);
    Ink ink = Styles.ink(style);
    boolean hollow = MarkerShape.isHollow(marker);
    String shape =
        MarkerShape.isRound(marker)
            ? circle(x, y, radius)
            : "<path d=\"" + path(MarkerShape.outline(marker, x, y, radius)) + '"';
    body.append(shape).append(" class=\"").append(fillRule(hollow ? Ink.PAPER : ink));
    body.append(' ').append(strokeRule(hollow ? ink : Ink.PAPER)).append('"');
    body.append(" fill=\"").append(Ink.hex((hollow ? Ink.PAPER : ink).onLight())).append('"');
    body.append(" stroke=\"").append(Ink.hex((hollow ? ink : Ink.PAPER).onLight())).append('"');
    body.append(" stroke-width=\"").append(hollow ? "1.4" : "0.8").append('"');
    if (hint.isEmpty()) {
      body.append("/>\n");
    } else {
      body.append("><title>").append(escape(hint)).append("</title>");
      body.append(MarkerShape.isRound(marker) ? "</circle>\n" : "</path>\n");
    }
  }

  @Override
  public void text(Text text, double x, double y, Lettering lettering, boolean upwards) {
    if (text.isEmpty()) {
      return;
    }
    body.append("<text x=\"").append(number(x)).append("\" y=\"").append(number(y)).append('"');
    body.append(" font-size=\"").append(number(lettering.size())).append('"');
    if (lettering.bold()) {
      body.append(" font-weight=\"bold\"");
    }
    switch (lettering.anchor()) {
      case START -> {}
      case MIDDLE -> body.append(" text-anchor=\"middle\"");
      case END -> body.append(" text-anchor=\"end\"");
    }
    if (upwards) {
      body.append(" transform=\"rotate(-90 ");
      body.append(number(x)).append(' ').append(number(y)).append(")\"");
    }
    body.append(filled(lettering.ink())).append('>');
    double lifted = 0;
    for (Text.Run run : text.runs()) {
      double lift = run.level().lift() * lettering.size();
      if (lift == lifted && run.level() == Text.Level.PLAIN) {
        body.append(escape(run.characters()));
      } else {
        double size = lettering.size() * run.level().size();
        body.append("<tspan dy=\"").append(number(lifted - lift)).append("\" font-size=\"");
        body.append(number(size)).append("\">").append(escape(run.characters())).append("</tspan>");
        lifted = lift;
      }
    }
    body.append("</text>\n");
  }

  private static String circle(double x, double y, double radius) {
    return "<circle cx=\"" + number(x) + "\" cy=\"" + number(y) + "\" r=\"" + number(radius) + '"';
  }

  private static String path(Outline outline) {
    StringBuilder out = new StringBuilder();
    char command = 'M';
    for (Outline.Point point : outline.points()) {
      out.append(command).append(number(point.x())).append(' ').append(number(point.y()));
      command = 'L';
    }
    return outline.closed() ? out.append('Z').toString() : out.toString();
  }

  private String filled(Ink ink) {
    return " class=\"" + fillRule(ink) + "\" fill=\"" + Ink.hex(ink.onLight()) + '"';
  }

  private String stroked(Pen pen) {
    StringBuilder out = new StringBuilder();
    out.append(" class=\"").append(strokeRule(pen.ink()));
    out.append("\" stroke=\"").append(Ink.hex(pen.ink().onLight())).append('"');
    out.append(" stroke-width=\"").append(number(pen.width())).append('"');
    if (pen.opacity() < 1) {
      out.append(" stroke-opacity=\"").append(number(pen.opacity())).append('"');
    }
    if (!pen.dash().isEmpty()) {
      out.append(" stroke-dasharray=\"");
      for (double length : pen.dash()) {
        out.append(number(length)).append(' ');
      }
      out.setLength(out.length() - 1);
      out.append('"');
    }
    return out.toString();
  }

  private String fillRule(Ink ink) {
    return rule("ww-f-" + ink.name(), "fill", ink);
  }

  private String strokeRule(Ink ink) {
    return rule("ww-l-" + ink.name(), "stroke", ink);
  }

  private String rule(String name, String property, Ink ink) {
    String value = "var(--ww-" + ink.name() + "," + Ink.hex(ink.onLight()) + ")";
    rules.put(name, "." + name + "{" + property + ":" + value + "}");
    return name;
  }

  /** Two decimals, a hundredth of a printer's hair, in a form that no locale changes. */
  static String number(double value) {
    long hundredths = Math.round(value * 100);
    StringBuilder out = new StringBuilder();
    if (hundredths < 0) {
      out.append('-');
    }
    long magnitude = Math.abs(hundredths);
    out.append(magnitude / 100);
    long rest = magnitude % 100;
    if (rest != 0) {
      out.append('.').append(rest / 10);
      if (rest % 10 != 0) {
        out.append(rest % 10);
      }
    }
    return out.toString();
  }

  static String escape(String characters) {
    return Text.clean(characters)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
