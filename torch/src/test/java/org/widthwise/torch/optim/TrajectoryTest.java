package org.widthwise.torch.optim;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.RMSprop;
import org.bytedeco.pytorch.RMSpropOptions;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.widthwise.torch.engine.Libtorch;

/** Against libtorch's own optimizers, on a problem whose gradient changes with the parameter. */
final class TrajectoryTest {
  private static final int STEPS = 50;
  private static final double RATE = 0.03;

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
  @CsvSource({"0.9, 0.999, 1e-8", "0.8, 0.95, 1e-3", "0, 0.9, 1e-8", "0.5, 0, 0.1"})
  void adamIsThatOfLibtorch(double beta1, double beta2, double epsilon) {
    Tensor theirs = start();
    AdamOptions options = new AdamOptions(RATE);
    // A std::tuple, which some standard libraries keep in memory last element first.
    int first = options.betas().get(0) == 0.9 ? 0 : 1;
    options.betas().put(first, beta1);
    options.betas().put(1 - first, beta2);
    options.eps().put(epsilon);
    assertSameTrajectory(
        new Adam(beta1, beta2, epsilon),
        theirs,
        new org.bytedeco.pytorch.Adam(new TensorVector(theirs), options));
  }

  @ParameterizedTest
  @CsvSource({"0.99, 1e-8", "0.5, 1e-2", "0, 0.3"})
  void rmsPropIsThatOfLibtorch(double decay, double epsilon) {
    Tensor theirs = start();
    RMSpropOptions options = new RMSpropOptions(RATE);
    options.alpha().put(decay);
    options.eps().put(epsilon);
    assertSameTrajectory(
        new RmsProp(decay, epsilon), theirs, new RMSprop(new TensorVector(theirs), options));
  }

  @ParameterizedTest
  @CsvSource({"0, false", "0.9, false", "0.9, true", "0.3, true"})
  void momentumIsThatOfLibtorch(double momentum, boolean nesterov) {
    Tensor theirs = start();
    SGDOptions options = new SGDOptions(RATE);
    options.momentum().put(momentum);
    options.nesterov().put(nesterov);
    Direction direction =
        momentum == 0 ? new GradientDirection() : new Momentum(momentum, nesterov);
    assertSameTrajectory(direction, theirs, new SGD(new TensorVector(theirs), options));
  }

  private static void assertSameTrajectory(
      Direction direction, Tensor theirs, Optimizer reference) {
    Tensor ours = start().detach().clone();
    ParameterUpdate update = new ParameterUpdate(direction, RATE, ours);
    for (int step = 1; step <= STEPS; step++) {
      reference.zero_grad();
      loss(theirs).backward();
      // The same gradient for both: entrywise rules would blow up rounding where it is near zero.
      ours.add_(update.next(theirs.grad(), ours));
      reference.step();
      assertThat(Samples.error(ours, theirs.detach())).as("step " + step).isLessThan(1e-12);
    }
    assertThat(update.state().updates()).isEqualTo(STEPS);
    assertThat(Samples.error(ours, start().detach())).isGreaterThan(0.1);
  }

  private static Tensor start() {
    Tensor start = Samples.gaussian(ScalarType.Double, 1, 5, 7);
    start.requires_grad_(true);
    return start;
  }

  /** Σ ln cosh(A·W − Y). */
  private static Tensor loss(Tensor parameter) {
    Tensor map = Samples.gaussian(ScalarType.Double, 2, 6, 5);
    Tensor targets = Samples.gaussian(ScalarType.Double, 3, 6, 7);
    return map.mm(parameter).sub(targets).cosh().log().sum();
  }
}
