package org.widthwise.torch.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.EmbeddingImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.MultiheadAttentionImpl;
import org.bytedeco.pytorch.MultiheadAttentionOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.PlannedParameter;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.plan.WeightDecayConvention;
import org.widthwise.core.shape.Layer;
import org.widthwise.core.shape.Parameter;
import org.widthwise.core.shape.Role;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.engine.Tensors;
import org.widthwise.torch.init.GaussianInitializer;
import org.widthwise.torch.init.Initializer;
import org.widthwise.torch.monitor.Cadence;
import org.widthwise.torch.monitor.LayerSizes;
import org.widthwise.torch.monitor.Monitor;
import org.widthwise.torch.monitor.MonitorOptions;
import org.widthwise.torch.optim.GradientClipping;
import org.widthwise.torch.optim.OptimizerSettings;
import org.widthwise.torch.train.SgdOptions;

/** A fused network against the same with three layers, of which no part of this is known. */
final class PartsTest {

  private static final int WIDTH = 16;
  private static final int STEPS = 6;
  private static final Declarations PARTS =
      Declarations.none().parts("wqkv", Parts.ofHeads(GroupedQueries.HEADS, 1));

  static final List<UpdateRule> RULES =
      List.of(
          UpdateRules.SGD,
          UpdateRules.ADAM,
          UpdateRules.ADAFACTOR,
          UpdateRules.MUON,
          UpdateRules.SCION_SPECTRAL,
          UpdateRules.SPECTRAL_DESCENT,
          UpdateRules.SHAMPOO,
          UpdateRules.SOAP,
          UpdateRules.SOAP_SPECTRAL);

  private final PointerScope scope = new PointerScope();

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  private static GroupedQueries network(int width, boolean fused) {
    GroupedQueries network = new GroupedQueries(width, fused);
    network.to(ScalarType.Double, false);
    return network;
  }

  private static List<Parameter> parameters(int width, boolean fused) {
    return ModuleParameters.of(
        network(width, fused), network(2 * width, fused), fused ? PARTS : Declarations.none());
  }

  private static Recipe recipe(UpdateRule rule) {
    return Recipe.of(Parametrizations.SPECTRAL, rule)
        .withLearningRate(0.02)
        .withWeightDecay(0.1, WeightDecayConvention.INDEPENDENT);
  }

  private static OptimizerSettings clipping() {
    return OptimizerSettings.withDefaults().withClipping(new GradientClipping(1e-4));
  }

  /** {@code attention.wqkv.weight[key]} is {@code attention.key.weight}. */
  private static String separate(String name) {
    return name.replaceAll("wqkv\\.(weight|bias)\\[(\\w+)]", "$2.$1");
  }

  /** The fused network's values by the separate one's names. */
  private static Map<String, Tensor> values(GroupedQueries network, Plan plan) {
    Map<String, Tensor> values = new LinkedHashMap<>();
    PlannedTensor.of(network, plan)
        .forEach(
            (name, tensor) ->
                values.put(separate(name), tensor.values().detach().clone().contiguous()));
    return values;
  }

  private static Tensor get(Map<String, Tensor> tensors, String name) {
    return Objects.requireNonNull(tensors.get(name), name);
  }

  private static Tensor gaussian(long seed, long... shape) {
    Tensor tensor = torch.zeros(shape, new TensorOptions(ScalarType.Double));
    new GaussianInitializer(1).fill(tensor, Initializer.seeded(seed));
    return tensor;
  }

  private static void train(GroupedQueries network, PlannedOptimizer optimizer, int from, int to) {
    for (int step = from; step < to; step++) {
      try (PointerScope one = new PointerScope()) {
        optimizer.zeroGradients();
        Tensor inputs = gaussian(step, 3, 5, GroupedQueries.INPUTS);
        Tensor targets = gaussian(1000 + step, 3, 5, GroupedQueries.OUTPUTS);
        torch.mse_loss(network.forward(inputs), targets).backward();
        optimizer.step();
      }
    }
  }

  /** A fused network and its separate twin with the same first values. */
  private record Twins(
      GroupedQueries fused, Plan fusedPlan, GroupedQueries separate, Plan separatePlan) {

    static Twins of(UpdateRule rule) {
      Plan fusedPlan = recipe(rule).plan(parameters(WIDTH, true));
      Plan separatePlan = recipe(rule).plan(parameters(WIDTH, false));
      GroupedQueries fused = network(WIDTH, true);
      GroupedQueries separate = network(WIDTH, false);
      PlannedModule.initialize(fused, fusedPlan, InitScheme.GAUSSIAN, Initializer.seeded(7));
      Map<String, Tensor> first = values(fused, fusedPlan);
      NamedTensors.of(separate).forEach((name, tensor) -> tensor.detach().copy_(get(first, name)));
      return new Twins(fused, fusedPlan, separate, separatePlan);
    }

    /** The greatest difference of any weight. */
    double distance() {
      Map<String, Tensor> ours = values(fused, fusedPlan);
      double distance = 0;
      for (Map.Entry<String, Tensor> theirs : NamedTensors.of(separate).entrySet()) {
        Tensor difference = get(ours, theirs.getKey()).sub(theirs.getValue().detach());
        distance = Math.max(distance, difference.abs().max().item_double());
      }
      return distance;
    }

    double moved(Map<String, Tensor> first) {
      Tensor now = get(values(fused, fusedPlan), "attention.key.weight");
      return now.sub(get(first, "attention.key.weight")).abs().max().item_double();
    }
  }

  @ParameterizedTest
  @FieldSource("RULES")
  void eachPartIsPlannedAsALayerOfItsOwn(UpdateRule rule) {
    Plan fused = recipe(rule).plan(parameters(WIDTH, true));
    Plan separate = recipe(rule).plan(parameters(WIDTH, false));
    assertThat(fused.parameters()).hasSameSizeAs(separate.parameters());
    for (PlannedParameter planned : fused.parameters()) {
      PlannedParameter layer = separate.get(separate(planned.name()));
      assertThat(planned.shape()).as(planned.name()).isEqualTo(layer.shape());
      assertThat(planned.scale()).as(planned.name()).isEqualTo(layer.scale());
    }
    assertThat(fused.get("attention.wqkv.weight[query]").scale().targetSpectralNorm())
        .isEqualTo(1.0);
    assertThat(fused.get("attention.wqkv.weight[key]").scale().targetSpectralNorm()).isEqualTo(0.5);
  }

  /** All gradients given: what is left is the optimizer's doing. */
  @ParameterizedTest
  @FieldSource("RULES")
  void stepsEachPartToTheBitsOfALayerOfItsOwn(UpdateRule rule) {
    Twins twins = Twins.of(rule);
    assertThat(twins.distance()).isZero();
    Map<String, Tensor> first = values(twins.fused(), twins.fusedPlan());
    PlannedOptimizer ours = PlannedOptimizer.of(twins.fused(), twins.fusedPlan());
    PlannedOptimizer theirs = PlannedOptimizer.of(twins.separate(), twins.separatePlan());
    for (int step = 0; step < STEPS; step++) {
      ours.zeroGradients();
      theirs.zeroGradients();
      Map<String, List<Tensor>> parts = new LinkedHashMap<>();
      for (PlannedTensor part : PlannedTensor.of(twins.fused(), twins.fusedPlan()).values()) {
        String name = separate(part.planned().name());
        Tensor layer = get(NamedTensors.of(twins.separate()), name);
        Tensor gradient = gaussian(1000L * step + name.hashCode(), Tensors.shape(layer));
        give(layer, gradient);
        parts.computeIfAbsent(part.parameter(), all -> new ArrayList<>()).add(gradient);
      }
      parts.forEach(
          (name, gradients) ->
              give(
                  get(NamedTensors.of(twins.fused()), name),
                  torch.cat(new TensorVector(gradients.toArray(Tensor[]::new)), 0)));
      ours.step();
      theirs.step();
    }
    assertThat(twins.distance()).isZero();
    assertThat(twins.moved(first)).isGreaterThan(1e-3);
  }

  private static void give(Tensor parameter, Tensor gradient) {
    parameter.mul(gradient).sum().backward();
  }

  /**
   * To the rounding of products of matrices, which the division by an average magnifies. SOAP is
   * not among these: here it takes three layers with weights that differ in the last bit 0.1 apart
   * in as many steps, since its first bases of what a gradient does not reach are rounding errors.
   */
  @ParameterizedTest
  @CsvSource({"sgd,1e-15", "adam,1e-9", "muon,1e-9", "scion-spectral,1e-9"})
  void trainsAsThreeLayersTrain(String rule, double tolerance) {
    Twins twins = Twins.of(UpdateRules.named(rule));
    train(twins.fused(), PlannedOptimizer.of(twins.fused(), twins.fusedPlan()), 0, STEPS);
    train(twins.separate(), PlannedOptimizer.of(twins.separate(), twins.separatePlan()), 0, STEPS);
    assertThat(twins.distance()).isLessThan(tolerance);
  }

  /** Each part's gradient counts once, over a size of its own. */
  @Test
  void clipsAsThreeLayersAreClipped() {
    Twins twins = Twins.of(UpdateRules.SGD);
    train(
        twins.fused(), PlannedOptimizer.of(twins.fused(), twins.fusedPlan(), clipping()), 0, STEPS);
    train(
        twins.separate(),
        PlannedOptimizer.of(twins.separate(), twins.separatePlan(), clipping()),
        0,
        STEPS);
    assertThat(twins.distance()).isLessThan(1e-15);
    Twins free = Twins.of(UpdateRules.SGD);
    train(free.fused(), PlannedOptimizer.of(free.fused(), free.fusedPlan()), 0, STEPS);
    assertThat(twins.moved(values(free.fused(), free.fusedPlan()))).isGreaterThan(1e-5);
  }

  @ParameterizedTest
  @CsvSource({"adam", "muon", "soap"})
  void goesOnToTheSameBitsFromASavedState(String rule) {
    Plan plan = recipe(UpdateRules.named(rule)).plan(parameters(WIDTH, true));
    GroupedQueries whole = network(WIDTH, true);
    PlannedModule.initialize(whole, plan, InitScheme.GAUSSIAN, Initializer.seeded(2));
    PlannedOptimizer first = PlannedOptimizer.of(whole, plan);
    train(whole, first, 0, 4);
    Map<String, Tensor> weights = new LinkedHashMap<>();
    NamedTensors.of(whole).forEach((name, tensor) -> weights.put(name, tensor.detach().clone()));
    Map<String, Tensor> state = new LinkedHashMap<>();
    first.state().forEach((name, tensor) -> state.put(name, tensor.clone()));
    assertThat(state).containsKey("attention.wqkv.weight[key]/updates");
    train(whole, first, 4, 8);

    GroupedQueries resumed = network(WIDTH, true);
    NamedTensors.of(resumed).forEach((name, tensor) -> tensor.detach().copy_(get(weights, name)));
    PlannedOptimizer second = PlannedOptimizer.of(resumed, plan);
    second.restore(state);
    train(resumed, second, 4, 8);

    Map<String, Tensor> expected = values(whole, plan);
    values(resumed, plan)
        .forEach((name, tensor) -> assertThat(tensor.equal(get(expected, name))).as(name).isTrue());
  }

  /** A module may be moved after the optimizer was made: rules without a state do not mind. */
  @Test
  void partsFollowAModuleWhoseTensorsAreReplaced() {
    Plan plan = recipe(UpdateRules.SGD).plan(parameters(WIDTH, true));
    GroupedQueries network = new GroupedQueries(WIDTH, true);
    PlannedOptimizer optimizer = PlannedOptimizer.of(network, plan);
    network.to(ScalarType.Double, false);
    Map<String, Tensor> before = values(network, plan);
    train(network, optimizer, 0, 1);
    values(network, plan)
        .forEach((name, tensor) -> assertThat(tensor.equal(get(before, name))).as(name).isFalse());
  }

  @Test
  void frozenFusedParametersStayAsTheyAre() {
    Plan plan = recipe(UpdateRules.ADAM).plan(parameters(WIDTH, true));
    GroupedQueries network = network(WIDTH, true);
    PlannedModule.initialize(network, plan, InitScheme.GAUSSIAN, Initializer.seeded(2));
    get(NamedTensors.of(network), "attention.wqkv.weight").requires_grad_(false);
    Map<String, Tensor> before = values(network, plan);
    train(network, PlannedOptimizer.of(network, plan), 0, 2);
    Map<String, Tensor> after = values(network, plan);
    assertThat(get(after, "attention.key.weight").equal(get(before, "attention.key.weight")))
        .isTrue();
    assertThat(get(after, "attention.wo.weight").equal(get(before, "attention.wo.weight")))
        .isFalse();
  }

  /** Against singular values by LAPACK: drawn as one, queries and keys would not have both. */
  @Test
  void drawsAndRescalesEachPartByItself() {
    Plan plan = recipe(UpdateRules.SGD).plan(parameters(WIDTH, true));
    GroupedQueries network = network(WIDTH, true);
    PlannedModule.initialize(network, plan, InitScheme.SEMI_ORTHOGONAL, Initializer.seeded(3));
    Tensor fused = get(NamedTensors.of(network), "attention.wqkv.weight").detach();
    long[][] rows = {{0, 16}, {16, 4}, {20, 4}};
    for (long[] part : rows) {
      Tensor singular = torch.linalg_svdvals(fused.narrow(0, part[0], part[1]));
      double target = Math.sqrt(part[1] / 16.0);
      assertThat(singular.max().item_double()).isCloseTo(target, within(1e-12));
      assertThat(singular.min().item_double()).isCloseTo(target, within(1e-12));
    }
    fused.copy_(gaussian(4, 24, 16));
    PlannedModule.rescale(network, plan);
    for (int i = 0; i < rows.length; i++) {
      String name = List.of("query", "key", "value").get(i);
      double deviation = plan.get("attention.wqkv.weight[" + name + "]").scale().initStd();
      Tensor part = fused.narrow(0, rows[i][0], rows[i][1]);
      assertThat(part.square().mean().sqrt().item_double())
          .isCloseTo(deviation, within(1e-12 * deviation));
    }
  }

  /** What is seen of each part is what is seen of a layer, features included. */
  @Test
  void theMonitorShowsEachPartAsALayer() {
    Twins twins = Twins.of(UpdateRules.MUON);
    Map<String, LayerSizes> ours = observed(twins.fused(), twins.fusedPlan());
    Map<String, LayerSizes> theirs = observed(twins.separate(), twins.separatePlan());
    assertThat(ours)
        .containsKeys("attention.wqkv.weight[query]", "attention.wqkv.bias[value]")
        .hasSameSizeAs(theirs);
    ours.forEach(
        (name, sizes) -> {
          LayerSizes layer = Objects.requireNonNull(theirs.get(separate(name)), name);
          assertThat(sizes.values().keySet()).as(name).isEqualTo(layer.values().keySet());
          sizes
              .values()
              .forEach(
                  (quantity, value) ->
                      assertThat(value)
                          .as("%s of %s", quantity, name)
                          .isCloseTo(
                              Objects.requireNonNull(layer.values().get(quantity)), within(1e-3)));
        });
  }

  private static Map<String, LayerSizes> observed(GroupedQueries network, Plan plan) {
    Map<String, LayerSizes> sizes = new LinkedHashMap<>();
    MonitorOptions everyStep = MonitorOptions.withDefaults().withCadence(Cadence.every(1));
    PlannedOptimizer optimizer = PlannedOptimizer.of(network, plan);
    try (Monitor monitor =
        Monitor.of(network, plan, everyStep)
            .probing(gaussian(50, 3, 5, GroupedQueries.INPUTS), network::forward)) {
      train(network, optimizer, 0, 1);
      monitor.afterStep(1);
      train(network, optimizer, 1, 2);
      monitor.afterStep(2).orElseThrow().layers().forEach(l -> sizes.put(l.parameter(), l));
    }
    return sizes;
  }

  @Test
  void relativePlansCompareThePartsOfTwoWidths() {
    List<Parameter> narrow = parameters(WIDTH, true);
    List<Parameter> wide = parameters(4 * WIDTH, true);
    Recipe recipe = recipe(UpdateRules.ADAM);
    Plan fused = recipe.planRelativeTo(wide, narrow);
    Plan separate = recipe.planRelativeTo(parameters(4 * WIDTH, false), parameters(WIDTH, false));
    for (PlannedParameter planned : fused.parameters()) {
      assertThat(planned.scale())
          .as(planned.name())
          .isEqualTo(separate.get(separate(planned.name())).scale());
    }
    PlannedParameter key = fused.get("attention.wqkv.weight[key]");
    assertThat(key.shape().dimensions()).containsExactly(16L, 64L);
    assertThat(key.scale().learningRate())
        .isCloseTo(
            recipe.planRelativeTo(narrow, narrow).get(key.name()).scale().learningRate() / 4,
            within(1e-12));
  }

  @Test
  void declarationsReachPartsByAllTheirNames() {
    GroupedQueries network = network(WIDTH, true);
    Declarations ends = Declarations.none().input("read").readout("write");
    for (String name : List.of("wqkv", "attention.wqkv")) {
      assertThat(ModuleParameters.of(network, ends.parts(name, Parts.ofHeads(4, 1))))
          .isEqualTo(parametersDeclared(network, ends));
    }
    Declarations sizes =
        ends.parts("wqkv.weight", Parts.ofSizes().with("query", 16).with("key", 4).with("value", 4))
            .readout("attention.wqkv.weight[value]")
            .branches("attention.wqkv.weight", 2);
    List<Parameter> placed = ModuleParameters.of(network, sizes);
    assertThat(placed.stream().map(Parameter::name))
        .contains("attention.wqkv.weight[key]", "attention.wqkv.bias")
        .doesNotContain("attention.wqkv.weight", "attention.wqkv.bias[key]");
    for (Parameter parameter : placed) {
      boolean part = parameter.name().startsWith("attention.wqkv.weight");
      assertThat(parameter.branches()).as(parameter.name()).isEqualTo(part ? 2 : 1);
      if (part) {
        assertThat(parameter.shape().layer())
            .isEqualTo(parameter.name().endsWith("[value]") ? Layer.READOUT : Layer.HIDDEN);
      }
    }
    // A part of a bias stands where that of the weight does.
    Parameter bias =
        ModuleParameters.of(
                network,
                ends.parts("wqkv", Parts.ofHeads(4, 1)).readout("attention.wqkv.weight[key]"))
            .stream()
            .filter(parameter -> parameter.name().equals("attention.wqkv.bias[key]"))
            .findFirst()
            .orElseThrow();
    assertThat(bias.shape().layer()).isEqualTo(Layer.READOUT);
  }

  private static List<Parameter> parametersDeclared(Module network, Declarations ends) {
    // grouped: begin
    Declarations declared = ends.parts("wqkv", Parts.ofHeads(4, 1));
    List<Parameter> parameters = ModuleParameters.of(network, declared);
    // grouped: end
    return parameters;
  }

  @Test
  void saysWhatCannotBeParted() {
    GroupedQueries network = network(WIDTH, true);
    Declarations ends = Declarations.none().input("read").readout("write");
    assertThatThrownBy(
            () ->
                ModuleParameters.of(network, ends.parts("wqkv", Parts.ofHeads(8, 2).with("x", 1))))
        .hasMessageContaining("'attention.wqkv.weight' of shape [24, 16]")
        .hasMessageContaining("query 8 : key 2 : value 2 : x 1")
        .hasMessageContaining("a multiple of 13, but is 24");
    assertThatThrownBy(
            () ->
                ModuleParameters.of(
                    network, ends.parts("wqkv", Parts.ofSizes().with("gate", 8).with("up", 8))))
        .hasMessageContaining("gate 8 + up 8")
        .hasMessageContaining("their sum, 16, but is 24");
    assertThatThrownBy(() -> ModuleParameters.of(network, ends.parts("qkv", Parts.ofHeads(4, 1))))
        .hasMessageContaining("'qkv' was declared");
    assertThatThrownBy(() -> ModuleParameters.of(network, PARTS.hidden("wqkv.weight[keys]")))
        .hasMessageContaining("'wqkv.weight[keys]' was declared")
        .hasMessageContaining("attention.wqkv.weight[key]");
    assertThatThrownBy(
            () -> ModuleParameters.of(network, ends.parts("wqkv", Parts.ofSizes().with("all", 24))))
        .hasMessageContaining("at least two parts");
    assertThatThrownBy(
            () ->
                ModuleParameters.of(
                    network,
                    ends.parts("wqkv", Parts.ofHeads(4, 1))
                        .role("attention.wqkv.weight", Role.MATRIX, 3)))
        .hasMessageContaining("3 maps of equal size");
    assertThatThrownBy(
            () -> ModuleParameters.of(network, ends.role("attention.wqkv.weight", Role.MATRIX, 5)))
        .hasMessageContaining("not 5 maps of equal size")
        .hasMessageContaining("Declarations.parts");
    Module table = new Module("Table");
    table.register_module("table", new EmbeddingImpl(24, 4));
    assertThatThrownBy(
            () ->
                ModuleParameters.of(table, Declarations.none().parts("table", Parts.ofHeads(4, 1))))
        .hasMessageContaining("embedding of shape [24, 4]");
    Module several = new Module("Several");
    several.register_module("a", new MultiheadAttentionImpl(new MultiheadAttentionOptions(8, 2)));
    assertThatThrownBy(
            () ->
                ModuleParameters.of(
                    several, Declarations.none().parts("in_proj_weight", Parts.ofHeads(4, 1))))
        .hasMessageContaining("3 maps of equal size");

    assertThatThrownBy(() -> Parts.ofHeads(8, 3)).hasMessageContaining("8 heads of queries");
    assertThatThrownBy(() -> Parts.ofSizes().with("a.b", 1)).hasMessageContaining("'a.b'");
    assertThatThrownBy(() -> Parts.ofSizes().with("a", 0)).hasMessageContaining("share 0");
    assertThatThrownBy(() -> Parts.ofSizes().with("a", 1).with("a", 2))
        .hasMessageContaining("names must differ");
  }

  @Test
  void aPlanWhosePartsDoNotFitIsRefused() {
    GroupedQueries network = network(WIDTH, true);
    Plan wider = recipe(UpdateRules.SGD).plan(parameters(2 * WIDTH, true));
    assertThatThrownBy(() -> PlannedOptimizer.of(network, wider))
        .hasMessageContaining("'attention.wqkv.weight' has shape [24, 16]")
        .hasMessageContaining("together 48 rows");
    List<PlannedParameter> lacking =
        new ArrayList<>(recipe(UpdateRules.SGD).plan(parameters(WIDTH, true)).parameters());
    lacking.removeIf(parameter -> parameter.name().equals("attention.wqkv.weight[key]"));
    Plan lame = Plan.of(wider.recipe(), lacking);
    assertThatThrownBy(() -> PlannedOptimizer.of(network, lame))
        .hasMessageContaining("'attention.wqkv.weight' has shape [24, 16]")
        .hasMessageContaining("attention.wqkv.weight[query] [16, 16]")
        .hasMessageContaining("together 20 rows");
    assertThatThrownBy(() -> Monitor.of(network, lame)).hasMessageContaining("together 20 rows");
    Plan plan = recipe(UpdateRules.SGD).plan(parameters(WIDTH, true));
    assertThatThrownBy(() -> PlannedModule.sgd(network, plan, SgdOptions.plain()))
        .hasMessageContaining("'attention.wqkv.weight'")
        .hasMessageContaining("PlannedOptimizer.of");
  }
}
