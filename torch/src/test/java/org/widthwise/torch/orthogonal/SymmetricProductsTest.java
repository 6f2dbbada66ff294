package org.widthwise.torch.orthogonal;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.init.GaussianInitializer;
import org.widthwise.torch.init.Initializer;

/** Triangles of products against whole products, in buffers full of NaN at first. */
final class SymmetricProductsTest {

  private final PointerScope scope = new PointerScope();
  private final SymmetricProducts triangular = new TriangularProducts();

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @ParameterizedTest
  @CsvSource({"5, 9", "9, 5", "16, 16", "33, 40", "40, 33", "130, 131"})
  void trianglesAreThoseOfWholeProducts(long rows, long columns) {
    boolean tall = rows > columns;
    long side = Math.min(rows, columns);
    for (long[] stack : new long[][] {{}, {3}}) {
      Tensor x = gaussian(append(stack, rows, columns));
      Tensor wide = tall ? x.transpose(-2, -1) : x;

      Tensor gram = nan(append(stack, side, side));
      triangular.gram(gram, x, tall);
      Tensor wholeGram = wide.matmul(wide.transpose(-2, -1));
      assertClose(gram.tril(), wholeGram.tril());

      Tensor square = nan(append(stack, side, side));
      triangular.square(square, -0.5, gram);
      assertClose(square.tril(), wholeGram.matmul(wholeGram).mul(new Scalar(-0.5)).tril());

      Tensor applied = nan(append(stack, rows, columns));
      triangular.apply(applied, gram, x, tall);
      assertClose(applied, tall ? x.matmul(wholeGram) : wholeGram.matmul(x));
    }
  }

  /** Whatever way is taken, which depends on the size, an orthogonalisation is one. */
  @Test
  void manySizesOfSinglePrecisionAgreeWithDoublePrecision() {
    for (long[] shape : new long[][] {{383, 383}, {384, 384}, {600, 256}, {2, 385, 390}}) {
      Tensor x = gaussian(shape);
      for (IteratedOrthogonalization way :
          new IteratedOrthogonalization[] {
            Orthogonalization.kellerJordan(), Orthogonalization.polarExpress()
          }) {
        Tensor precise = way.of(x.to(ScalarType.Double), 1e-7);
        assertClose(way.of(x, 1e-7), precise.to(ScalarType.Float));
      }
    }
  }

  /** A map of zeros and one with a NaN, beside one that is as it would be alone. */
  @Test
  void badMapsAreBadAlone() {
    Tensor x = gaussian(3, 390, 400);
    x.select(0, 0).zero_();
    x.select(0, 2).select(0, 0).narrow(0, 0, 1).fill_(new Scalar(Double.NaN));
    IteratedOrthogonalization way = Orthogonalization.kellerJordan();
    Tensor result = way.of(x, 1e-7);
    assertThat(result.select(0, 0).abs().max().item_double()).isZero();
    assertThat(result.select(0, 1).equal(way.of(x.select(0, 1), 1e-7))).isTrue();
    assertThat(result.select(0, 2).isnan().all().item_bool()).isTrue();
  }

  @Test
  void onlySinglePrecisionOnTheProcessorHasTriangles() {
    assertThat(TriangularProducts.suit(gaussian(256, 576))).isTrue();
    assertThat(TriangularProducts.suit(gaussian(3, 576, 256))).isTrue();
    assertThat(TriangularProducts.suit(gaussian(383, 383))).isFalse();
    assertThat(TriangularProducts.suit(gaussian(384, 384).to(ScalarType.Double))).isFalse();
    assertThat(TriangularProducts.suit(gaussian(384, 384).to(ScalarType.BFloat16))).isFalse();
  }

  private static void assertClose(Tensor actual, Tensor expected) {
    double error = actual.sub(expected).norm().item_double() / expected.norm().item_double();
    assertThat(error).isLessThan(1e-5);
  }

  private static Tensor gaussian(long... shape) {
    Tensor drawn = torch.zeros(shape, new TensorOptions(ScalarType.Float));
    new GaussianInitializer(1).fill(drawn, Initializer.seeded(3));
    return drawn;
  }

  private static Tensor nan(long... shape) {
    return torch.zeros(shape, new TensorOptions(ScalarType.Float)).fill_(new Scalar(Double.NaN));
  }

  private static long[] append(long[] stack, long rows, long columns) {
    return stack.length == 0 ? new long[] {rows, columns} : new long[] {stack[0], rows, columns};
  }
}
