package org.widthwise.lab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CosineTransformTest {
  @ParameterizedTest
  @ValueSource(ints = {2, 4, 8, 32})
  void equalsTheSumThatDefinesIt(int side) {
    SplitMix64 random = SplitMix64.of(5, side);
    double[] coefficients = new double[side * side];
    for (int k = 0; k < coefficients.length; k++) {
      coefficients[k] = random.nextNearlyGaussian();
    }
    double[] fast = new CosineTransform(side).inverse(coefficients);
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        double sum = 0;
        for (int v = 0; v < side; v++) {
          for (int u = 0; u < side; u++) {
            sum += coefficients[v * side + u] * basis(v, y, side) * basis(u, x, side);
          }
        }
        assertThat(fast[y * side + x]).isCloseTo(sum, within(1e-12 * side));
      }
    }
  }

  private static double basis(int frequency, int position, int side) {
    return Math.sqrt((frequency == 0 ? 1.0 : 2.0) / side)
        * Math.cos(Math.PI * (position + 0.5) * frequency / side);
  }
}
