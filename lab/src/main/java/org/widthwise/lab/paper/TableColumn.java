package org.widthwise.lab.paper;

import java.util.Locale;
import org.widthwise.core.norm.MatrixNorms;

/** The columns of Table 1. */
enum TableColumn {
  /** ‖A‖_F²/‖A‖₂². */
  STABLE_RANK("Stable rank", "‖%1$s‖_F² / ‖%1$s‖₂²"),
  /** ‖A‖₂. */
  SPECTRAL("Spectral norm", "‖%1$s‖₂"),
  /** ‖A‖_F. */
  FROBENIUS("Frobenius norm", "‖%1$s‖_F"),
  /** The root mean square entry. */
  RMS_ENTRY("RMS entry size", "‖%1$s‖_F / √(fan-in · fan-out)");

  private final String title;
  private final String formula;

  TableColumn(String title, String formula) {
    this.title = title;
    this.formula = formula;
  }

  String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  String title() {
    return title;
  }

  /** The quantity, of a matrix of some name. */
  String quantity(String matrix) {
    return formula.formatted(matrix);
  }

  double of(MatrixNorms norms) {
    return switch (this) {
      case STABLE_RANK -> norms.stableRank();
      case SPECTRAL -> norms.spectral();
      case FROBENIUS -> norms.frobenius();
      case RMS_ENTRY -> norms.rmsEntry();
    };
  }
}
