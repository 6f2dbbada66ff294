package org.widthwise.lab.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.widthwise.core.norm.MatrixNorms;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.init.Initializer;
import org.widthwise.torch.measure.TensorNorms;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.nn.Mlp;
import org.widthwise.torch.nn.MlpShape;
import org.widthwise.torch.plan.InitScheme;
import org.widthwise.torch.plan.MlpParameters;
import org.widthwise.torch.plan.PlannedModule;
import org.widthwise.torch.train.Sgd;
import org.widthwise.torch.train.SgdOptions;

/** The README's library example: run here, and compared with what the README prints. */
class ReadmeExampleTest {

  @Test
  void theExampleTrains() {
    Libtorch.load();
    try (PointerScope scope = new PointerScope()) {
      Tensor inputs = torch.randn(64, 3072);
      Tensor targets = torch.randn(64, 10);
      // readme: begin
      MlpShape shape = MlpShape.of(Activation.RELU, 3072, 1024, 1024, 10).withBias(true);
      Plan plan =
          Recipe.of(Parametrizations.SPECTRAL, UpdateRules.SGD)
              .withLearningRate(0.1)
              .withGain(Math.sqrt(2))
              .plan(MlpParameters.of(shape));
      Mlp network = new Mlp(shape);
      PlannedModule.initialize(network, plan, InitScheme.GAUSSIAN, Initializer.seeded(0));
      Sgd optimizer = PlannedModule.sgd(network, plan, SgdOptions.plain().withMomentum(0.9));

      Tensor loss = torch.mse_loss(network.forward(inputs), targets);
      loss.backward();
      optimizer.step();
      MatrixNorms norms = TensorNorms.of(network.weight(1)); // spectral, Frobenius, stable rank
      // readme: end
      assertThat(torch.mse_loss(network.forward(inputs), targets).item_double())
          .isLessThan(loss.item_double());
      assertThat(norms.naturalSpectralNorm()).isBetween(1.0, 4.0);
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
