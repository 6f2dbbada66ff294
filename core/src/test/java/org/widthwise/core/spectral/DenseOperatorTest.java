package org.widthwise.core.spectral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DenseOperatorTest extends LinearOperatorContract {

  @Override
  protected List<Subject> subjects() {
    int[][] shapes = {{1, 1}, {1, 7}, {7, 1}, {5, 5}, {13, 6}, {6, 13}, {0, 3}, {3, 0}, {0, 0}};
    List<Subject> subjects = new ArrayList<>();
    for (int[] shape : shapes) {
      double[] values = Matrices.gaussian(shape[0], shape[1], 11);
      String name = shape[0] + " × " + shape[1];
      subjects.add(
          new Subject("double " + name, DenseOperator.of(shape[0], shape[1], values), 1e-14));
      subjects.add(
          new Subject(
              "float " + name,
              DenseOperator.of(shape[0], shape[1], Matrices.toFloat(values)),
              1e-14));
    }
    return subjects;
  }

  @Test
  void multipliesRowByRow() {
    DenseOperator a = DenseOperator.of(2, 3, new double[] {1, 2, 3, 4, 5, 6});
    double[] y = new double[2];
    a.apply(new double[] {1, 10, 100}, y);
    assertThat(y).containsExactly(321, 654);
    double[] x = new double[3];
    a.applyTransposed(new double[] {1, 10}, x);
    assertThat(x).containsExactly(41, 52, 63);
  }

  @Test
  void singlePrecisionGivesTheSameForNumbersItHolds() {
    DenseOperator a = DenseOperator.of(2, 3, new float[] {1, 2, 3, 4, 5, 6});
    double[] y = new double[2];
    a.apply(new double[] {1, 10, 100}, y);
    assertThat(y).containsExactly(321, 654);
    double[] x = new double[3];
    a.applyTransposed(new double[] {1, 10}, x);
    assertThat(x).containsExactly(41, 52, 63);
  }

  @Test
  void refusesAnArrayThatDoesNotFitTheShape() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DenseOperator.of(2, 3, new double[5]))
        .withMessageContaining("[2, 3]")
        .withMessageContaining("6 entries")
        .withMessageContaining("holds 5");
    assertThatIllegalArgumentException().isThrownBy(() -> DenseOperator.of(-2, -3, new float[6]));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DenseOperator.of(1 << 16, 1 << 16, new float[0]));
  }

  @Test
  void refusesVectorsThatDoNotFitTheShape() {
    DenseOperator a = DenseOperator.of(2, 3, new double[6]);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> a.apply(new double[2], new double[3]))
        .withMessageContaining("[2, 3]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> a.applyTransposed(new double[3], new double[2]));
  }
}
