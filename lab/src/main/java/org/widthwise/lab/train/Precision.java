package org.widthwise.lab.train;

import java.util.Locale;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The type of weights and features. */
public enum Precision {
  /** Single precision. */
  FLOAT32,
  /** Double precision. */
  FLOAT64;

  /**
   * The type as libtorch has it.
   *
   * @return the type
   */
  public ScalarType type() {
    // Not a field: naming the precisions, as a command line does, must not load libtorch.
    return this == FLOAT32 ? ScalarType.Float : ScalarType.Double;
  }

  /**
   * The name used in files and options.
   *
   * @return the constant's name in lower case
   */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
