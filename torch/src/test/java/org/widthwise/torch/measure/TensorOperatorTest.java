package org.widthwise.torch.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.init.Initializer;

final class TensorOperatorTest {

  private static final int ROWS = 30;
  private static final int COLUMNS = 20;

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  /** Vectors that are copied to a device and back go through the same numbers. */
  @ParameterizedTest
  @ValueSource(strings = {"Float", "Double"})
  void copiesVectorsToWhereTheMatrixIs(String precision) {
    try (PointerScope scope = new PointerScope()) {
      Tensor matrix =
          torch
              .zeros(ROWS, COLUMNS)
              .normal_(0.0, 1.0, new GeneratorOptional(Initializer.seeded(3)))
              .to(ScalarType.valueOf(precision));
      double[] x = new Random(4).doubles(COLUMNS).toArray();
      double[] y = new Random(5).doubles(ROWS).toArray();
      double[] direct = new double[ROWS];
      double[] copied = new double[ROWS];
      double[] directBack = new double[COLUMNS];
      double[] copiedBack = new double[COLUMNS];
      try (TensorOperator here = TensorOperator.of(matrix);
          TensorOperator there = TensorOperator.copying(matrix)) {
        here.apply(x, direct);
        there.apply(x, copied);
        here.applyTransposed(y, directBack);
        there.applyTransposed(y, copiedBack);
      }
      assertThat(copied).containsExactly(direct);
      assertThat(copiedBack).containsExactly(directBack);
      assertThat(direct[0]).isNotZero();
    }
  }
}
