package org.widthwise.lab.train;

import java.util.Locale;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The type of weights and features. */
public enum Precision {
  /** Single precision. */
  FLOAT32(ScalarType.Float),
  /** Double precision. */
  FLOAT64(ScalarType.Double);

  private final ScalarType type;

  Precision(ScalarType type) {
    this.type = type;
  }

  /**
   * The type as libtorch has it.
   *
   * @return the type
   */
  public ScalarType type() {
    return type;
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
