package org.widthwise.torch.nn;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.engine.OneDnn;

final class NamedConvolutionTest {

  private final PointerScope scope = new PointerScope();

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @ParameterizedTest
  @CsvSource({"12,24,3,1", "12,24,3,2", "12,24,1,2", "3,8,3,1", "5,16,3,1", "16,32,3,2"})
  void wholeBlocksChangeNoResult(int fanIn, int fanOut, int side, int stride) {
    NamedConvolution convolution = convolution(fanIn, fanOut, side, stride);
    convolution.convolution().to(ScalarType.Double, false);
    Tensor images = torch.randn(2, fanIn, 9, 6).to(ScalarType.Double).requires_grad_(true);
    Tensor weight = convolution.convolution().weight();
    Tensor expected = convolution.convolution().forward(images);
    expected.pow(new Scalar(2)).sum().backward();
    Tensor weightGradient = weight.grad().clone();
    Tensor imageGradient = images.grad().clone();
    weight.grad().zero_();
    images.grad().zero_();
    Tensor result = convolution.inWholeBlocks(images);
    result.pow(new Scalar(2)).sum().backward();
    assertThat(torch.allclose(result, expected, 1e-12, 1e-12, false)).isTrue();
    assertThat(torch.allclose(weight.grad(), weightGradient, 1e-12, 1e-12, false)).isTrue();
    assertThat(torch.allclose(images.grad(), imageGradient, 1e-12, 1e-12, false)).isTrue();
  }

  /** What {@link OneDnn#needsWholeBlocks()} is about shows only in memory that was used before. */
  @ParameterizedTest
  @CsvSource({"8,8,3", "24,24,3", "12,20,1", "3,8,3"})
  void readsNothingThatLiesAboutInMemory(int fanIn, int fanOut, int side) {
    NamedConvolution convolution = convolution(fanIn, fanOut, side, 1);
    Tensor images = torch.randn(4, fanIn, 32, 32).requires_grad_(true);
    for (int round = 0; round < 30; round++) {
      try (PointerScope ofRound = new PointerScope()) {
        litter(4, 64, 34, 34);
        litter(64, 64, side, side);
        images.mutable_grad().reset();
        Tensor output = convolution.forward(images, FeatureTap.none());
        output.pow(new Scalar(2)).sum().backward();
        assertThat(finite(output)).isTrue();
        assertThat(finite(images.grad())).isTrue();
        assertThat(finite(convolution.convolution().weight().grad())).isTrue();
      }
    }
  }

  @Test
  void countsTheChannelsThatAreMissing() {
    assertThat(OneDnn.missing(1)).isEqualTo(15);
    assertThat(OneDnn.missing(16)).isZero();
    assertThat(OneDnn.missing(24)).isEqualTo(8);
  }

  private static NamedConvolution convolution(int fanIn, int fanOut, int side, int stride) {
    return NamedConvolution.in(new Module("parent"), "", "map", fanIn, fanOut, side, stride);
  }

  /** Leaves NaN in memory that is free. */
  private static void litter(long... shape) {
    for (int i = 0; i < 6; i++) {
      torch.full(shape, new Scalar(Double.NaN)).close();
    }
  }

  private static boolean finite(Tensor tensor) {
    return tensor.isfinite().all().item_bool();
  }
}
