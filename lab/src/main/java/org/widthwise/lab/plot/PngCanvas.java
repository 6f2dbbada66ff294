package org.widthwise.lab.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;

/** Paints on an image. Text is filled outlines: nothing here asks Java2D for a font. */
final class PngCanvas implements Canvas, AutoCloseable {
  private final BufferedImage image;
  private final Graphics2D graphics;
  private final Fonts fonts;

  PngCanvas(double width, double height, double scale, Fonts fonts) {
    this.fonts = fonts;
    image =
        new BufferedImage(
            (int) Math.ceil(width * scale),
            (int) Math.ceil(height * scale),
            BufferedImage.TYPE_INT_RGB);
    graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
    graphics.scale(scale, scale);
  }

  BufferedImage image() {
    return image;
  }

  @Override
  public void close() {
    graphics.dispose();
  }

  @Override
  public void beginGroup(String name, String label) {}

  @Override
  public void endGroup() {}

  @Override
  public void beginClip(Rect area) {
    graphics.setClip(new Rectangle2D.Double(area.x(), area.y(), area.width(), area.height()));
  }

  @Override
  public void endClip() {
    graphics.setClip(null);
  }

  @Override
  public void stroke(Outline outline, Pen pen) {
    paintWith(pen.ink(), pen.opacity());
    strokeShape(shape(outline), pen.width(), pen.dash());
  }

  @Override
  public void fill(Outline outline, Ink ink, double opacity) {
    paintWith(ink, opacity);
    graphics.fill(shape(outline));
  }

  @Override
  public void discs(List<Outline.Point> centres, double radius, Ink ink, double opacity) {
    paintWith(ink, opacity);
    for (Outline.Point centre : centres) {
      graphics.fill(circle(centre.x(), centre.y(), radius));
    }
  }

  @Override
  public void marker(int style, double x, double y, double radius, String hint) {
    Styles.Marker marker = Styles.marker(style);
    boolean hollow = MarkerShape.isHollow(marker);
    Shape shape =
        MarkerShape.isRound(marker)
            ? circle(x, y, radius)
            : shape(MarkerShape.outline(marker, x, y, radius));
    paintWith(hollow ? Ink.PAPER : Styles.ink(style), 1);
    graphics.fill(shape);
    paintWith(hollow ? Styles.ink(style) : Ink.PAPER, 1);
    strokeShape(shape, hollow ? 1.4 : 0.8, List.of());
  }

  @Override
  public void text(Text text, double x, double y, Lettering lettering, boolean upwards) {
    FontFace face = fonts.face(lettering.bold());
    double width = text.width(face, lettering.size());
    double pen =
        switch (lettering.anchor()) {
          case START -> 0;
          case MIDDLE -> -width / 2;
          case END -> -width;
        };
    paintWith(lettering.ink(), 1);
    for (Text.Run run : text.runs()) {
      double size = lettering.size() * run.level().size();
      double lift = run.level().lift() * lettering.size();
      for (int c : run.characters().codePoints().toArray()) {
        AffineTransform place = AffineTransform.getTranslateInstance(x, y);
        if (upwards) {
          place.rotate(-Math.PI / 2);
        }
        place.translate(pen, -lift);
        place.scale(size / face.unitsPerEm(), -size / face.unitsPerEm());
        graphics.fill(place.createTransformedShape(face.outline(c)));
        pen += face.advance(c) * size;
      }
    }
  }

  private void paintWith(Ink ink, double opacity) {
    int alpha = (int) Math.round(opacity * 255);
    graphics.setColor(new Color((alpha << 24) | ink.onLight(), true));
  }

  private void strokeShape(Shape shape, double width, List<Double> dash) {
    float[] pattern = dash.isEmpty() ? null : new float[dash.size()];
    for (int i = 0; i < dash.size() && pattern != null; i++) {
      pattern[i] = dash.get(i).floatValue();
    }
    float w = (float) width;
    graphics.setStroke(
        new BasicStroke(w, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10f, pattern, 0f));
    graphics.draw(shape);
  }

  private static Shape circle(double x, double y, double radius) {
    return new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius);
  }

  private static Shape shape(Outline outline) {
    Path2D path = new Path2D.Double();
    boolean first = true;
    for (Outline.Point point : outline.points()) {
      if (first) {
        path.moveTo(point.x(), point.y());
        first = false;
      } else {
        path.lineTo(point.x(), point.y());
      }
    }
    if (outline.closed() && !first) {
      path.closePath();
    }
    return path;
  }
}
