package org.widthwise.audit.spectrum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.widthwise.audit.spectrum.Matrices.checkpoint;
import static org.widthwise.audit.spectrum.Matrices.gaussian;
import static org.widthwise.audit.spectrum.Matrices.norm;
import static org.widthwise.audit.spectrum.Matrices.tensor;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.widthwise.core.spectral.DenseOperator;
import org.widthwise.core.spectral.GolubKahanLanczos;
import org.widthwise.core.spectral.SingularTriplet;

final class UpdateAlignmentTest {

  /** An angle after a search to 1e-6 where the next singular value is half of the first. */
  private static final double PRECISION = 3e-3;

  private static UpdateAlignment alignment(
      String name, double[] before, double[] after, long... shape) throws InterruptedException {
    return SpectralAudit.withDefaults()
        .run(
            checkpoint(tensor(name, after, shape)),
            checkpoint(tensor(name, before, shape)),
            (tensors, of, share) -> {})
        .tensors()
        .get(0)
        .alignment()
        .orElseThrow();
  }

  private static double[] sum(double[] x, double factor, double[] y) {
    double[] sum = new double[x.length];
    Arrays.setAll(sum, i -> x[i] + factor * y[i]);
    return sum;
  }

  private static double[] unit(int length, long seed) {
    double[] x = gaussian(length, seed);
    double norm = norm(x);
    return Arrays.stream(x).map(v -> v / norm).toArray();
  }

  private static double[] outer(double[] u, double[] v) {
    double[] product = new double[u.length * v.length];
    for (int i = 0; i < product.length; i++) {
      product[i] = u[i / v.length] * v[i % v.length];
    }
    return product;
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += x[i] * y[i];
    }
    return sum;
  }

  /** Of W₀ = 4 u v', and ΔW = s a b' everything is known but the vectors of the sum. */
  @ParameterizedTest
  @CsvSource({"fc.weight, 0.5", "fc.weight, -0.5", "h.0.mlp.c_fc.weight, 0.5", "embed.weight, 3"})
  void rankOneHasClosedForms(String name, double size) throws InterruptedException {
    double[] u = unit(20, 1);
    double[] v = unit(50, 2);
    double[] a = unit(20, 3);
    double[] b = unit(50, 4);
    double[] before = outer(u, v);
    Arrays.setAll(before, i -> 4 * before[i]);
    double[] after = sum(before, size, outer(a, b));
    UpdateAlignment found = alignment(name, before, after, 20, 50);

    double sign = Math.signum(size);
    assertThat(found.withEarlier()).isCloseTo(sign * dot(u, a) * dot(v, b), within(PRECISION));
    // In double precision, from another start.
    SingularTriplet later =
        GolubKahanLanczos.withDefaults().withSeed(9).largest(DenseOperator.of(20, 50, after));
    double rows = dot(later.left(), a);
    double columns = dot(later.right(), b);
    assertThat(found.withWeight()).isCloseTo(sign * rows * columns, within(PRECISION));
    boolean rowsAreOutputs = name.equals("fc.weight");
    assertThat(found.output())
        .isCloseTo(Math.abs(rowsAreOutputs ? rows : columns), within(PRECISION));
    assertThat(found.input())
        .isCloseTo(Math.abs(rowsAreOutputs ? columns : rows), within(PRECISION));
  }

  @Test
  void growingAndShrinkingHaveTheirSigns() throws InterruptedException {
    double[] before = outer(unit(30, 1), unit(20, 2));
    for (double factor : new double[] {1.5, 0.5, -0.5}) {
      double[] after = Arrays.stream(before).map(v -> factor * v).toArray();
      UpdateAlignment found = alignment("fc.weight", before, after, 30, 20);
      assertThat(found.withEarlier()).isCloseTo(Math.signum(factor - 1), within(1e-6));
      assertThat(found.withWeight())
          .isCloseTo(Math.signum(factor - 1) * Math.signum(factor), within(1e-6));
      assertThat(found.output()).isCloseTo(1, within(1e-6));
      assertThat(found.input()).isCloseTo(1, within(1e-6));
    }
  }

  @Test
  void ofVectorsItIsTheCosine() throws InterruptedException {
    double[] before = gaussian(70_000, 1);
    double[] change = gaussian(70_000, 2);
    double[] after = sum(before, 0x1p-3, change);
    double[] moved = sum(after, -1, before);
    UpdateAlignment found = alignment("fc.bias", before, after, 70_000);
    double cosine = dot(after, moved) / norm(after) / norm(moved);
    assertThat(found.withWeight()).isCloseTo(cosine, within(1e-12));
    assertThat(found.output()).isCloseTo(cosine, within(1e-12));
    assertThat(found.input()).isEqualTo(1);
    assertThat(found.withEarlier())
        .isCloseTo(dot(before, moved) / norm(before) / norm(moved), within(1e-12));
  }

  /** The update is largest where the weight is not. */
  @Test
  void ofConvolutionsTheUpdatesPositionCounts() throws InterruptedException {
    double[] before = new double[6 * 5 * 2];
    double[] change = new double[before.length];
    double[] u = unit(6, 1);
    double[] v = unit(5, 2);
    double[] a = unit(6, 3);
    double[] b = unit(5, 4);
    for (int i = 0; i < 30; i++) {
      before[2 * i] = 3 * outer(b(6, 0), b(5, 0))[i];
      before[2 * i + 1] = outer(u, v)[i];
      change[2 * i + 1] = -outer(a, b)[i];
    }
    UpdateAlignment found = alignment("conv.weight", before, sum(before, 0.25, change), 6, 5, 2);
    assertThat(found.withEarlier()).isCloseTo(-dot(u, a) * dot(v, b), within(PRECISION));
  }

  private static double[] b(int length, int at) {
    double[] basis = new double[length];
    basis[at] = 1;
    return basis;
  }

  @Test
  void zerosAndWhatIsNotFiniteHaveNone() throws InterruptedException {
    double[] a = gaussian(12, 1);
    double[] bad = a.clone();
    bad[3] = Double.NaN;
    assertThat(alignment("fc.weight", a, a, 3, 4).withWeight()).isNaN();
    assertThat(alignment("fc.weight", new double[12], a, 3, 4).withEarlier()).isNaN();
    assertThat(alignment("fc.weight", new double[12], a, 3, 4).withWeight())
        .isCloseTo(1, within(1e-6));
    assertThat(alignment("fc.weight", a, bad, 3, 4).withWeight()).isNaN();
    assertThat(alignment("fc.weight", bad, a, 3, 4).withEarlier()).isNaN();
  }
}
