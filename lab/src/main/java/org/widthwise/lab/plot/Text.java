package org.widthwise.lab.plot;

import java.util.ArrayList;
import java.util.List;

/** A line of text in runs, some of them raised or lowered. */
record Text(List<Run> runs) {
  /** Where a run stands. */
  enum Level {
    /** A subscript. */
    LOWERED(-0.18, 0.72),
    /** On the line. */
    PLAIN(0, 1),
    /** An exponent. */
    RAISED(0.38, 0.72);

    private final double lift;
    private final double size;

    Level(double lift, double size) {
      this.lift = lift;
      this.size = size;
    }

    /** How far above its line, in em of the line. */
    double lift() {
      return lift;
    }

    /** How large, relative to the line. */
    double size() {
      return size;
    }
  }

  /** A piece of a line. */
  record Run(String characters, Level level) {}

  static Text plain(String characters) {
    return new Text(List.of(new Run(clean(characters), Level.PLAIN)));
  }

  static Text power(String base, String exponent) {
    return new Text(
        List.of(new Run(clean(base), Level.PLAIN), new Run(clean(exponent), Level.RAISED)));
  }

  /** With subscripts where {@link Subscripts} finds some. */
  static Text formula(String characters) {
    return new Text(
        Subscripts.parts(clean(characters)).stream()
            .map(part -> new Run(part.characters(), part.lowered() ? Level.LOWERED : Level.PLAIN))
            .toList());
  }

  boolean isEmpty() {
    return runs.stream().allMatch(run -> run.characters().isEmpty());
  }

  /**
   * Makes one line of printable characters: white space collapses, control characters, unpaired
   * surrogates and non-characters, none of which XML allows, are dropped.
   */
  static String clean(String characters) {
    StringBuilder out = new StringBuilder(characters.length());
    boolean pendingSpace = false;
    for (int c : characters.codePoints().toArray()) {
      if (Character.isWhitespace(c)) {
        pendingSpace = !out.isEmpty();
      } else if (isPrintable(c)) {
        if (pendingSpace) {
          out.append(' ');
          pendingSpace = false;
        }
        out.appendCodePoint(c);
      }
    }
    return out.toString();
  }

  private static boolean isPrintable(int c) {
    boolean surrogate = c >= 0xD800 && c <= 0xDFFF;
    boolean nonCharacter = (c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF);
    // Directional overrides would let a hostile label reorder what stands around it.
    return !Character.isISOControl(c)
        && !surrogate
        && !nonCharacter
        && Character.getType(c) != Character.FORMAT;
  }

  /** Breaks text into lines no wider than a limit, inside a word only where there is no choice. */
  static List<String> wrap(String characters, FontFace face, double size, double limit) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : clean(characters).split(" ", -1)) {
      String tried = line.isEmpty() ? word : line + " " + word;
      if (width(tried, face, size) <= limit) {
        line.replace(0, line.length(), tried);
        continue;
      }
      if (!line.isEmpty()) {
        lines.add(line.toString());
        line.setLength(0);
      }
      for (int c : word.codePoints().toArray()) {
        String longer = line + Character.toString(c);
        if (!line.isEmpty() && width(longer, face, size) > limit) {
          lines.add(line.toString());
          line.setLength(0);
        }
        line.appendCodePoint(c);
      }
    }
    if (!line.isEmpty()) {
      lines.add(line.toString());
    }
    return lines;
  }

  static double width(String characters, FontFace face, double size) {
    return characters.codePoints().mapToDouble(face::advance).sum() * size;
  }

  double width(FontFace face, double size) {
    return runs.stream()
        .mapToDouble(r -> width(r.characters(), face, size * r.level().size()))
        .sum();
  }
}
