package org.widthwise.lab.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SortedMap;
import org.assertj.core.data.Percentage;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.widthwise.lab.data.ImageDataset;
import org.widthwise.lab.data.StandIn;
import org.widthwise.lab.experiment.Settings;
import org.widthwise.lab.run.MemberKey;
import org.widthwise.lab.run.MemberResult;
import org.widthwise.torch.engine.Libtorch;

final class MatrixStudyTest {

  private static final ImageDataset DATA = StandIn.generate(4, 7);
  private static final Percentage SINGLE_PRECISION = Percentage.withPercentage(1e-3);
  private static final long SEED = 3;
  private static final int N = 24;
  private static final int TRIAL = 1;

  private static SortedMap<String, Double> measured(String series) throws InterruptedException {
    Settings settings = Settings.measuring(List.of((long) N), TRIAL + 1).withSeed(SEED);
    MemberResult result =
        MatrixStudy.INSTANCE.members(settings, DATA).stream()
            .filter(member -> member.key().equals(new MemberKey(series, N, TRIAL)))
            .findFirst()
            .orElseThrow()
            .run(share -> {});
    assertThat(result.values()).containsOnlyKeys("ratio", "alignment", "edge");
    assertThat(result.diverged()).isFalse();
    return result.values();
  }

  /**
   * The σ of the parametrizations by hand; the draw is libtorch's, the singular values LAPACK's.
   */
  @ParameterizedTest
  @CsvSource({
    "spectral-gaussian-square, 24, 24, 0.2041241452",
    "spectral-gaussian-tall,   48, 24, 0.2041241452",
    "spectral-gaussian-row,     1, 24, 0.0416666667",
    "spectral-gaussian-column, 24,  1, 1",
    "mup-gaussian-row,          1, 24, 0.0416666667",
    "ntp-gaussian-row,          1, 24, 0.2041241452",
    "sp-gaussian-square,       24, 24, 0.2041241452",
  })
  void gaussianMatricesAreMeasuredAsLapackDoes(String series, int rows, int columns, double sigma)
      throws InterruptedException {
    SortedMap<String, Double> values = measured(series);
    try (PointerScope scope = new PointerScope()) {
      Generator generator = torch.createCPUGenerator((SEED * 1_000_003 + TRIAL) * 1_000_003 + N);
      Tensor matrix =
          torch
              .zeros(new long[] {rows, columns})
              .normal_(0.0, 1.0, new GeneratorOptional(generator))
              .toType(torch.ScalarType.Double)
              .mul(new Scalar(sigma));
      double spectral = torch.linalg_svdvals(matrix).max().item_double();
      double frobenius = Math.sqrt(matrix.square().sum().item_double());
      Generator signs = torch.createCPUGenerator((SEED * 1_000_003 + TRIAL) * 1_000_003 - N);
      double alignment = 0;
      Tensor bits =
          torch
              .zeros(new long[] {64, columns})
              .random_(0, new LongOptional(2), new GeneratorOptional(signs))
              .toType(torch.ScalarType.Double);
      assertThat(bits.mean().item_double()).isBetween(0.3, 0.7);
      for (int i = 0; i < 64; i++) {
        Tensor vector = bits.narrow(0, i, 1).mul(new Scalar(2)).sub(new Scalar(1));
        alignment +=
            Math.sqrt(matrix.mul(vector).sum(1).square().sum().item_double())
                / (spectral * Math.sqrt(columns))
                / 64;
      }
      assertThat(values.get("ratio")).isCloseTo(frobenius / spectral, SINGLE_PRECISION);
      assertThat(values.get("alignment")).isCloseTo(alignment, SINGLE_PRECISION);
      assertThat(values.get("edge"))
          .isCloseTo(spectral / (sigma * (Math.sqrt(rows) + Math.sqrt(columns))), SINGLE_PRECISION);
    }
  }

  @ParameterizedTest
  @CsvSource({"square, 24", "tall, 24", "row, 1", "column, 1"})
  void semiOrthogonalMatricesHaveEqualSingularValues(String shape, int rank)
      throws InterruptedException {
    SortedMap<String, Double> values = measured("spectral-orthogonal-" + shape);
    assertThat(values.get("ratio")).isCloseTo(Math.sqrt(rank), SINGLE_PRECISION);
    if (!shape.equals("row")) {
      assertThat(values.get("alignment")).isCloseTo(1, within(1e-5));
    } else {
      assertThat(values.get("alignment")).isLessThan(0.9);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mup", "ntp", "sp"})
  void theScaleDropsOutOfTheRatio(String parametrization) throws InterruptedException {
    assertThat(measured(parametrization + "-gaussian-square").get("ratio"))
        .isCloseTo(measured("spectral-gaussian-square").get("ratio"), SINGLE_PRECISION);
  }

  @Test
  void membersAreDistinct() {
    Settings settings = Settings.measuring(List.of(8L, 16L), 2);
    assertThat(MatrixStudy.INSTANCE.members(settings, DATA).stream().map(member -> member.key()))
        .doesNotHaveDuplicates()
        .hasSize((2 * 4 + 3 * 3) * 2 * 2);
  }

  static {
    Libtorch.load();
  }
}
