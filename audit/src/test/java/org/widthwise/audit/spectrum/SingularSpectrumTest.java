package org.widthwise.audit.spectrum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.widthwise.audit.spectrum.Matrices.checkpoint;
import static org.widthwise.audit.spectrum.Matrices.gaussian;
import static org.widthwise.audit.spectrum.Matrices.ofRank;
import static org.widthwise.audit.spectrum.Matrices.tensor;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.widthwise.audit.checkpoint.CheckpointTensor;

/**
 * Distributions of singular values, against LAPACK and against what random matrices are known for.
 */
final class SingularSpectrumTest {

  private static Optional<SingularSpectrum> spectrum(CheckpointTensor tensor)
      throws InterruptedException {
    return SpectralAudit.withDefaults()
        .withSpectrum(6)
        .run(checkpoint(tensor), null, (tensors, of, share) -> {})
        .tensors()
        .get(0)
        .spectrum();
  }

  private static SingularSpectrum of(double[] matrix, int rows, int columns)
      throws InterruptedException {
    return spectrum(tensor("fc.weight", matrix, rows, columns)).orElseThrow();
  }

  /** Noise of a deviation, and as many spikes as there are strengths, each along its own axes. */
  private static double[] spiked(int rows, int columns, double sigma, double... strengths) {
    double[] matrix = Arrays.stream(gaussian(rows * columns, 17)).map(v -> sigma * v).toArray();
    for (int spike = 0; spike < strengths.length; spike++) {
      double[] left = unit(rows, 100 + spike);
      double[] right = unit(columns, 200 + spike);
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
          matrix[i * columns + j] += strengths[spike] * left[i] * right[j];
        }
      }
    }
    return matrix;
  }

  private static double[] unit(int length, long seed) {
    double[] vector = gaussian(length, seed);
    double norm = Matrices.norm(vector);
    return Arrays.stream(vector).map(v -> v / norm).toArray();
  }

  /** Beyond the edge a spike of strength θ lies at √((θ² + σ²m)(θ² + σ²n)) / θ. */
  private static double seen(double strength, double sigma, int rows, int columns) {
    double square = strength * strength;
    return Math.sqrt((square + sigma * sigma * rows) * (square + sigma * sigma * columns))
        / strength;
  }

  @ParameterizedTest
  @CsvSource({"200, 300, GRAM", "300, 200, GRAM", "900, 800, LANCZOS"})
  void pureNoiseIsAllNoise(int rows, int columns, SingularSpectrum.Method method)
      throws InterruptedException {
    double sigma = 0x1p-70;
    SingularSpectrum found = of(spiked(rows, columns, sigma), rows, columns);
    assertThat(found.method()).isEqualTo(method);
    assertThat(found.outliers()).isZero();
    assertThat(found.complete()).isTrue();
    assertThat(found.noiseShare()).isCloseTo(1, within(1e-12));
    assertThat(found.noiseCount()).isEqualTo(1);
    // The deviation of that many entries is known to a relative 1/√(2 · rows · columns).
    assertThat(found.noiseStd() / sigma).isCloseTo(1, within(0.015));
    // All values repel each other; of 64 nodes each stands for so many that it shows.
    assertThat(found.distance()).isLessThan(method == SingularSpectrum.Method.GRAM ? 0.012 : 0.04);
    assertThat(found.bins().stream().mapToDouble(SingularSpectrum.Bin::share).sum())
        .isCloseTo(1, within(1e-9));
    // Noise is noise part by part; 200 values are spaced regularly, 64 nodes stand for many each.
    double most = method == SingularSpectrum.Method.GRAM ? 0.02 : 0.06;
    for (SingularSpectrum.Bin bin : found.bins()) {
      assertThat(bin.noise()).isCloseTo(bin.share(), within(most));
    }
    assertThat(found.bins().stream().mapToDouble(SingularSpectrum.Bin::noise).sum())
        .isCloseTo(1, within(0.01));
    assertThat(found.leading()).hasSize(6);
    assertThat(found.leading().get(0)).isLessThan(found.noiseEdge());
  }

  @ParameterizedTest
  @CsvSource({"200, 300", "900, 800"})
  void threeSpikesAreThreeOutliersWhereTheoryHasThem(int rows, int columns)
      throws InterruptedException {
    double threshold = Math.pow((double) rows * columns, 0.25);
    double[] strengths = {6 * threshold, 4 * threshold, 2.5 * threshold};
    SingularSpectrum found = of(spiked(rows, columns, 1, strengths), rows, columns);
    assertThat(found.outliers()).isEqualTo(3);
    assertThat(found.complete()).isTrue();
    assertThat(found.noiseStd()).isCloseTo(1, within(0.015));
    double squares = 0;
    for (int i = 0; i < 3; i++) {
      double predicted = seen(strengths[i], 1, rows, columns);
      squares += predicted * predicted;
      // The noise along a spike's own axes is one normal number; four deviations of it. The spike
      // itself is further from where it is seen.
      assertThat(found.leading().get(i)).as("spike %d", i).isCloseTo(predicted, within(4.0));
      assertThat(found.leading().get(i)).isGreaterThan(strengths[i]);
    }
    assertThat(found.noiseShare())
        .isCloseTo(1 - squares / (squares + (rows - 3.0) * (columns - 3.0)), within(0.02));
    assertThat(found.distance()).isLessThan(0.04);
  }

  @Test
  void aSpikeBelowTheThresholdDrownsInNoise() throws InterruptedException {
    double threshold = Math.pow(200.0 * 300, 0.25);
    assertThat(of(spiked(200, 300, 1, 0.6 * threshold), 200, 300).outliers()).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void leadingValuesAreLapacks(boolean wide) throws InterruptedException {
    int rows = wide ? 40 : 70;
    int columns = wide ? 70 : 40;
    double[] matrix = gaussian(rows * columns, 3);
    double[] expected = Lapack.singularValues(rows, columns, matrix);
    SingularSpectrum found = of(matrix, rows, columns);
    for (int i = 0; i < 6; i++) {
      assertThat(found.leading().get(i)).isCloseTo(expected[i], within(1e-11));
    }
    for (SingularSpectrum.Bin bin : found.bins()) {
      long inside =
          IntStream.range(0, 40)
              .filter(i -> expected[i] >= bin.from() && expected[i] < bin.to())
              .count();
      // The largest one ends the last bin.
      long all = bin.to() >= found.leading().get(0) ? inside + 1 : inside;
      assertThat(Math.round(40 * bin.share())).isIn(inside, all);
    }
  }

  @Test
  void whatIsNoNoiseIsToldApart() throws InterruptedException {
    // A product of Gaussians has a longer tail than any noise.
    SingularSpectrum product = of(ofRank(200, 200, 200, 5), 200, 200);
    assertThat(product.outliers()).isGreaterThan(10);
    // Of low rank nothing is noise.
    SingularSpectrum low = of(ofRank(2, 100, 120, 5), 100, 120);
    assertThat(low.outliers()).isEqualTo(2);
    assertThat(low.noiseShare()).isLessThan(1e-6);
    // Equal singular values are distributed like nothing random.
    double[] identity = new double[50 * 50];
    for (int i = 0; i < 50; i++) {
      identity[51 * i] = 3;
    }
    SingularSpectrum equal = of(identity, 50, 50);
    assertThat(equal.outliers()).isZero();
    assertThat(equal.distance()).isGreaterThan(0.3);
  }

  @Test
  void vectorsZerosAndNaNHaveNone() throws InterruptedException {
    assertThat(spectrum(tensor("fc.bias", gaussian(9, 1), 9))).isEmpty();
    assertThat(spectrum(tensor("fc.weight", new double[9], 3, 3))).isEmpty();
    double[] bad = gaussian(9, 1);
    bad[4] = Double.NaN;
    assertThat(spectrum(tensor("fc.weight", bad, 3, 3))).isEmpty();
    assertThatThrownBy(() -> SpectralAudit.withDefaults().withSpectrum(0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
