package org.widthwise.lab.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** The notes under a panel: a table where it fits, otherwise wrapped sentences. */
final class NotesBlock {
  private static final double KEY_WIDTH = 13;
  private static final double CELL_GAP = 12;
  private static final double SIZE = Layout.NOTE_SIZE;
  private static final double LINE_HEIGHT = SIZE * Layout.LEADING;

  private record Cell(double x, String characters) {}

  private record Line(OptionalInt style, List<Cell> cells) {}

  private final List<Line> lines;

  private NotesBlock(List<Line> lines) {
    this.lines = lines;
  }

  static NotesBlock of(List<Note> notes, Fonts fonts, double width) {
    double indent = notes.stream().anyMatch(n -> n.style().isPresent()) ? KEY_WIDTH : 0;
    return tableWidth(notes, fonts) <= width
        ? table(notes, fonts, indent)
        : sentences(notes, fonts, indent, width);
  }

  /** How wide the notes are as a table; infinite if their cells do not match. */
  static double tableWidth(List<Note> notes, Fonts fonts) {
    if (notes.isEmpty()) {
      return 0;
    }
    if (notes.stream().mapToInt(n -> n.cells().size()).distinct().count() > 1) {
      return Double.POSITIVE_INFINITY;
    }
    double width = notes.stream().anyMatch(n -> n.style().isPresent()) ? KEY_WIDTH : 0;
    double[] columns = columnWidths(notes, fonts);
    for (double column : columns) {
      width += column;
    }
    return width + CELL_GAP * Math.max(0, columns.length - 1);
  }

  private static double[] columnWidths(List<Note> notes, Fonts fonts) {
    double[] widths = new double[notes.get(0).cells().size()];
    for (Note note : notes) {
      for (int i = 0; i < widths.length; i++) {
        String cell = Text.clean(note.cells().get(i));
        widths[i] = Math.max(widths[i], Text.width(cell, fonts.regular(), SIZE));
      }
    }
    return widths;
  }

  private static NotesBlock table(List<Note> notes, Fonts fonts, double indent) {
    List<Line> lines = new ArrayList<>();
    for (Note note : notes) {
      double[] widths = columnWidths(notes, fonts);
      List<Cell> cells = new ArrayList<>();
      double x = indent;
      for (int i = 0; i < widths.length; i++) {
        cells.add(new Cell(x, note.cells().get(i)));
        x += widths[i] + CELL_GAP;
      }
      lines.add(new Line(note.style(), cells));
    }
    return new NotesBlock(lines);
  }

  private static NotesBlock sentences(List<Note> notes, Fonts fonts, double indent, double width) {
    List<Line> lines = new ArrayList<>();
    for (Note note : notes) {
      OptionalInt style = note.style();
      String sentence = String.join(", ", note.cells());
      for (String part : Text.wrap(sentence, fonts.regular(), SIZE, width - indent)) {
        lines.add(new Line(style, List.of(new Cell(indent, part))));
        style = OptionalInt.empty();
      }
    }
    return new NotesBlock(lines);
  }

  double height() {
    return lines.size() * LINE_HEIGHT;
  }

  void draw(Canvas canvas, double x, double y) {
    canvas.beginGroup("notes", "");
    double baseline = y + SIZE;
    for (Line line : lines) {
      if (line.style().isPresent()) {
        double middle = baseline - SIZE * Layout.CAP_HEIGHT / 2;
        canvas.marker(line.style().getAsInt(), x + 4, middle, Layout.MARKER_RADIUS, "");
      }
      for (Cell cell : line.cells()) {
        Canvas.Lettering lettering = Canvas.Lettering.of(Ink.TEXT, SIZE);
        canvas.text(Text.plain(cell.characters()), x + cell.x(), baseline, lettering, false);
      }
      baseline += LINE_HEIGHT;
    }
    canvas.endGroup();
  }
}
