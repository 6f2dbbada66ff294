package org.widthwise.lab.paper;

import java.util.Locale;
import org.widthwise.core.shape.Layer;
import org.widthwise.core.shape.ParameterShape;

/** The shapes of the random matrices of {@link MatrixStudy}, by the width n. */
enum MatrixShape {
  /** A hidden matrix. */
  SQUARE("n × n", Layer.HIDDEN, 1, 0, 1, 0),
  /** A hidden matrix whose fan-out exceeds its fan-in by a factor that does not grow. */
  TALL("2n × n", Layer.HIDDEN, 2, 0, 1, 0),
  /** A readout of one output: a vector parameter, with fan-out below fan-in. */
  ROW("1 × n", Layer.READOUT, 0, 1, 1, 0),
  /** The weights of a single input: a vector parameter. */
  COLUMN("n × 1", Layer.INPUT, 1, 0, 0, 1);

  private final String label;
  private final Layer layer;
  private final long outPerWidth;
  private final long outConstant;
  private final long inPerWidth;
  private final long inConstant;

  MatrixShape(
      String label,
      Layer layer,
      long outPerWidth,
      long outConstant,
      long inPerWidth,
      long inConstant) {
    this.label = label;
    this.layer = layer;
    this.outPerWidth = outPerWidth;
    this.outConstant = outConstant;
    this.inPerWidth = inPerWidth;
    this.inConstant = inConstant;
  }

  String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Fan-out times fan-in, such as {@code 2n × n}. */
  String label() {
    return label;
  }

  /** The shape {@code [fanOut, fanIn]} at a width. */
  ParameterShape at(long width) {
    return ParameterShape.matrix(
        layer, outPerWidth * width + outConstant, inPerWidth * width + inConstant);
  }
}
