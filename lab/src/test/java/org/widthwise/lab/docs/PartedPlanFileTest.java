package org.widthwise.lab.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.widthwise.audit.plan.PlanFile;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.PlannedParameter;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.shape.Parameter;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.init.Initializer;
import org.widthwise.torch.plan.Declarations;
import org.widthwise.torch.plan.InitScheme;
import org.widthwise.torch.plan.ModuleParameters;
import org.widthwise.torch.plan.NamedTensors;
import org.widthwise.torch.plan.Parts;
import org.widthwise.torch.plan.PlannedModule;
import org.widthwise.torch.plan.PlannedOptimizer;

/** A plan file holds all that there is to say of parts. */
final class PartedPlanFileTest {

  private static final Declarations DECLARED =
      Declarations.none().input("read").readout("write").parts("wqkv", Parts.ofHeads(4, 1));
  private static final Recipe RECIPE =
      Recipe.of(Parametrizations.SPECTRAL, UpdateRules.MUON).withLearningRate(0.1);

  @TempDir private Path directory;

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  private static final class Fused extends Module {
    final LinearImpl read;
    final LinearImpl fused;
    final LinearImpl write;

    Fused(int width) {
      super("Fused");
      read = register_module("read", new LinearImpl(6, width));
      fused = register_module("wqkv", new LinearImpl(width, width + width / 2));
      write = register_module("write", new LinearImpl(width + width / 2, 2));
    }

    /** The weights after two steps by a plan, from first values of its own. */
    Map<String, Tensor> trained(Plan plan) {
      PlannedModule.initialize(this, plan, InitScheme.GAUSSIAN, Initializer.seeded(1));
      PlannedOptimizer optimizer = PlannedOptimizer.of(this, plan);
      for (int step = 0; step < 2; step++) {
        optimizer.zeroGradients();
        write
            .forward(fused.forward(read.forward(torch.ones(3, 6)).tanh()))
            .square()
            .sum()
            .backward();
        optimizer.step();
      }
      Map<String, Tensor> weights = new LinkedHashMap<>();
      NamedTensors.of(this).forEach((name, tensor) -> weights.put(name, tensor.detach().clone()));
      return weights;
    }
  }

  @Test
  void aPlanThatWasReadTrainsPartsWithoutDeclarations() throws IOException {
    try (PointerScope scope = new PointerScope()) {
      List<Parameter> parameters = ModuleParameters.of(new Fused(16), DECLARED);
      Plan plan = RECIPE.plan(parameters);
      Path file = directory.resolve("plan.json");
      PlanFile.of(plan).write(file);
      Plan read = PlanFile.read(file).plan();
      assertThat(read.parameters().stream().map(PlannedParameter::name))
          .containsSubsequence("wqkv.weight[query]", "wqkv.weight[key]", "wqkv.weight[value]");
      Map<String, Tensor> expected = new Fused(16).trained(plan);
      new Fused(16)
          .trained(read)
          .forEach(
              (name, tensor) ->
                  assertThat(tensor.equal(Objects.requireNonNull(expected.get(name))))
                      .as(name)
                      .isTrue());

      Plan wide = RECIPE.planRelativeTo(ModuleParameters.of(new Fused(64), DECLARED), read);
      assertThat(wide.get("wqkv.weight[key]").shape().dimensions()).containsExactly(16L, 64L);
      assertThat(wide.get("wqkv.weight[key]").scale())
          .isEqualTo(
              RECIPE
                  .planRelativeTo(ModuleParameters.of(new Fused(64), DECLARED), parameters)
                  .get("wqkv.weight[key]")
                  .scale());
    }
  }
}
