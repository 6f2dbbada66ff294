package org.widthwise.lab.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LayerNormImpl;
import org.bytedeco.pytorch.LayerNormOptions;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.LinearOptions;
import org.bytedeco.pytorch.LongVector;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.widthwise.audit.advice.AdvisedPlan;
import org.widthwise.audit.checkpoint.Checkpoint;
import org.widthwise.audit.checkpoint.Checkpoints;
import org.widthwise.audit.plan.PlanFile;
import org.widthwise.audit.plan.PyTorchGroups;
import org.widthwise.audit.safetensors.Dtype;
import org.widthwise.audit.safetensors.SafetensorsWriter;
import org.widthwise.audit.safetensors.WritableTensor;
import org.widthwise.audit.spectrum.AuditResult;
import org.widthwise.audit.spectrum.Band;
import org.widthwise.audit.spectrum.SpectralAudit;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.PlannedParameter;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.plan.WeightDecayConvention;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.lab.run.Json;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.engine.Tensors;
import org.widthwise.torch.init.GaussianInitializer;
import org.widthwise.torch.init.Initializer;
import org.widthwise.torch.optim.DecayForm;
import org.widthwise.torch.optim.Momentum;
import org.widthwise.torch.optim.OptimizerSettings;
import org.widthwise.torch.plan.Declarations;
import org.widthwise.torch.plan.InitScheme;
import org.widthwise.torch.plan.ModuleParameters;
import org.widthwise.torch.plan.NamedTensors;
import org.widthwise.torch.plan.PlannedModule;
import org.widthwise.torch.plan.PlannedOptimizer;

/**
 * {@code docs/widthwise_torch.py} in a {@linkplain PythonProgram Python} that has PyTorch. Where
 * there is none these tests are skipped.
 */
final class WidthwiseTorchTest {

  private static final int WIDTH = 16;
  private static final int STEPS = 10;
  private static final int BATCH = 5;

  /** So small that a rate that is advised to be hundreds of times it can be trained with. */
  private static final double RATE = 5e-4;

  /** Ten steps of sums in another order, each off by 1.1e-16, and what ε = 1e-3 makes of them. */
  private static final double ROUNDING = 1e-11;

  private final Path directory;

  WidthwiseTorchTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  /** The network of {@code train_by_plan.py}. */
  private static final class Net extends Module {
    private final LinearImpl fc1;
    private final LayerNormImpl norm;
    private final LinearImpl fc2;
    private final LinearImpl head;

    Net(int width) {
      super("Net");
      fc1 = register_module("fc1", new LinearImpl(6, width));
      norm =
          register_module(
              "norm", new LayerNormImpl(new LayerNormOptions(new LongVector(new long[] {width}))));
      fc2 = register_module("fc2", new LinearImpl(width, width));
      LinearOptions withoutBias = new LinearOptions(width, 3);
      withoutBias.bias().put(false);
      head = register_module("head", new LinearImpl(withoutBias));
    }

    Tensor apply(Tensor x) {
      return head.forward(fc2.forward(norm.forward(fc1.forward(x)).tanh()).tanh());
    }
  }

  private static Plan plan(String optimizer, int width) {
    Recipe recipe =
        Recipe.of(Parametrizations.SPECTRAL, UpdateRules.named(optimizer))
            .withLearningRate(0.05)
            .withWeightDecay(0.3, WeightDecayConvention.INDEPENDENT)
            // So large that each parameter's own is felt.
            .withEpsilon(1e-3);
    return recipe.plan(
        ModuleParameters.of(new Net(width), new Net(2 * width), Declarations.none()));
  }

  private static final Optional<PythonProgram> PYTHON = PythonProgram.importing("torch");

  /** What the script is to do with a plan. */
  private record Job(PlanFile file, Map<String, Object> values) {
    Job(Plan plan, Map<String, Object> values) {
      this(PlanFile.of(plan), values);
    }
  }

  private JsonNode run(Job... jobs) throws Exception {
    List<Map<String, Object>> orders = new ArrayList<>();
    for (Job job : jobs) {
      Path planned = directory.resolve("plan%d.json".formatted(orders.size()));
      Files.writeString(planned, Json.write(PyTorchGroups.of(job.file())));
      Map<String, Object> order = new LinkedHashMap<>(job.values());
      order.put("plan", planned.toString());
      orders.add(order);
    }
    Path given = directory.resolve("jobs.json");
    Files.writeString(given, Json.write(orders));
    Path answers = directory.resolve("answers.json");
    Assumptions.assumeTrue(
        PYTHON.isPresent(),
        "no python3 that can import torch: widthwise_torch.py was not exercised");
    PYTHON.orElseThrow().run("train_by_plan.py", directory, PythonProgram.docs(), given, answers);
    JsonNode answered = Json.readFile(answers, JsonNode.class, "the script wrote it");
    assertThat(answered).hasSize(jobs.length);
    return answered;
  }

  private static Tensor gaussian(long seed, long... shape) {
    Tensor tensor = torch.zeros(shape, new TensorOptions(ScalarType.Double));
    new GaussianInitializer(1).fill(tensor, Initializer.seeded(seed));
    return tensor;
  }

  private static List<Double> numbers(Tensor tensor) {
    Tensor flat = tensor.detach().contiguous().flatten();
    List<Double> numbers = new ArrayList<>();
    for (long i = 0; i < flat.numel(); i++) {
      numbers.add(flat.select(0, i).item_double());
    }
    return numbers;
  }

  private static Map<String, Object> weights(Net net) {
    Map<String, Object> weights = new LinkedHashMap<>();
    NamedTensors.of(net).forEach((name, tensor) -> weights.put(name, numbers(tensor)));
    return weights;
  }

  private static OptimizerSettings settings(String optimizer) {
    OptimizerSettings settings = OptimizerSettings.withDefaults();
    return switch (optimizer) {
      // PyTorch's Adam and SGD add the decay to the gradient.
      case "sgd" -> settings.with(new Momentum(0.9, false)).withDecay(DecayForm.COUPLED);
      case "adam" -> settings.withDecay(DecayForm.COUPLED);
      default -> settings;
    };
  }

  /** The last weights, and the losses on the way, of a training by PlannedOptimizer. */
  private record Trained(Job job, Net net, List<Double> losses) {}

  private Trained train(String optimizer, PlanFile file) throws IOException {
    // Through a file, so that what is compared is the optimizer of a plan that was read.
    Path saved = directory.resolve("saved.json");
    file.write(saved);
    PlanFile read = PlanFile.read(saved);
    Plan plan = read.plan();
    Net net = new Net(WIDTH);
    net.to(ScalarType.Double, false);
    PlannedModule.initialize(net, plan, InitScheme.GAUSSIAN, Initializer.seeded(7));
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("optimizer", optimizer);
    values.put("width", WIDTH);
    values.put("weights", weights(net));
    List<Object> inputs = new ArrayList<>();
    List<Object> targets = new ArrayList<>();
    List<Double> losses = new ArrayList<>();
    PlannedOptimizer planned = PlannedOptimizer.of(net, plan, settings(optimizer));
    for (int step = 0; step < STEPS; step++) {
      Tensor x = gaussian(step, BATCH, 6);
      Tensor y = gaussian(1000 + step, BATCH, 3);
      inputs.add(numbers(x));
      targets.add(numbers(y));
      planned.zeroGradients();
      Tensor loss = torch.mse_loss(net.apply(x), y);
      loss.backward();
      planned.step();
      losses.add(loss.item_double());
    }
    values.put("inputs", inputs);
    values.put("targets", targets);
    return new Trained(new Job(read, values), net, losses);
  }

  @Test
  void pyTorchTakesTheStepsThatPlannedOptimizerTakes() throws Exception {
    try (PointerScope scope = new PointerScope()) {
      List<Trained> trained = new ArrayList<>();
      for (String optimizer : List.of("adamw", "adam", "sgd")) {
        trained.add(train(optimizer, PlanFile.of(plan(optimizer, WIDTH))));
      }
      JsonNode answers = run(trained.stream().map(Trained::job).toArray(Job[]::new));
      for (int i = 0; i < trained.size(); i++) {
        // Biases and gain have one length, so that their rates, decays and ε coincide.
        compare(trained.get(i), answers.get(i), 4);
      }
    }
  }

  /**
   * What {@code audit --plan-format pytorch} writes: the head was drawn far too large, and the
   * second layer moved by far too little.
   */
  @Test
  void theAdviceOfAnAuditIsInitialisedAndTrainedWith() throws Exception {
    try (PointerScope scope = new PointerScope()) {
      Net net = new Net(WIDTH);
      net.to(ScalarType.Double, false);
      Map<String, List<Double>> before = new LinkedHashMap<>();
      Map<String, List<Double>> after = new LinkedHashMap<>();
      NamedTensors.of(net)
          .forEach(
              (name, tensor) -> {
                double factor = name.equals("head.weight") ? 100 : 1;
                double moved = name.equals("fc2.weight") ? 0.004 : 0.5;
                before.put(name, times(factor, tensor));
                after.put(name, times(factor + moved, tensor));
              });
      AuditResult audited;
      try (Checkpoint later = checkpoint("later", net, after);
          Checkpoint earlier = checkpoint("earlier", net, before)) {
        audited = SpectralAudit.withDefaults().run(later, earlier, (done, of, share) -> {});
      }
      PlanFile file = AdvisedPlan.of(audited, new Band(0.01, 10), UpdateRules.ADAMW, RATE);
      assertThat(file.origin("head.weight").reason().orElseThrow()).contains("init or multiplier");
      assertThat(file.origin("fc2.weight").reason().orElseThrow()).contains("rate ×");

      Trained trained = train("adamw", file);
      Map<String, Object> draw = Map.of("optimizer", "init", "width", WIDTH);
      JsonNode answers = run(trained.job(), new Job(file, draw));
      // Of all rates and ε: by length, and of the second layer.
      compare(trained, answers.get(0), PyTorchGroups.of(file).groups().size());
      for (PlannedParameter parameter : file.plan().parameters()) {
        double std = parameter.scale().initStd();
        // 48 draws at least: their deviation is off by a tenth of it, four times that at most.
        assertThat(answers.get(1).path(parameter.name()).path(1).asDouble())
            .as(parameter.name())
            .isCloseTo(std, within(0.4 * std));
      }
      assertThat(file.plan().get("head.weight").scale().initStd()).isLessThan(0.5);
      assertThat(file.plan().get("fc2.weight").scale().learningRate()).isGreaterThan(100 * RATE);
    }
  }

  private static List<Double> times(double factor, Tensor tensor) {
    return numbers(tensor).stream().map(value -> factor * value).toList();
  }

  private Checkpoint checkpoint(String name, Net net, Map<String, List<Double>> values)
      throws IOException {
    List<WritableTensor> tensors = new ArrayList<>();
    NamedTensors.of(net)
        .forEach(
            (parameter, tensor) -> {
              List<Double> numbers = Objects.requireNonNull(values.get(parameter));
              tensors.add(
                  new WritableTensor(
                      parameter,
                      Dtype.F64,
                      Arrays.stream(Tensors.shape(tensor)).boxed().toList(),
                      (offset, into) -> {
                        for (int at = (int) offset / 8; into.hasRemaining(); at++) {
                          into.putDouble(numbers.get(at));
                        }
                      }));
            });
    Path file = directory.resolve(name + ".safetensors");
    try (OutputStream out = Files.newOutputStream(file)) {
      SafetensorsWriter.write(out, tensors, Map.of());
    }
    return Checkpoints.open(file);
  }

  private static void compare(Trained ours, JsonNode theirs, int groups) {
    String optimizer = String.valueOf(ours.job().values().get("optimizer"));
    assertThat(theirs.path("error").isMissingNode()).as("%s", theirs).isTrue();
    assertThat(theirs.path("losses")).hasSize(STEPS);
    for (int step = 0; step < STEPS; step++) {
      assertThat(ours.losses().get(step))
          .as("%s, loss of step %d", optimizer, step)
          .isCloseTo(theirs.path("losses").get(step).asDouble(), within(ROUNDING));
    }
    NamedTensors.of(ours.net())
        .forEach(
            (name, tensor) -> {
              List<Double> entries = numbers(tensor);
              for (int i = 0; i < entries.size(); i++) {
                assertThat(entries.get(i))
                    .as("%s, %s, entry %d", optimizer, name, i)
                    .isCloseTo(
                        theirs.path("weights").path(name).path(i).asDouble(), within(ROUNDING));
              }
            });
    assertThat(theirs.path("groups").asInt()).isEqualTo(groups);
    assertThat(ours.losses().get(STEPS - 1)).isNotCloseTo(ours.losses().get(0), within(1e-3));
  }

  @Test
  void firstValuesAreThoseOfThePlan() throws Exception {
    int width = 512;
    Plan plan = plan("adamw", width);
    JsonNode drawn = run(new Job(plan, Map.of("optimizer", "init", "width", width))).path(0);
    plan.parameters()
        .forEach(
            parameter -> {
              double std = parameter.scale().initStd();
              JsonNode moments = drawn.path(parameter.name());
              // At least 1536 draws: the deviation of a deviation is below 2 % of it.
              assertThat(moments.path(1).asDouble())
                  .as(parameter.name())
                  .isCloseTo(std, within(0.1 * std));
              assertThat(moments.path(0).asDouble())
                  .as(parameter.name())
                  .isCloseTo(parameter.scale().initMean(), within(0.15 * std));
            });
  }

  @Test
  void aPlanOfAnotherModuleIsRefusedInWords() throws Exception {
    Map<String, Object> draw = Map.of("optimizer", "init", "width", WIDTH);
    Plan whole = plan("adamw", WIDTH);
    Plan lacking =
        Plan.of(
            whole.recipe(),
            whole.parameters().stream().filter(p -> !p.name().equals("head.weight")).toList());
    List<PlannedParameter> more = new ArrayList<>(whole.parameters());
    PlannedParameter hidden = whole.get("fc2.weight");
    more.add(new PlannedParameter("tail.weight", hidden.shape(), 1, hidden.rule(), hidden.scale()));
    Plan two =
        Recipe.of(Parametrizations.SPECTRAL, UpdateRules.MUON)
            .withUpdateRuleBesideHidden(UpdateRules.ADAMW, 0.1)
            .plan(ModuleParameters.of(new Net(WIDTH), new Net(2 * WIDTH), Declarations.none()));
    Map<String, Object> train =
        Map.of("optimizer", "adamw", "width", WIDTH, "weights", weights(new Net(WIDTH)));
    JsonNode answers =
        run(
            new Job(plan("adamw", 2 * WIDTH), draw),
            new Job(lacking, draw),
            new Job(Plan.of(whole.recipe(), more), draw),
            new Job(two, train));
    assertThat(answers.get(0).path("error").asText())
        .contains("'fc1.weight' has shape (16, 6), but (32, 6) in the plan")
        .contains("make the plan of a module of this width");
    assertThat(answers.get(1).path("error").asText())
        .contains("the plan has no parameter 'head.weight', shape (3, 16)");
    assertThat(answers.get(2).path("error").asText())
        .contains("the module has no parameter 'tail.weight' of the plan");
    assertThat(answers.get(3).path("error").asText())
        .contains("the plan has groups for adamw, muon: name one");
  }

  /** The guide's Python is the script's own example, which the trainings above follow. */
  @Test
  void theGuideShowsTheScriptsExample() throws IOException {
    String page = Files.readString(PythonProgram.docs().resolve("from-mup.md"));
    int begin = page.indexOf("```python\n") + "```python\n".length();
    List<String> shown = page.substring(begin, page.indexOf("```", begin)).lines().toList();
    assertThat(shown).hasSize(4);
    String script = Files.readString(PythonProgram.docs().resolve("widthwise_torch.py"));
    assertThat(script).contains("    " + String.join("\n    ", shown) + "\n");
    assertThat(script.lines().count()).isLessThanOrEqualTo(150);
  }
}
