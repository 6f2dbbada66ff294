package org.widthwise.lab.paper;

import java.util.Locale;
import org.widthwise.core.norm.MatrixKind;
import org.widthwise.core.norm.NormTable;
import org.widthwise.core.shape.Fans;
import org.widthwise.core.update.UpdateRules;

/**
 * The shapes of Table 1 by the longer side n, and which matrix of {@link UpdateStudy} has them. The
 * table's last two rows, for any shape, are tried where the sides grow at different rates, both
 * ways round: only there do its minimum and its ratio of sides say something of their own.
 */
enum TableShape {
  /** A hidden matrix. */
  SQUARE("n × n", UpdateRules.SGD.id(), 2),
  /** A readout of one output. */
  ROW("1 × n", UpdateRules.SGD.id(), 3),
  /** Fan-out below fan-in: a readout of √n outputs. */
  WIDE("√n × n", UpdateStudy.RECTANGLES, 2),
  /** Fan-out above fan-in: the weights of √n inputs. */
  TALL("n × √n", UpdateStudy.RECTANGLES, 1);

  /** Two squares, so that √n is an integer. */
  private static final long NARROW = 1L << 20;

  private static final long BROAD = 1L << 24;

  private final String label;
  private final String group;
  private final int layer;

  TableShape(String label, String group, int layer) {
    this.label = label;
    this.group = group;
    this.layer = layer;
  }

  String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Fan-out times fan-in, such as {@code √n × n}. */
  String label() {
    return label;
  }

  /** The series of the members that have such a matrix. */
  String group() {
    return group;
  }

  /** The layer whose matrix it is, counted from 1. */
  int layer() {
    return layer;
  }

  private Fans fans(long n) {
    return switch (this) {
      case SQUARE -> new Fans(n, n);
      case ROW -> new Fans(n, 1);
      case WIDE -> new Fans(n, UpdateStudy.shortSide(n));
      case TALL -> new Fans(UpdateStudy.shortSide(n), n);
    };
  }

  /**
   * The table's entry, as a power of n.
   *
   * @return the exponent, a multiple of ¼
   */
  double exponent(MatrixKind kind, TableColumn column) {
    double narrow = column.of(NormTable.of(fans(NARROW), kind));
    double broad = column.of(NormTable.of(fans(BROAD), kind));
    double exponent = Math.log(broad / narrow) / Math.log((double) BROAD / NARROW);
    // The logarithms are rounded, the exponent is a fraction.
    return Math.rint(4 * exponent) / 4;
  }
}
