package org.widthwise.lab.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.widthwise.audit.plan.OptaxLabels;
import org.widthwise.audit.plan.PlanFile;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.PlannedParameter;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.plan.Scale;
import org.widthwise.core.plan.WeightDecayConvention;
import org.widthwise.core.shape.Layer;
import org.widthwise.core.shape.Parameter;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.core.shape.Role;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.lab.run.Json;

/**
 * A plan for Optax in a Python: by Optax itself where it can be imported, else by what it documents
 * of {@code multi_transform}. Where there is no Python at all this is skipped.
 */
final class OptaxLabelsTest {

  private static final String SCRIPT = "step_by_labels.py";

  private static final Optional<PythonProgram> PYTHON =
      PythonProgram.importing("optax").or(() -> PythonProgram.importing("json"));

  private final Path directory;

  OptaxLabelsTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private static PlanFile plan(String optimizer, String separator) {
    Recipe recipe =
        Recipe.of(Parametrizations.SPECTRAL, UpdateRules.named(optimizer))
            .withLearningRate(0.05)
            .withWeightDecay(0.3, WeightDecayConvention.INDEPENDENT)
            // So large that each parameter's own is felt.
            .withEpsilon(1);
    List<Parameter> parameters =
        List.of(
            new Parameter(
                "params embed embedding", ParameterShape.of(Role.EMBEDDING, Layer.INPUT, 9, 16)),
            new Parameter("params h_0 kernel", ParameterShape.matrix(Layer.HIDDEN, 16, 16)),
            new Parameter("params h_0 bias", ParameterShape.bias(Layer.HIDDEN, 16)),
            new Parameter("params h_1 mlp kernel", ParameterShape.matrix(Layer.HIDDEN, 16, 16)),
            new Parameter("params head kernel", ParameterShape.matrix(Layer.READOUT, 3, 16)));
    return PlanFile.of(
        recipe.plan(
            parameters.stream()
                .map(p -> new Parameter(p.name().replace(" ", separator), p.shape()))
                .toList()));
  }

  @ParameterizedTest
  @CsvSource({"adamw, /", "adam, .", "sgd, /"})
  void everyParameterTakesTheStepOfItsOwnScale(String optimizer, String separator)
      throws Exception {
    assumeTrue(PYTHON.isPresent(), "no python3: the labels were not looked at");
    PlanFile file = plan(optimizer, separator);
    Path planned = directory.resolve("plan.json");
    Path answer = directory.resolve("answer.json");
    Files.writeString(planned, Json.write(OptaxLabels.of(file)));
    PYTHON.orElseThrow().run(SCRIPT, directory, planned, answer);
    JsonNode updates = Json.readFile(answer, JsonNode.class, "the script wrote it").path("updates");
    assertThat(updates).hasSize(5);
    for (PlannedParameter parameter : file.plan().folded().parameters()) {
      Scale scale = parameter.scale();
      // Weights are 1 and gradients 2, of which Adam's first step keeps the sign but for ε.
      double raw = optimizer.equals("sgd") ? 2 : 2 / (2 + scale.epsilon().orElseThrow());
      assertThat(updates.path(parameter.name()).asDouble())
          .as(parameter.name())
          .isCloseTo(-scale.learningRate() * (raw + scale.weightDecay()), within(1e-12));
    }
    // Otherwise this could not tell labels apart.
    assertThat(file.plan().parameters().stream().map(p -> p.scale().learningRate()).distinct())
        .hasSizeGreaterThan(1);
  }

  /** What users are shown is what is run here where Optax is. */
  @Test
  void theGuideShowsWhatTheScriptRuns() throws IOException {
    String page = Files.readString(PythonProgram.docs().resolve("from-mup.md"));
    int begin = page.indexOf("```python\nraw = ") + "```python\n".length();
    String shown = page.substring(begin, page.indexOf("```", begin));
    assertThat(shown.lines()).hasSizeGreaterThan(10);
    try (InputStream in =
        Objects.requireNonNull(OptaxLabelsTest.class.getResourceAsStream(SCRIPT))) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).contains(shown.indent(4));
    }
  }
}
