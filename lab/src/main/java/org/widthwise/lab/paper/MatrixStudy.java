package org.widthwise.lab.paper;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.widthwise.core.parametrization.Parametrization;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.lab.data.ImageDataset;
import org.widthwise.lab.experiment.Prediction;
import org.widthwise.lab.experiment.Preset;
import org.widthwise.lab.experiment.Settings;
import org.widthwise.lab.experiment.Study;
import org.widthwise.lab.run.Member;
import org.widthwise.torch.plan.InitScheme;

/**
 * Random matrices as initialisation draws them, of Claim 1 and Proposition 1. No network and no
 * data.
 */
final class MatrixStudy implements Study {

  static final MatrixStudy INSTANCE = new MatrixStudy();

  /** The parametrizations, each with Gaussian entries; Parametrization 1 semi-orthogonal too. */
  static final List<Parametrization> PARAMETRIZATIONS =
      List.of(
          Parametrizations.SPECTRAL,
          Parametrizations.MUP,
          Parametrizations.NTP,
          Parametrizations.SP);

  private static final int TRIALS = 10;

  /** What single precision leaves of an equality. */
  private static final double ROUNDING = 1e-5;

  /** How many fixed vectors a matrix is applied to, so that one row says how it aligns with any. */
  static final int VECTORS = 64;

  private MatrixStudy() {}

  /** The name of the members of a kind. */
  static String series(Parametrization parametrization, InitScheme scheme, MatrixShape shape) {
    String entries = scheme == InitScheme.GAUSSIAN ? "gaussian" : "orthogonal";
    return parametrization.id() + "-" + entries + "-" + shape.id();
  }

  /** That a ratio is 1 exactly, of matrices in single precision. */
  static Prediction exactlyOne() {
    return Prediction.within(1 - ROUNDING, 1 + ROUNDING);
  }

  @Override
  public String id() {
    return "matrices";
  }

  @Override
  public Settings settings(Preset preset) {
    return switch (preset) {
      case QUICK -> Settings.measuring(List.of(64L, 128L, 256L, 512L, 1024L), TRIALS);
      case STANDARD, PAPER ->
          Settings.measuring(List.of(64L, 128L, 256L, 512L, 1024L, 2048L, 4096L), TRIALS);
    };
  }

  @Override
  public Map<String, Object> constants() {
    return Map.of("vectors", VECTORS);
  }

  @Override
  public List<Member> members(Settings settings, ImageDataset data) {
    List<Member> members = new ArrayList<>();
    for (Parametrization parametrization : PARAMETRIZATIONS) {
      boolean spectral = parametrization == Parametrizations.SPECTRAL;
      Set<MatrixShape> shapes =
          spectral
              ? EnumSet.allOf(MatrixShape.class)
              : EnumSet.of(MatrixShape.SQUARE, MatrixShape.ROW, MatrixShape.COLUMN);
      List<InitScheme> schemes =
          spectral
              ? List.of(InitScheme.GAUSSIAN, InitScheme.SEMI_ORTHOGONAL)
              : List.of(InitScheme.GAUSSIAN);
      for (InitScheme scheme : schemes) {
        for (MatrixShape shape : shapes) {
          for (long width : settings.widths()) {
            for (int trial = 0; trial < settings.trials(); trial++) {
              members.add(new MatrixMember(parametrization, scheme, shape, width, trial, settings));
            }
          }
        }
      }
    }
    return members;
  }
}
