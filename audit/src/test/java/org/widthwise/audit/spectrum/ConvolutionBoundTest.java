package org.widthwise.audit.spectrum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.widthwise.audit.spectrum.Matrices.checkpoint;
import static org.widthwise.audit.spectrum.Matrices.gaussian;
import static org.widthwise.audit.spectrum.Matrices.tensor;

import java.util.Arrays;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against the exact norm of circular convolutions, which the Fourier transform makes blocks of. */
final class ConvolutionBoundTest {

  /** The bound's search ends at 1e-3, and what it may miss is added. */
  private static final Percentage SEARCH = Percentage.withPercentage(0.25);

  private static TensorSizes sizes(String name, double[] values, long... shape)
      throws InterruptedException {
    return SpectralAudit.withDefaults()
        .run(checkpoint(tensor(name, values, shape)), null, (tensors, of, share) -> {})
        .tensors()
        .get(0)
        .sizes();
  }

  private static double largest(double[] matrix, int rows, int columns) {
    return Lapack.singularValues(rows, columns, matrix)[0];
  }

  /** Of images of side × side, by each frequency's matrix, complex numbers being 2 × 2 blocks. */
  private static double circular(double[] kernel, int out, int in, int h, int w, int side) {
    double norm = 0;
    for (int f = 0; f < side * side; f++) {
      double[] block = new double[4 * out * in];
      for (int e = 0; e < out * in; e++) {
        double real = 0;
        double imaginary = 0;
        for (int p = 0; p < h * w; p++) {
          double angle = 2 * Math.PI * (f / side * (p / w) + f % side * (p % w)) / side;
          real += Math.cos(angle) * kernel[e * h * w + p];
          imaginary += Math.sin(angle) * kernel[e * h * w + p];
        }
        int row = e / in;
        int column = e % in;
        block[row * 2 * in + column] = real;
        block[row * 2 * in + in + column] = -imaginary;
        block[(out + row) * 2 * in + column] = imaginary;
        block[(out + row) * 2 * in + in + column] = real;
      }
      norm = Math.max(norm, largest(block, 2 * out, 2 * in));
    }
    return norm;
  }

  private static double fourUnfoldings(double[] kernel, int out, int in, int h, int w) {
    double least = Double.POSITIVE_INFINITY;
    for (int way = 0; way < 4; way++) {
      int rowH = way % 2 == 0 ? 1 : h;
      int rowW = way / 2 == 0 ? 1 : w;
      int columns = in * h / rowH * w / rowW;
      double[] matrix = new double[kernel.length];
      for (int i = 0; i < kernel.length; i++) {
        int o = i / (in * h * w);
        int c = i / (h * w) % in;
        int y = i / w % h;
        int x = i % w;
        int row = (o * rowH + y % rowH) * rowW + x % rowW;
        int column = (c * (h / rowH) + (rowH == 1 ? y : 0)) * (w / rowW) + (rowW == 1 ? x : 0);
        matrix[row * columns + column] = kernel[i];
      }
      least = Math.min(least, largest(matrix, out * rowH * rowW, columns));
    }
    return Math.sqrt(h * w) * least;
  }

  @ParameterizedTest
  @CsvSource({"6, 4, 3, 3", "4, 9, 3, 2", "5, 5, 1, 4", "8, 1, 3, 3", "12, 7, 2, 2"})
  void isTheLeastOfTheUnfoldingsAndAboveTheNorm(int out, int in, int h, int w)
      throws InterruptedException {
    double[] kernel = gaussian(out * in * h * w, 1);
    TensorSizes sizes = sizes("conv.weight", kernel, out, in, h, w);
    double bound = sizes.operatorNormBound();
    assertThat(bound).isCloseTo(fourUnfoldings(kernel, out, in, h, w), SEARCH);
    double norm = circular(kernel, out, in, h, w, 8);
    assertThat(bound).isBetween(norm, 2 * norm);
    assertThat(norm).isGreaterThan(sizes.spectralNorm());
  }

  /** A kernel as Flax has it: axes of space first, outputs last. */
  @Test
  void theOrderInTheFileDoesNotMatter() throws InterruptedException {
    int out = 6;
    int in = 4;
    double[] kernel = gaussian(out * in * 6, 2);
    double[] flax = new double[kernel.length];
    for (int i = 0; i < kernel.length; i++) {
      flax[(i % 6 * in + i / 6 % in) * out + i / 6 / in] = kernel[i];
    }
    assertThat(sizes("Conv_0/kernel", flax, 3, 2, in, out).operatorNormBound())
        .isCloseTo(sizes("conv.weight", kernel, out, in, 3, 2).operatorNormBound(), SEARCH);
  }

  @Test
  void constantKernelsReachTheBound() throws InterruptedException {
    double[] ones = new double[9 * 20];
    Arrays.fill(ones, 3);
    // All that is constant is multiplied by 9 · 3 · √(5 · 4).
    assertThat(sizes("conv.weight", ones, 5, 4, 3, 3).operatorNormBound())
        .isCloseTo(27 * Math.sqrt(20), SEARCH);
  }

  @Test
  void kernelsOfOneAxisAndOfThreeHaveOneToo() throws InterruptedException {
    double[] one = gaussian(6 * 5 * 4, 3);
    assertThat(sizes("conv.weight", one, 6, 5, 4).operatorNormBound())
        .isCloseTo(fourUnfoldings(one, 6, 5, 1, 4), SEARCH);
    double[] three = gaussian(4 * 3 * 8, 4);
    double bound = sizes("conv.weight", three, 4, 3, 2, 2, 2).operatorNormBound();
    // Two axes together are one, in some of the ways.
    assertThat(bound).isLessThanOrEqualTo(1.0025 * fourUnfoldings(three, 4, 3, 2, 4));
    assertThat(bound).isGreaterThan(sizes("conv.weight", three, 4, 3, 2, 2, 2).spectralNorm());
  }

  @Test
  void extremesAndZeros() throws InterruptedException {
    double[] kernel = gaussian(6 * 5 * 9, 5);
    double expected = sizes("conv.weight", kernel, 6, 5, 3, 3).operatorNormBound();
    double[] tiny = Arrays.stream(kernel).map(v -> v * 0x1p-200).toArray();
    assertThat(sizes("conv.weight", tiny, 6, 5, 3, 3).operatorNormBound() * 0x1p200)
        .isCloseTo(expected, SEARCH);
    assertThat(sizes("conv.weight", new double[54], 3, 2, 3, 3).operatorNormBound()).isZero();
    double[] point = gaussian(30, 6);
    assertThat(sizes("conv.weight", point, 6, 5, 1, 1).operatorNormBound())
        .isCloseTo(largest(point, 6, 5), within(1e-5));
    assertThat(sizes("fc.weight", point, 6, 5).operatorNormBound()).isNaN();
  }
}
