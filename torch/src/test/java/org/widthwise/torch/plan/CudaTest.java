package org.widthwise.torch.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.spectral.SingularTriplet;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.torch.engine.ComputeDevice;
import org.widthwise.torch.engine.CudaStatus;
import org.widthwise.torch.init.Initializer;
import org.widthwise.torch.measure.TensorNorms;
import org.widthwise.torch.monitor.Cadence;
import org.widthwise.torch.monitor.LayerSizes;
import org.widthwise.torch.monitor.Monitor;
import org.widthwise.torch.monitor.MonitorOptions;
import org.widthwise.torch.monitor.Observation;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.nn.Mlp;
import org.widthwise.torch.nn.MlpShape;
import org.widthwise.torch.optim.Direction;
import org.widthwise.torch.optim.Directions;

/** The same on a CUDA device as on the CPU, to rounding. */
final class CudaTest {

  private static final MlpShape SHAPE = MlpShape.of(Activation.TANH, 12, 96, 80, 3).withBias(true);
  private static final int EXAMPLES = 7;

  /** Roots and bases of preconditioners are renewed every ten steps. */
  private static final int STEPS = 11;

  private static final ComputeDevice DEVICE = ComputeDevice.cuda(0);

  private final PointerScope scope = new PointerScope();

  @BeforeEach
  void requireDevice() {
    CudaStatus status = CudaStatus.here();
    assumeTrue(status.isUsable(), () -> "it takes a CUDA device, and " + status.missing());
  }

  @AfterEach
  void close() {
    scope.close();
  }

  static Stream<String> rules() {
    return Directions.all().stream().map(Direction::rule).map(UpdateRule::id);
  }

  private static Tensor drawn(ScalarType type, Generator generator, long... shape) {
    return torch
        .zeros(shape, new TensorOptions(type))
        .normal_(0.0, 1.0, new GeneratorOptional(generator));
  }

  /** What a training left: parameters by name, and what a monitor saw. */
  private record Trained(Map<String, Tensor> parameters, List<Observation> observations) {}

  private static Trained train(String rule, ComputeDevice device) {
    Plan plan =
        Recipe.of(Parametrizations.SPECTRAL, Directions.named(rule).rule())
            .withLearningRate(0.1)
            .plan(MlpParameters.of(SHAPE));
    Mlp network = new Mlp(SHAPE);
    network.to(ScalarType.Double, false);
    PlannedModule.initialize(network, plan, InitScheme.GAUSSIAN, Initializer.seeded(3));
    device.take(network);
    Generator generator = Initializer.seeded(4);
    Tensor inputs = device.here(drawn(ScalarType.Double, generator, EXAMPLES, 12));
    Tensor targets = device.here(drawn(ScalarType.Double, generator, EXAMPLES, 3));
    PlannedOptimizer optimizer = PlannedOptimizer.of(network, plan);
    List<Observation> observations = new ArrayList<>();
    try (Monitor monitor =
        Monitor.of(network, plan, MonitorOptions.withDefaults().withCadence(Cadence.every(1)))
            .probing(inputs, network::forward)
            .to(observations::add)) {
      for (int step = 1; step <= STEPS; step++) {
        optimizer.zeroGradients();
        torch.mse_loss(network.forward(inputs), targets).backward();
        optimizer.step();
        monitor.afterStep(step);
      }
    }
    Map<String, Tensor> parameters = new LinkedHashMap<>();
    NamedTensors.of(network).forEach((name, tensor) -> parameters.put(name, tensor.detach()));
    return new Trained(parameters, observations);
  }

  /** In float64: rounding is 10⁻¹⁶ then, and a hundred million times that is no mistake's size. */
  @ParameterizedTest
  @MethodSource("rules")
  void trainsToTheSameWeights(String rule) {
    Trained here = train(rule, ComputeDevice.CPU);
    Trained there = train(rule, DEVICE);
    there
        .parameters()
        .forEach(
            (name, parameter) -> {
              assertThat(parameter.is_cuda()).as(name).isTrue();
              Tensor expected = Objects.requireNonNull(here.parameters().get(name));
              double difference = TensorNorms.frobenius(parameter.cpu().sub(expected));
              assertThat(difference)
                  .as(name)
                  .isLessThanOrEqualTo(1e-8 * TensorNorms.frobenius(expected));
            });
    assertThat(there.observations()).hasSameSizeAs(here.observations()).isNotEmpty();
    for (int i = 0; i < here.observations().size(); i++) {
      assertSame(here.observations().get(i), there.observations().get(i));
    }
  }

  /** The tolerance of a monitor's searches. */
  private static void assertSame(Observation expected, Observation actual) {
    double tolerance = 2 * MonitorOptions.withDefaults().relativeTolerance();
    for (int layer = 0; layer < expected.layers().size(); layer++) {
      LayerSizes sizes = actual.layers().get(layer);
      expected
          .layers()
          .get(layer)
          .values()
          .forEach(
              (quantity, value) ->
                  assertThat(sizes.value(quantity).orElse(-1))
                      .as("%s of %s at step %d", quantity, sizes.parameter(), actual.step())
                      .satisfiesAnyOf(
                          other -> assertThat(other).isNaN().isEqualTo(value),
                          other ->
                              assertThat(other)
                                  .isCloseTo(value, within(tolerance * Math.abs(value) + 1e-12))));
    }
  }

  /** Small ones go by LAPACK, others are searched; long ones are summed in chunks on the CPU. */
  @ParameterizedTest
  @CsvSource({
    "20, 30, Float, 2e-6",
    "300, 200, Float, 2e-6",
    "700, 900, Float, 2e-6",
    "300, 200, Double, 1e-9",
    "300, 200, Half, 2e-6",
  })
  void measuresTheSameNorms(long rows, long columns, String type, double tolerance) {
    Tensor here =
        drawn(ScalarType.Float, Initializer.seeded(5), rows, columns).to(ScalarType.valueOf(type));
    Tensor there = DEVICE.here(here);
    assertThat(TensorNorms.spectral(there))
        .isCloseTo(TensorNorms.spectral(here), within(tolerance * TensorNorms.spectral(here)));
    assertThat(TensorNorms.spectral(there.t()))
        .isCloseTo(TensorNorms.spectral(here), within(tolerance * TensorNorms.spectral(here)));
    double frobenius = TensorNorms.frobenius(here);
    assertThat(TensorNorms.frobenius(there)).isCloseTo(frobenius, within(1e-6 * frobenius));
    SingularTriplet triplet = TensorNorms.largest(there);
    assertThat(triplet.value())
        .isCloseTo(TensorNorms.largest(here).value(), within(tolerance * triplet.value()));
  }

  /** Where a search cannot tell: all singular values are equal but for rounding. */
  @Test
  void measuresAnOrthogonalMatrix() {
    Tensor square = drawn(ScalarType.Float, Initializer.seeded(6), 200, 200);
    Tensor orthogonal = torch.linalg_qr(DEVICE.here(square)).get0();
    assertThat(TensorNorms.spectral(orthogonal)).isCloseTo(1, within(2e-6));
  }
}
