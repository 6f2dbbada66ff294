package org.widthwise.lab.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.init.Initializer;
import org.widthwise.torch.monitor.Monitor;
import org.widthwise.torch.monitor.MonitorSinks;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.nn.Mlp;
import org.widthwise.torch.nn.MlpShape;
import org.widthwise.torch.plan.InitScheme;
import org.widthwise.torch.plan.MlpParameters;
import org.widthwise.torch.plan.PlannedModule;
import org.widthwise.torch.plan.PlannedOptimizer;

/** The examples of {@code docs/monitor.md}, which the house tests compare with it. */
final class MonitorExampleTest {

  @Test
  void aLoopIsWatched(@TempDir Path directory) throws IOException {
    Libtorch.load();
    Path file = directory.resolve("monitor.csv");
    int steps = 3;
    try (PointerScope test = new PointerScope()) {
      MlpShape shape = MlpShape.of(Activation.RELU, 8, 16, 4);
      Plan plan =
          Recipe.of(Parametrizations.SPECTRAL, UpdateRules.ADAM)
              .withLearningRate(0.05)
              .plan(MlpParameters.of(shape));
      Mlp network = new Mlp(shape);
      PlannedModule.initialize(network, plan, InitScheme.GAUSSIAN, Initializer.seeded(0));
      PlannedOptimizer optimizer = PlannedOptimizer.of(network, plan);
      Tensor inputs = torch.randn(32, 8);
      Tensor targets = torch.randn(32, 4);
      // loop: begin
      Monitor monitor = Monitor.of(network, plan).to(MonitorSinks.csv(file));
      for (long step = 1; step <= steps; step++) {
        try (PointerScope scope = new PointerScope()) {
          optimizer.zeroGradients();
          torch.mse_loss(network.forward(inputs), targets).backward();
          optimizer.step();
          monitor.afterStep(step);
        }
      }
      String verdict = monitor.verdict().text();
      // loop: end
      monitor.close();
      assertThat(verdict)
          .isEqualTo("all parameters were within their bands at 2 observations up to step 2");
      // A header, and two rows for each of two observations.
      assertThat(Files.readAllLines(file)).hasSize(5);
      try (Monitor watching = Monitor.of(network, plan)) {
        // probe: begin
        watching.probing(inputs, network::forward);
        // probe: end
        assertThat(watching.observeStart().measured()).hasSize(12);
      }
    }
  }
}
