package org.widthwise.audit.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.DepthScaling;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.plan.WeightDecayConvention;
import org.widthwise.core.shape.Layer;
import org.widthwise.core.shape.Parameter;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.core.shape.Role;
import org.widthwise.core.update.UpdateRules;

/** Numbers here are those of 1/fan-in, √(fan-out/fan-in) and 1/width, worked out by hand. */
final class TrainedElsewhereTest {

  private static final ParameterShape HIDDEN = ParameterShape.matrix(Layer.HIDDEN, 16, 16);

  private static PlanFile plan(Recipe recipe, Parameter... parameters) {
    return PlanFile.of(recipe.plan(List.of(parameters)));
  }

  @Test
  void parametersThatAreToldTheSameShareAGroup() {
    PyTorchGroups groups =
        PyTorchGroups.of(
            plan(
                Recipe.of(Parametrizations.SPECTRAL, UpdateRules.MUON)
                    .withLearningRate(0.5)
                    .withUpdateRuleBesideHidden(UpdateRules.ADAMW, 0.25)
                    .withWeightDecay(0.125, WeightDecayConvention.INDEPENDENT)
                    .withEpsilon(1),
                new Parameter("a.weight", HIDDEN),
                new Parameter("a.bias", ParameterShape.bias(Layer.HIDDEN, 16)),
                new Parameter("b.weight", HIDDEN),
                new Parameter("b.bias", ParameterShape.bias(Layer.HIDDEN, 16)),
                new Parameter("head.weight", ParameterShape.matrix(Layer.READOUT, 4, 16))));
    assertThat(groups.groups())
        .containsExactly(
            new PyTorchGroups.Group("muon", 0.5, 0.125, 1.0, List.of("a.weight", "b.weight")),
            new PyTorchGroups.Group("adamw", 0.25, 0.125, 1.0 / 16, List.of("a.bias", "b.bias")),
            new PyTorchGroups.Group("adamw", 0.25 / 16, 2, 0.25, List.of("head.weight")));
    assertThat(groups.init().get(0))
        .isEqualTo(new InitialValues("a.weight", List.of(16L, 16L), 0, 0.25));
    assertThat(groups.init().get(1).std()).isZero();
    assertThat(groups.multipliers()).isEmpty();
    assertThat(groups.branchMultipliers()).isEmpty();
  }

  @Test
  void multipliersAreFoldedButForThoseOfTiedTablesAndBranches() {
    PyTorchGroups groups =
        PyTorchGroups.of(
            plan(
                Recipe.of(Parametrizations.SPECTRAL, UpdateRules.SGD)
                    .withDepthScaling(DepthScaling.COMPLETE_P),
                new Parameter("t", ParameterShape.of(Role.TIED_EMBEDDING, Layer.INPUT, 5, 16)),
                new Parameter("w", HIDDEN, 4)));
    assertThat(groups.multipliers()).isEqualTo(Map.of("t", 1.0 / 16));
    assertThat(groups.branchMultipliers()).isEqualTo(Map.of("w", 0.25));
    // 1/√n before a weight of standard deviation 1, stepped at rate 1, is 1/√n and rate 1/n.
    PlanFile abc =
        plan(
            Recipe.of(
                Parametrizations.named("abc:input=0,0,0;hidden=1/2,0,0;readout=0,0,0"),
                UpdateRules.SGD),
            new Parameter("w", HIDDEN));
    assertThat(abc.plan().get("w").scale().multiplier()).isEqualTo(0.25);
    PyTorchGroups folded = PyTorchGroups.of(abc);
    assertThat(folded.multipliers()).isEmpty();
    assertThat(folded.init().get(0).std()).isEqualTo(0.25);
    assertThat(folded.groups().get(0).lr()).isCloseTo(1.0 / 16, within(1e-15));
    assertThat(folded.groups().get(0).eps()).isNull();
  }

  @Test
  void labelsMakeATreeLikeTheParameters() {
    Recipe recipe = Recipe.of(Parametrizations.SPECTRAL, UpdateRules.ADAM).withEpsilon(1);
    ParameterShape bias = ParameterShape.bias(Layer.HIDDEN, 16);
    OptaxLabels labels =
        OptaxLabels.of(
            plan(
                recipe,
                new Parameter("params/a.0/kernel", HIDDEN),
                new Parameter("params/a.0/bias", bias),
                new Parameter("params/b/kernel", HIDDEN)));
    assertThat(labels.labels())
        .isEqualTo(
            Map.of(
                "params",
                Map.of(
                    "a.0",
                    Map.of("kernel", "adam_0", "bias", "adam_1"),
                    "b",
                    Map.of("kernel", "adam_0"))));
    assertThat(labels.hyperparameters())
        .containsOnlyKeys("adam_0", "adam_1")
        .containsEntry("adam_0", new OptaxLabels.Hyperparameters("adam", 1.0 / 16, 0, 1.0 / 16));
    assertThat(labels.init()).hasSize(3);
    assertThat(OptaxLabels.of(plan(recipe, new Parameter("a.w", HIDDEN))).labels())
        .isEqualTo(Map.of("a", Map.of("w", "adam_0")));
    for (List<String> names : List.of(List.of("a", "a.w"), List.of("a.w", "a"))) {
      PlanFile clash =
          plan(recipe, new Parameter(names.get(0), HIDDEN), new Parameter(names.get(1), HIDDEN));
      assertThatThrownBy(() -> OptaxLabels.of(clash))
          .hasMessageContaining("makes no tree with the others: 'a' in it would be both");
    }
  }
}
