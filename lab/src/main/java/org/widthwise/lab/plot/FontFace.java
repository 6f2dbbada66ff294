package org.widthwise.lab.plot;

import java.awt.geom.GeneralPath;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.fontbox.ttf.CmapLookup;
import org.apache.fontbox.ttf.GlyphData;
import org.apache.fontbox.ttf.TTFParser;
import org.apache.fontbox.ttf.TrueTypeFont;

/**
 * The metrics and outlines of one embedded font, in units of its em. A bare machine has no fonts,
 * and there java.awt.Font fails; this reads the outlines itself. For one thread.
 */
final class FontFace {
  /** One glyph: how far the pen moves on, and its outline with y upwards. */
  private record Glyph(double advance, GeneralPath outline) {}

  private final TrueTypeFont font;
  private final CmapLookup characters;
  private final double unitsPerEm;
  private final Map<Integer, Glyph> glyphs = new HashMap<>();

  private FontFace(TrueTypeFont font) throws IOException {
    this.font = font;
    // Substitutions are for scripts that this package does not set.
    font.setEnableGsub(false);
    characters = font.getUnicodeCmapLookup();
    unitsPerEm = font.getUnitsPerEm();
  }

  static FontFace regular() {
    return load("DejaVuSans.ttf");
  }

  static FontFace bold() {
    return load("DejaVuSans-Bold.ttf");
  }

  private static FontFace load(String name) {
    try (InputStream in = FontFace.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("The embedded font " + name + " is missing from the jar.");
      }
      byte[] bytes = in.readAllBytes();
      return new FontFace(new TTFParser(true).parseEmbedded(new ByteArrayInputStream(bytes)));
    } catch (IOException e) {
      throw new UncheckedIOException("The embedded font " + name + " cannot be read.", e);
    }
  }

  /** Says whether the font has a glyph for a character. */
  boolean has(int codePoint) {
    return characters.getGlyphId(codePoint) != 0;
  }

  /** How far the pen moves on, in em. */
  double advance(int codePoint) {
    return glyph(codePoint).advance() / unitsPerEm;
  }

  /** The outline in font units, y upwards. */
  GeneralPath outline(int codePoint) {
    return glyph(codePoint).outline();
  }

  double unitsPerEm() {
    return unitsPerEm;
  }

  private Glyph glyph(int codePoint) {
    return glyphs.computeIfAbsent(codePoint, this::read);
  }

  private Glyph read(int codePoint) {
    try {
      int id = characters.getGlyphId(codePoint);
      GlyphData data = font.getGlyph().getGlyph(id);
      GeneralPath outline = data == null ? new GeneralPath() : data.getPath();
      return new Glyph(font.getAdvanceWidth(id), outline);
    } catch (IOException e) {
      throw new UncheckedIOException("The embedded font has a broken glyph table.", e);
    }
  }
}
