package org.widthwise.torch.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.widthwise.core.shape.Layer;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.core.shape.Role;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.engine.Tensors;

final class MatrixViewTest {

  private final PointerScope scope = new PointerScope();

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  private static ParameterShape shape(Role role, long... dimensions) {
    return ParameterShape.of(role, Layer.HIDDEN, dimensions);
  }

  /** A shape and the dimensions of its view. */
  record Case(ParameterShape shape, List<Long> view) {}

  static List<Case> cases() {
    return List.of(
        new Case(shape(Role.MATRIX, 6, 4), List.of(6L, 4L)),
        new Case(shape(Role.MATRIX, 6, 4).stacked(3), List.of(3L, 2L, 4L)),
        new Case(shape(Role.CONVOLUTION, 6, 4, 3), List.of(6L, 12L)),
        new Case(shape(Role.CONVOLUTION, 6, 2, 3, 5).stacked(2), List.of(2L, 3L, 30L)),
        new Case(shape(Role.TRANSPOSED_CONVOLUTION, 6, 4, 3, 3), List.of(4L, 54L)),
        new Case(shape(Role.TRANSPOSED_CONVOLUTION, 6, 4, 3).stacked(2), List.of(2L, 4L, 9L)),
        new Case(shape(Role.EMBEDDING, 7, 4), List.of(7L, 4L, 1L)),
        new Case(shape(Role.TIED_EMBEDDING, 7, 4), List.of(7L, 4L, 1L)),
        new Case(shape(Role.BIAS, 6).stacked(3), List.of(6L)),
        new Case(shape(Role.GAIN, 2, 3), List.of(6L)),
        new Case(shape(Role.SCALAR), List.of(1L)));
  }

  private static Tensor counted(ParameterShape shape) {
    long[] dimensions = shape.dimensions().stream().mapToLong(d -> d).toArray();
    long count = Arrays.stream(dimensions).reduce(1, (a, b) -> a * b);
    Tensor tensor = torch.zeros(new long[] {count}, new TensorOptions(ScalarType.Double));
    for (int i = 0; i < count; i++) {
      tensor.data_ptr_double().put(i, i);
    }
    return tensor.reshape(dimensions);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isThereAndBack(Case sample) {
    MatrixView view = MatrixView.of(sample.shape());
    Tensor tensor = counted(sample.shape());
    assertThat(Arrays.stream(Tensors.shape(view.of(tensor))).boxed().toList())
        .isEqualTo(sample.view());
    assertThat(view.restore(view.of(tensor)).equal(tensor)).isTrue();
    // The last dimensions of the view are the fans, a kernel's area being counted as fan-in.
    if (sample.shape().isMatrixLike()) {
      int last = sample.view().size() - 1;
      assertThat(sample.view().get(last - 1)).isEqualTo(sample.shape().fans().fanOut());
      assertThat(sample.view().get(last))
          .isEqualTo(sample.shape().fans().fanIn() * sample.shape().kernelArea());
    }
  }

  /** Entry by entry: w[g·in + i, o, k] of a transposed convolution maps channel i to channel o. */
  @Test
  void aTransposedKernelIsTurnedInEachGroup() {
    ParameterShape shape = shape(Role.TRANSPOSED_CONVOLUTION, 6, 4, 5).stacked(2);
    Tensor kernel = counted(shape);
    Tensor view = MatrixView.of(shape).of(kernel);
    for (int group = 0; group < 2; group++) {
      for (int in = 0; in < 3; in++) {
        for (int out = 0; out < 4; out++) {
          for (int k = 0; k < 5; k++) {
            double entry = ((group * 3 + in) * 4 + out) * 5 + k;
            assertThat(view.get(group).get(out).get(in * 5 + k).item_double()).isEqualTo(entry);
          }
        }
      }
    }
  }

  @Test
  void anotherShapeIsRefused() {
    MatrixView view = MatrixView.of(shape(Role.MATRIX, 6, 4));
    Tensor other = counted(shape(Role.MATRIX, 4, 6));
    assertThatThrownBy(() -> view.of(other))
        .hasMessageContaining("[6, 4]")
        .hasMessageContaining("[4, 6]");
  }
}
