package org.widthwise.sweep.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.plan.WeightDecayConvention;
import org.widthwise.core.shape.ParameterGroup;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.optim.Muon;

final class SweepDefinitionTest {

  private static final String WHOLE =
      """
      name: whole
      model: {kind: mlp, layers: 3, activation: relu}
      data: {set: cifar10, examples: 1000}
      training: {steps: 30, batch: 32, schedule: linear, warm_up: 3}
      widths: [32, 64]
      optimizers: [adam]
      gains: 1.4142
      plans:
        - {parametrizations: sp, learning_rates: 2^-12..2^-10}
        - parametrizations: [spectral, mup]
          learning_rates: [0.5, 2^0]
          prefactors:
            input: {init: [1, 8]}
            readout: {rate: 2}
            bias: {init: 1}
      seeds: [0, 1, 2]
      """;

  private final Path directory;

  SweepDefinitionTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  private SweepDefinition parse(String yaml) throws IOException {
    return SweepDefinition.parse(
        SweepDefinition.read(Files.writeString(directory.resolve("sweep.yaml"), yaml)));
  }

  @Test
  void everyCombinationIsThereOnce() throws IOException {
    SweepDefinition sweep = parse(WHOLE);
    assertThat(sweep.name()).isEqualTo("whole");
    assertThat(sweep.seeds()).containsExactly(0L, 1L, 2L);
    // 2 widths × (1 × 3 rates + 2 parametrizations × 2 rates × 2 inits).
    assertThat(sweep.trials()).hasSize(2 * (3 + 2 * 2 * 2)).doesNotHaveDuplicates();
    assertThat(sweep.trials().get(0).json())
        .isEqualTo(
            "{\"width\":32,\"parametrization\":\"sp\",\"optimizer\":\"adam\",\"rest\":null,"
                + "\"rest_rate\":0.0,\"learning_rate\":2.44140625E-4,\"gain\":1.4142,"
                + "\"weight_decay\":0.0,\"momentum\":null,\"inits\":{},\"rates\":{}}");
    for (TrialConfiguration trial : sweep.trials()) {
      assertThat(TrialConfiguration.of(trial.json())).isEqualTo(trial);
    }
    TrialConfiguration last = sweep.trials().get(sweep.trials().size() - 1);
    assertThat(last.series())
        .isEqualTo("mup, adam, gain 1.414, bias init × 1, input init × 8, readout rate × 2");
    Recipe recipe = last.recipe(WeightDecayConvention.INDEPENDENT);
    assertThat(recipe.learningRate()).isEqualTo(1);
    assertThat(recipe.prefactor(ParameterGroup.INPUT).init()).isEqualTo(8);
    assertThat(recipe.prefactor(ParameterGroup.READOUT).rate()).isEqualTo(2);
    assertThat(recipe.prefactor(ParameterGroup.BIAS).init()).isEqualTo(1);
    assertThat(recipe.prefactor(ParameterGroup.GAIN).init()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{kind: mlp, layers: 2, activation: tanh, bias: true}",
        "{kind: resnet, layers: 1, normalization: 'group:4'}",
        "{kind: transformer, heads: 2, context: 16, feed_forward: swiglu, tied: true,"
            + " normalization: layer, feed_forward_width: 24, attention_scale: root}",
      })
  void aTaskIsWhatItsJsonSays(String model) throws IOException {
    SweepTask task =
        parse(
                "model: %s\ntraining: {steps: 5, loss: mse}\nwidths: 8\noptimizers: sgd\n"
                        .formatted(model)
                    + "learning_rates: 0.1")
            .task();
    assertThat(SweepTask.parse(task.json())).isEqualTo(task);
    assertThat(SweepTask.parse(task.json()).json()).isEqualTo(task.json());
  }

  @Test
  void orthogonalisationIsInTheTypeThatIsAskedFor() throws IOException {
    String muon =
        "model: {kind: mlp}\ntraining: {steps: 5%s}\nwidths: 8\noptimizers: [sgd, %s]\n"
            + "learning_rates: 0.1";
    SweepDefinition sweep = parse(muon.formatted(", orthogonalization: BFloat16", "muon"));
    assertThat(SweepTask.parse(sweep.task().json())).isEqualTo(sweep.task());
    TrialConfiguration last = sweep.trials().get(1);
    assertThat(sweep.task().optimizer(last).direction(UpdateRules.MUON))
        .isEqualTo(Muon.withDefaults().inBfloat16());
    SweepDefinition usual = parse(muon.formatted("", "muon"));
    assertThat(usual.task().optimizer(last).direction(UpdateRules.MUON))
        .isEqualTo(Muon.withDefaults());
    // Those that were stored before are the same.
    assertThat(usual.task().json().toString()).doesNotContain("orthogonalization");
    assertThatThrownBy(() -> parse(muon.formatted(", orthogonalization: bfloat16", "adam")))
        .hasMessageContaining("no optimizer of this sweep orthogonalises");
    assertThatThrownBy(() -> parse(muon.formatted(", orthogonalization: half", "muon")))
        .hasMessageContaining("training.orthogonalization is one of float32, bfloat16");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0.2,0.1 | 0.1,0.2",
        "2^-2..2^1 | 0.25,0.5,1,2",
        "1..2 by 0.5 | 1,1.4142135623730951,2",
        "0.001..0.008 | 0.001,0.002,0.004,0.008",
      })
  void listsOfRatesAreRead(String text, String numbers) {
    List<Double> expected = List.of(numbers.split(",")).stream().map(Double::valueOf).toList();
    List<Double> read = Rates.parse("rates", text, 0);
    assertThat(read).hasSameSizeAs(expected);
    for (int i = 0; i < read.size(); i++) {
      // Powers and logarithms are right to a few units in the last place.
      assertThat(read.get(i)).isCloseTo(expected.get(i), Percentage.withPercentage(1e-10));
    }
  }

  @Test
  void drawsAreUniformInTheLogarithmAndDecidedByTheSeed() {
    List<Double> drawn = Rates.parse("rates", "1e-4..1e-1 x 1000", 5);
    assertThat(drawn)
        .hasSize(1000)
        .isSorted()
        .isEqualTo(Rates.parse("rates", "1e-4..1e-1 x 1000", 5));
    assertThat(drawn).isNotEqualTo(Rates.parse("rates", "1e-4..1e-1 x 1000", 6));
    double mean = drawn.stream().mapToDouble(Math::log10).average().orElseThrow();
    // The mean of 1000 draws from an interval of 3 decades has a standard error of 0.027.
    assertThat(mean).isBetween(-2.5 - 4 * 0.027, -2.5 + 4 * 0.027);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "widths: | widhts: | did you mean 'widths'?",
        "examples: 1000 | example: 1000 | unknown key 'data.example': did you mean 'examples'?",
        "layers: 3 | context: 3 | unknown key 'model.context'",
        "kind: mlp | kind: mpl | model.kind is one of mlp, resnet, transformer here, not 'mpl'",
        "input: {init | imput: {init | did you mean 'input'?",
        "parametrizations: sp | parametrization: sp | did you mean 'parametrizations'?",
        "parametrizations: sp | parametrizations: ps | 'ps'",
        "optimizers: [adam] | optimizers: [adm] | 'adm'",
        "optimizers: [adam] | momenta: 0.9 | 'plans[0].optimizers' is missing",
        "gains: 1.4142 | momenta: 0.9 | momenta: they can be set for sgd and muon, not for adam",
        "gains: 1.4142 | gains: -1 | '-1' is no positive number",
        "2^-12..2^-10 | 2^-10..2^-12 | a range goes from the smaller to the greater",
        "2^-12..2^-10 | 1..2 by 0.001 | is too fine",
        "widths: [32, 64] | widths: [32, x] | widths takes whole numbers of at least 1, not 'x'",
        "steps: 30 | steps: 0 | training.steps takes a whole number of at least 1, not 0",
        "steps: 30, | '' | the key 'training.steps' is missing: the updates of each trial",
        "warm_up: 3 | warm_up: 31 | training.warm_up takes from 0 to all 30 steps, not 31",
        "warm_up: 3 | divergence_factor: 1 | training.divergence_factor must be above 1",
        "name: whole | name: {a: b} | name takes one value",
        "name: whole | widths: [1] | Duplicate field",
      })
  void refuses(String part, String other, String message) {
    assertThat(WHOLE).contains(part);
    assertThatThrownBy(() -> parse(WHOLE.replace(part, other))).hasMessageContaining(message);
  }

  @Test
  void jsonIsReadToo() throws IOException {
    ObjectNode tree = SweepDefinition.read(Files.writeString(directory.resolve("a.yaml"), WHOLE));
    assertThat(parse(tree.toString())).isEqualTo(parse(WHOLE));
  }
}
