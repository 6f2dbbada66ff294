package org.widthwise.djl.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each entry at its place, by loops. */
@Tag("engine")
class MatrixViewTest {

  @Test
  void outputsComeFirst() {
    try (NDManager manager = NDManager.newBaseManager()) {
      long maps = 2;
      long inputs = 3;
      long outputs = 4;
      long kernel = 5;
      NDArray stored = manager.arange(2f * 3 * 4 * 5).reshape(maps * inputs, outputs, kernel);
      MatrixView view = MatrixView.inputFirst(maps, outputs, inputs, kernel);
      NDArray seen = view.of(stored);
      assertThat(seen.getShape()).isEqualTo(new Shape(maps, outputs, inputs * kernel));
      for (long m = 0; m < maps; m++) {
        for (long i = 0; i < inputs; i++) {
          for (long o = 0; o < outputs; o++) {
            for (long k = 0; k < kernel; k++) {
              assertThat(seen.getFloat(m, o, i * kernel + k))
                  .isEqualTo(stored.getFloat(m * inputs + i, o, k));
            }
          }
        }
      }
      assertThat(view.restore(seen, stored.getShape())).isEqualTo(stored);
    }
  }

  @Test
  void kernelsAreFlattenedAndStacksSplit() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray kernels = manager.arange(2f * 3 * 2 * 5).reshape(6, 2, 5);
      MatrixView view = MatrixView.matrices(2, 3, 10);
      NDArray seen = view.of(kernels);
      assertThat(seen.getShape()).isEqualTo(new Shape(2, 3, 10));
      assertThat(seen.getFloat(1, 2, 7)).isEqualTo(kernels.getFloat(5, 1, 2));
      assertThat(view.restore(seen, kernels.getShape())).isEqualTo(kernels);
      assertThat(MatrixView.vector(6).of(manager.ones(new Shape(2, 3))).getShape())
          .isEqualTo(new Shape(6));
      assertThat(MatrixView.matrices(1, 2, 3).shape()).isEqualTo(new Shape(2, 3));
    }
  }

  @Test
  void aStackOfVectorsIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MatrixView.matrices(2, 3, 0))
        .withMessageContaining("2 maps, 3 × 0");
  }
}
