package org.widthwise.lab.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.plan.WeightDecayConvention;
import org.widthwise.core.shape.Parameter;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.init.Initializer;
import org.widthwise.torch.measure.TensorNorms;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.nn.Mlp;
import org.widthwise.torch.nn.MlpShape;
import org.widthwise.torch.plan.Declarations;
import org.widthwise.torch.plan.InitScheme;
import org.widthwise.torch.plan.ModuleParameters;
import org.widthwise.torch.plan.PlannedModule;
import org.widthwise.torch.plan.PlannedOptimizer;

/** The README's library example: run here, and compared with what the README prints. */
class ReadmeExampleTest {

  @Test
  void theExampleTrains() {
    Libtorch.load();
    int steps = 10;
    try (PointerScope test = new PointerScope()) {
      Tensor inputs = torch.randn(64, 3072);
      Tensor targets = torch.randn(64, 10);
      Mlp network = new Mlp(MlpShape.of(Activation.RELU, 3072, 512, 512, 10).withBias(true));
      Mlp narrower = new Mlp(MlpShape.of(Activation.RELU, 3072, 64, 64, 10).withBias(true));
      // readme: begin
      List<Parameter> parameters = ModuleParameters.of(network, narrower, Declarations.none());
      Plan plan =
          Recipe.of(Parametrizations.SPECTRAL, UpdateRules.MUON)
              .withLearningRate(0.05)
              .withUpdateRuleBesideHidden(UpdateRules.ADAMW, 0.5)
              .withWeightDecay(0.01, WeightDecayConvention.INDEPENDENT)
              .plan(parameters);
      PlannedModule.initialize(network, plan, InitScheme.GAUSSIAN, Initializer.seeded(0));
      PlannedOptimizer optimizer = PlannedOptimizer.of(network, plan);

      for (int step = 0; step < steps; step++) {
        try (PointerScope scope = new PointerScope()) { // frees the tensors of the step
          optimizer.zeroGradients();
          torch.mse_loss(network.forward(inputs), targets).backward();
          optimizer.step();
        }
      }
      // readme: end
      assertThat(torch.mse_loss(network.forward(inputs), targets).item_double())
          .isLessThan(torch.mse_loss(torch.zeros_like(targets), targets).item_double());
      assertThat(TensorNorms.of(network.weight(1)).naturalSpectralNorm()).isBetween(1.0, 4.0);
    }
  }

  @Test
  void theReadmePrintsTheExample() throws IOException {
    Path root = Path.of("").toAbsolutePath().getParent();
    String source =
        Files.readString(
            root.resolve("lab/src/test/java/org/widthwise/lab/docs/ReadmeExampleTest.java"));
    String example =
        source
            .substring(
                source.indexOf("// readme: begin\n") + "// readme: begin\n".length(),
                source.indexOf("      // readme: end\n"))
            .lines()
            .map(line -> line.isBlank() ? "" : line.substring("      ".length()))
            .collect(Collectors.joining("\n"));
    assertThat(Files.readString(root.resolve("README.md"))).contains(example);
  }
}
