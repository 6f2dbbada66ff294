package org.widthwise.audit.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.widthwise.audit.MalformedFileException;
import org.widthwise.audit.model.DeclaredParameter;
import org.widthwise.audit.model.ModelDescription;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.DepthScaling;
import org.widthwise.core.plan.EpsilonConvention;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.PlannedParameter;
import org.widthwise.core.plan.Prefactor;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.plan.Scale;
import org.widthwise.core.plan.WeightDecayConvention;
import org.widthwise.core.shape.Layer;
import org.widthwise.core.shape.Parameter;
import org.widthwise.core.shape.ParameterGroup;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.core.shape.Role;
import org.widthwise.core.update.EntrywiseRule;
import org.widthwise.core.update.ShampooRule;
import org.widthwise.core.update.UpdateRules;

final class PlanFileTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Path FILE = Path.of("p.json");

  /** One parameter of each role, in branches and stacked, its widths no powers of two. */
  private static List<Parameter> parameters(long width) {
    return List.of(
        new Parameter("table", ParameterShape.of(Role.TIED_EMBEDDING, Layer.INPUT, 65, width)),
        new Parameter("place", ParameterShape.embedding(32, width)),
        new Parameter(
            "blocks.0.qkv.weight",
            ParameterShape.matrix(Layer.HIDDEN, 3 * width, width).stacked(3),
            6),
        new Parameter("blocks.0.gain", ParameterShape.of(Role.GAIN, Layer.HIDDEN, width), 6),
        new Parameter("blocks.0.bias", ParameterShape.bias(Layer.HIDDEN, width), 6),
        new Parameter("stem", ParameterShape.of(Role.CONVOLUTION, Layer.INPUT, width, 3, 5, 5)),
        new Parameter(
            "up", ParameterShape.of(Role.TRANSPOSED_CONVOLUTION, Layer.HIDDEN, width, width, 3)),
        new Parameter("temperature", ParameterShape.of(Role.SCALAR, Layer.HIDDEN)),
        new Parameter("head", ParameterShape.matrix(Layer.READOUT, 10, width)));
  }

  private static Recipe recipe() {
    return Recipe.of(Parametrizations.SPECTRAL, UpdateRules.MUON_ADAM_RMS)
        .withLearningRate(0.1 + 0.2)
        .withUpdateRuleBesideHidden(UpdateRules.ADAMW, 1.0 / 3)
        .withUpdateRule(ParameterGroup.GAIN, UpdateRules.SGD, Math.PI)
        .withGain(Math.sqrt(2))
        .withWeightDecay(1e-3 / 7, WeightDecayConvention.SQRT_FAN_IN)
        .withEpsilon(1.1e-11)
        .withEpsilonConvention(EpsilonConvention.FIXED)
        .withDepthScaling(new DepthScaling(2.0 / 3))
        .withPrefactor(ParameterGroup.READOUT, new Prefactor(0, 7.0 / 3));
  }

  static List<Plan> plans() {
    List<Plan> plans = new ArrayList<>();
    plans.add(recipe().plan(parameters(99)));
    plans.add(recipe().withDepthScaling(DepthScaling.COMPLETE_P).plan(parameters(7)));
    for (String parametrization : List.of("mup", "sp", "ntp")) {
      plans.add(
          Recipe.of(Parametrizations.named(parametrization), UpdateRules.SGD)
              .planRelativeTo(parameters(99), parameters(33)));
    }
    plans.add(
        Recipe.of(
                Parametrizations.named("abc:input=-1/2,1/2,0;hidden=0,1/3,1;readout=1/2,1/2,0"),
                UpdateRules.LION)
            .plan(parameters(99).subList(1, 9)));
    return plans;
  }

  @ParameterizedTest
  @MethodSource("plans")
  void whatIsWrittenIsReadAgainEqualToTheBit(Plan plan) {
    PlanFile read = PlanFile.read(FILE, bytes(PlanFile.of(plan).json()));
    // Doubles in records are compared by their bits.
    assertThat(read.plan().parameters()).containsExactlyElementsOf(plan.parameters());
    Recipe before = plan.recipe();
    Recipe after = read.plan().recipe();
    assertThat(after.parametrization().id()).isEqualTo(before.parametrization().id());
    assertThat(after.updateRule()).isEqualTo(before.updateRule());
    assertThat(after.learningRate()).isEqualTo(before.learningRate());
    assertThat(after.groupsWithOwnRule()).isEqualTo(before.groupsWithOwnRule());
    for (ParameterGroup group : ParameterGroup.values()) {
      assertThat(after.updateRule(group)).isEqualTo(before.updateRule(group));
      assertThat(after.learningRate(group)).isEqualTo(before.learningRate(group));
      assertThat(after.prefactor(group)).isEqualTo(before.prefactor(group));
    }
    assertThat(after.gain()).isEqualTo(before.gain());
    assertThat(after.weightDecay()).isEqualTo(before.weightDecay());
    assertThat(after.weightDecayConvention()).isEqualTo(before.weightDecayConvention());
    assertThat(after.epsilon()).isEqualTo(before.epsilon());
    assertThat(after.epsilonConvention()).isEqualTo(before.epsilonConvention());
    assertThat(after.depthScaling()).isEqualTo(before.depthScaling());
    assertThat(read.json()).isEqualTo(PlanFile.of(plan).json());
  }

  @Test
  void theRecipeThatWasReadPlansAsTheOneThatWasWritten() {
    Plan read = read(recipe().plan(parameters(32)));
    assertThat(read.recipe().plan(parameters(96)).parameters())
        .containsExactlyElementsOf(recipe().plan(parameters(96)).parameters());
    assertThat(recipe().planRelativeTo(parameters(96), read).parameters())
        .containsExactlyElementsOf(
            recipe().planRelativeTo(parameters(96), parameters(32)).parameters());
  }

  private static Plan read(Plan plan) {
    return PlanFile.read(FILE, bytes(PlanFile.of(plan).json())).plan();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  @Test
  void keysAreAContract() throws IOException {
    JsonNode plan = MAPPER.readTree(PlanFile.of(recipe().plan(parameters(99))).json());
    assertThat(keys(plan))
        .containsExactly(
            "format",
            "version",
            "parametrization",
            "optimizer",
            "learning_rate",
            "gain",
            "weight_decay",
            "decay_convention",
            "epsilon",
            "epsilon_convention",
            "depth_scaling",
            "groups",
            "parameters");
    assertThat(plan.path("format").asText()).isEqualTo("widthwise-plan");
    assertThat(plan.path("version").asInt()).isEqualTo(1);
    assertThat(keys(plan.path("groups")))
        .containsExactly("input", "hidden", "readout", "embedding", "bias", "gain", "scalar");
    for (JsonNode group : plan.path("groups")) {
      assertThat(keys(group))
          .containsExactly("optimizer", "learning_rate", "init_prefactor", "rate_prefactor");
    }
    assertThat(plan.path("groups").path("hidden").path("optimizer").isNull()).isTrue();
    assertThat(plan.path("groups").path("gain").path("learning_rate").asDouble())
        .isEqualTo(Math.PI);
    for (JsonNode parameter : plan.path("parameters")) {
      assertThat(keys(parameter))
          .containsExactly(
              "name",
              "shape",
              "role",
              "layer",
              "fan_in",
              "fan_out",
              "init_mean",
              "init_std",
              "learning_rate",
              "weight_decay",
              "epsilon",
              "multiplier",
              "target_spectral_norm",
              "reason",
              "dimensions",
              "maps",
              "branches",
              "optimizer",
              "branch_multiplier");
    }
    JsonNode stacked = plan.path("parameters").get(2);
    assertThat(stacked.path("dimensions").toString()).isEqualTo("[297,99]");
    assertThat(stacked.path("maps").asInt()).isEqualTo(3);
    assertThat(stacked.path("fan_out").asInt()).isEqualTo(99);
    assertThat(stacked.path("branches").asInt()).isEqualTo(6);
    assertThat(stacked.path("branch_multiplier").asDouble()).isEqualTo(Math.pow(6, -2.0 / 3));
    assertThat(stacked.path("optimizer").asText()).isEqualTo("muon-adam-rms");
  }

  private static List<String> keys(JsonNode object) {
    List<String> keys = new ArrayList<>();
    object.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  private static Arguments broken(String message, Consumer<ObjectNode> change) {
    return Arguments.of(message, change);
  }

  private static ObjectNode parameter(ObjectNode plan, int index) {
    return (ObjectNode) plan.withArray("parameters").get(index);
  }

  static Stream<Arguments> breakages() {
    return Stream.of(
        broken(
            "$.version: is a plan of version 2, but this program reads version 1: make the plan",
            plan -> plan.put("version", 2)),
        broken("$.version: is a string, must be a version", plan -> plan.put("version", "1")),
        broken(
            "is the format \"other\", must be \"widthwise-plan\"",
            plan -> plan.put("format", "other")),
        broken("$: lacks the key \"gain\", must have it", plan -> plan.remove("gain")),
        broken("$: lacks the key \"version\"", plan -> plan.remove("version")),
        broken(
            "$.epsilom: the key \"epsilom\" is unknown, did you mean \"epsilon\"?",
            plan -> plan.put("epsilom", 1)),
        broken("$.gain: is a string, must be a finite number", plan -> plan.put("gain", "1")),
        broken("$.gain: is null, must be a finite number", plan -> plan.putNull("gain")),
        broken("the gain must be above 0", plan -> plan.put("gain", -1)),
        broken("unknown optimizer 'sdg': known are", plan -> plan.put("optimizer", "sdg")),
        broken("unknown parametrization 'mip'", plan -> plan.put("parametrization", "mip")),
        broken("unknown weight-decay convention 'x'", plan -> plan.put("decay_convention", "x")),
        broken("unknown convention of epsilon 'x'", plan -> plan.put("epsilon_convention", "x")),
        broken("depth scaling lies between 0 and 1", plan -> plan.put("depth_scaling", 2)),
        broken("lacks the key \"hidden\"", plan -> plan.withObject("/groups").remove("hidden")),
        broken(
            "$.groups.hidden: has an optimizer or a learning rate of its own, must have both",
            plan -> plan.withObject("/groups/hidden").put("optimizer", "sgd")),
        broken("$.parameters: is an object", plan -> plan.putObject("parameters")),
        broken("lacks the key \"init_std\"", plan -> parameter(plan, 1).remove("init_std")),
        broken(
            "$.parameters[1]: the initial standard deviation of 'place' must be at least 0",
            plan -> parameter(plan, 1).put("init_std", -1)),
        broken(
            "the learning rate of 'place' must be above 0",
            plan -> parameter(plan, 1).put("learning_rate", 0)),
        broken(
            "$.parameters[2].maps: is a number with a fraction",
            plan -> parameter(plan, 2).put("maps", 1.5)),
        broken(
            "$.parameters[2].branches: is 4294967296, must be at most 2147483647",
            plan -> parameter(plan, 2).put("branches", 1L << 32)),
        broken("unknown role 'cube'", plan -> parameter(plan, 2).put("role", "cube")),
        broken("unknown layer 'last'", plan -> parameter(plan, 2).put("layer", "last")),
        broken(
            "the fans of 'place' are 1 to 98, but its dimensions make it a map from 1 to 99",
            plan -> parameter(plan, 1).put("fan_out", 98)),
        broken(
            "'place' has the dimensions [32, 99], but in the model [32]",
            plan -> parameter(plan, 1).putArray("shape").add(32)),
        broken(
            "$.parameters[1]: a second parameter has the name \"table\"",
            plan -> parameter(plan, 1).put("name", "table")),
        broken(
            "is a string, must be a dimension",
            plan -> ((ArrayNode) parameter(plan, 1).get("shape")).add("x")));
  }

  @ParameterizedTest
  @MethodSource("breakages")
  void saysWhatIsWrongWithAFileAndWhere(String message, Consumer<ObjectNode> change)
      throws IOException {
    ObjectNode plan =
        (ObjectNode) MAPPER.readTree(PlanFile.of(recipe().plan(parameters(99))).json());
    change.accept(plan);
    assertThatThrownBy(() -> PlanFile.read(FILE, MAPPER.writeValueAsBytes(plan)))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageStartingWith("p.json: at byte ")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "[]", "{\"format\":\"widthwise-plan\"", "null", "nonsense"})
  void refusesWhatIsNoPlan(String text) {
    assertThatThrownBy(() -> PlanFile.read(FILE, bytes(text)))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageStartingWith("p.json: ");
  }

  @Test
  void numbersBeyondADoubleAreRefused() {
    String text = PlanFile.of(recipe().plan(parameters(99))).json();
    String huge = text.replaceFirst("\"gain\" : [0-9.]+", "\"gain\" : 1e999");
    assertThatThrownBy(() -> PlanFile.read(FILE, bytes(huge)))
        .hasMessageContaining("$.gain: is \"1e999\", must be a finite number");
  }

  @Test
  void writesWholeFilesAndLeavesNothingBehind(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("plan.json");
    PlanFile written = PlanFile.of(recipe().plan(parameters(99)));
    written.write(file);
    PlanFile.of(recipe().plan(parameters(7))).write(file);
    assertThat(PlanFile.read(file).plan().get("table").shape().fans().fanOut()).isEqualTo(7);
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactly(file);
    }
    assertThatThrownBy(() -> written.write(directory.resolve("no/such/plan.json")))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> PlanFile.read(directory.resolve("none.json")))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageEndingWith("none.json: no such file");
  }

  @Test
  void refusesToWriteWhatNobodyCouldReadAgain() {
    Plan shampoo =
        Recipe.of(Parametrizations.SP, new ShampooRule(0.3)).plan(parameters(8).subList(0, 1));
    assertThatThrownBy(() -> PlanFile.of(shampoo).json())
        .hasMessageContaining("none of those that are found by name")
        .hasMessageContaining("@AutoService(UpdateRule.class)");
    Plan own =
        Recipe.of(Parametrizations.SP, new EntrywiseRule("signum", false))
            .plan(parameters(8).subList(0, 1));
    assertThatThrownBy(() -> PlanFile.of(own).json()).hasMessageContaining("'signum'");
    Plan plan = recipe().plan(parameters(8));
    PlannedParameter head = plan.get("head");
    Scale scale = head.scale();
    Plan endless =
        Plan.of(
            plan.recipe(),
            List.of(
                head.withScale(
                    new Scale(
                        0,
                        1,
                        Double.POSITIVE_INFINITY,
                        1,
                        1,
                        0,
                        OptionalDouble.empty(),
                        scale.targetSpectralNorm()))));
    assertThatThrownBy(() -> PlanFile.of(endless).json())
        .hasMessage("the learning rate of 'head' must be above 0 and finite, but is Infinity");
    assertThatThrownBy(() -> new PlanFile(plan, Map.of()))
        .hasMessageContaining("'table' has the dimensions [65, 8], but in the model none");
  }

  /** A plan is a description of its model too: with roles, layers, maps and branches declared. */
  @Test
  void aPlanDescribesItsModel(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("plan.json");
    Plan plan =
        recipe().plan(List.of(new Parameter("w", ParameterShape.matrix(Layer.HIDDEN, 6, 4), 2)));
    PlanFile stored =
        new PlanFile(
            plan, Map.of("w", new PlanFile.Origin(List.of(4L, 6L), Optional.of("inputs first"))));
    stored.write(file);
    assertThat(PlanFile.read(file).origins()).isEqualTo(stored.origins());
    DeclaredParameter declared = ModelDescription.read(file).parameters().get(0);
    assertThat(declared.shape()).containsExactly(4L, 6L);
    assertThat(declared.role()).contains("matrix");
    assertThat(declared.layer()).contains("hidden");
    assertThat(declared.maps()).hasValue(1);
    assertThat(declared.branches()).hasValue(2);
    // What is damaged is refused as a plan, not as something else.
    Files.writeString(file, stored.json().replace("\"gain\"", "\"gian\""));
    assertThatThrownBy(() -> ModelDescription.read(file)).hasMessageContaining("mean \"gain\"");
  }
}
