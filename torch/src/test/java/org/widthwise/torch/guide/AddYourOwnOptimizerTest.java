package org.widthwise.torch.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.shape.Fans;
import org.widthwise.core.update.EntrywiseRule;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.init.GaussianInitializer;
import org.widthwise.torch.init.Initializer;
import org.widthwise.torch.measure.TensorNorms;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.nn.Mlp;
import org.widthwise.torch.nn.MlpShape;
import org.widthwise.torch.optim.Averaging;
import org.widthwise.torch.optim.Chain;
import org.widthwise.torch.optim.Direction;
import org.widthwise.torch.optim.OptimizerSettings;
import org.widthwise.torch.optim.ParameterState;
import org.widthwise.torch.optim.ParameterUpdate;
import org.widthwise.torch.optim.Sign;
import org.widthwise.torch.plan.InitScheme;
import org.widthwise.torch.plan.MlpParameters;
import org.widthwise.torch.plan.PlannedModule;
import org.widthwise.torch.plan.PlannedOptimizer;

/** The code of docs/optimizers.md: run here, and compared with what the guide prints. */
final class AddYourOwnOptimizerTest {

  private static final Pattern REGION =
      Pattern.compile("(?ms)^ *// guide: begin\\n(.*?)^ *// guide: end\\n");

  // guide: begin
  /** The sign of an average of gradients. */
  record Signum(double weight) implements Direction {

    @Override
    public UpdateRule rule() {
      return new EntrywiseRule("signum", false);
    }

    @Override
    public Map<String, Tensor> initialState(Tensor parameter) {
      return Map.of("mean", torch.zeros_like(parameter));
    }

    @Override
    public Tensor of(Tensor gradient, Tensor parameter, ParameterState state) {
      Tensor mean = state.tensor("mean");
      mean.mul_(new Scalar(1 - weight)).add_(gradient, new Scalar(weight));
      return mean.div(mean.abs()).masked_fill_(mean.eq(new Scalar(0.0)), new Scalar(0.0));
    }

    @Override
    public Direction withEpsilon(double epsilon) {
      return this; // it has none
    }
  }

  // guide: end

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  @Test
  void itTrains() {
    try (PointerScope scope = new PointerScope()) {
      Tensor inputs = gaussian(1, 64, 20);
      Tensor targets = inputs.narrow(1, 0, 3).sign();
      // guide: begin
      MlpShape shape = MlpShape.of(Activation.RELU, 20, 256, 256, 3);
      Direction signum = new Signum(0.1);
      Plan plan =
          Recipe.of(Parametrizations.SPECTRAL, signum.rule())
              .withLearningRate(0.05)
              .plan(MlpParameters.of(shape));
      Mlp network = new Mlp(shape);
      PlannedModule.initialize(network, plan, InitScheme.GAUSSIAN, Initializer.seeded(0));
      PlannedOptimizer optimizer =
          PlannedOptimizer.of(network, plan, OptimizerSettings.withDefaults().with(signum));
      // guide: end
      double before = torch.mse_loss(network.forward(inputs), targets).item_double();
      for (int step = 0; step < 30; step++) {
        optimizer.zeroGradients();
        torch.mse_loss(network.forward(inputs), targets).backward();
        optimizer.step();
      }
      assertThat(torch.mse_loss(network.forward(inputs), targets).item_double())
          .isLessThan(0.7 * before);
    }
  }

  @Test
  void itHasTheSizeThatItsRuleStates() {
    try (PointerScope scope = new PointerScope()) {
      // guide: begin
      Tensor weight = gaussian(1, 30, 12);
      Tensor aligned = gaussian(2, 30, 1).mm(gaussian(3, 1, 12));
      Tensor raw = new ParameterUpdate(new Signum(0.1), -1, weight).next(aligned, weight);
      double stated = new Signum(0.1).rule().rawSpectralNorm(new Fans(12, 30));
      assertThat(TensorNorms.spectral(raw)).isCloseTo(stated, within(1e-5 * stated));
      // guide: end
    }
  }

  @Test
  void itIsAChain() {
    try (PointerScope scope = new PointerScope()) {
      Tensor weight = gaussian(1, 6, 4);
      // guide: begin
      Direction chain = Chain.of(new Averaging(0.1), new Sign());
      // guide: end
      ParameterUpdate ours = new ParameterUpdate(new Signum(0.1), 1, weight);
      ParameterUpdate composed = new ParameterUpdate(chain, 1, weight);
      for (int step = 0; step < 5; step++) {
        Tensor gradient = gaussian(10 + step, 6, 4);
        assertThat(ours.next(gradient, weight).equal(composed.next(gradient, weight))).isTrue();
      }
    }
  }

  @Test
  void theGuidePrintsTheCode() throws IOException {
    Path root = Path.of("").toAbsolutePath().getParent();
    String source =
        Files.readString(
            root.resolve(
                "torch/src/test/java/org/widthwise/torch/guide/AddYourOwnOptimizerTest.java"));
    List<String> regions = new ArrayList<>();
    Matcher region = REGION.matcher(source);
    while (region.find()) {
      regions.add(region.group(1).stripTrailing().stripIndent());
    }
    assertThat(regions).hasSize(4);
    String page = Files.readString(root.resolve("docs/optimizers.md"));
    assertThat(regions).allSatisfy(code -> assertThat(page).contains("```java\n" + code + "\n```"));
    assertThat(page.split("```java\n", -1)).hasSize(regions.size() + 1);
  }

  private static Tensor gaussian(long seed, long... shape) {
    Tensor tensor = torch.zeros(shape, new TensorOptions(ScalarType.Float));
    new GaussianInitializer(1).fill(tensor, Initializer.seeded(seed));
    return tensor;
  }
}
