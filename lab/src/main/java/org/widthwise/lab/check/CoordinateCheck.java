package org.widthwise.lab.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.Scale;
import org.widthwise.core.shape.Parameter;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.lab.data.ExampleOrder;
import org.widthwise.lab.train.Architecture;
import org.widthwise.lab.train.ExampleBatch;
import org.widthwise.lab.train.TrainingData;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.init.Initializer;
import org.widthwise.torch.measure.TensorNorms;
import org.widthwise.torch.nn.Network;
import org.widthwise.torch.optim.OptimizerSettings;
import org.widthwise.torch.plan.InitScheme;
import org.widthwise.torch.plan.NamedTensors;
import org.widthwise.torch.plan.PlannedModule;
import org.widthwise.torch.plan.PlannedOptimizer;
import org.widthwise.torch.plan.RelativeNorm;

/**
 * Trains a family of networks for a few steps at several widths and fits, for each layer, how
 * features, weights and updates change with width: Condition 1 asks that none does.
 *
 * <p>Two things set it apart from looking at activations alone, which is what coordinate checks
 * usually do. Updates are measured as spectral norms over targets that come from the network's own
 * shapes, never from the plan that is checked, so an error that activations hide (an embedding that
 * is scaled as a matrix, a kernel whose dimensions were taken for fans) shows in the layer where it
 * was made. And weight decay, which no few steps can show, is judged by its share per step.
 */
public final class CoordinateCheck {

  private final ModelFamily family;
  private final Planner planner;
  private final OptimizerSettings optimizer;
  private final TrainingData data;
  private final CheckSettings settings;

  /**
   * A check that is yet to be run.
   *
   * @param family the networks
   * @param planner what is checked
   * @param optimizer what an optimizer needs beside a plan
   * @param data what is trained on
   * @param settings how much is run
   */
  public CoordinateCheck(
      ModelFamily family,
      Planner planner,
      OptimizerSettings optimizer,
      TrainingData data,
      CheckSettings settings) {
    this.family = family;
    this.planner = planner;
    this.optimizer = optimizer;
    this.data = data;
    this.settings = settings;
  }

  /** Told how far a check is. */
  @FunctionalInterface
  public interface Listener {

    /**
     * A network has been trained.
     *
     * @param done how many
     * @param all of how many
     * @param width its width
     * @param share of the work that is done, by the entries of the networks' parameters
     */
    void trained(int done, int all, int width, double share);
  }

  /**
   * Runs the check.
   *
   * @param listener told after each network
   * @return what was found
   * @throws InterruptedException if the thread is interrupted; seen between steps
   * @throws IllegalArgumentException if the family has other layers at another width, or the plan
   *     or the data do not fit
   */
  public CheckResult run(Listener listener) throws InterruptedException {
    Libtorch.load();
    double[] widths = settings.widths().stream().mapToDouble(w -> w).toArray();
    Map<String, Map<Quantity, double[][]>> values = new LinkedHashMap<>();
    Map<String, ParameterShape> shapes = new LinkedHashMap<>();
    double entriesOfAll =
        settings.widths().stream().mapToDouble(w -> entries(family.at(w).parameters())).sum();
    double entriesDone = 0;
    int done = 0;
    int all = settings.trials() * widths.length;
    for (int index = 0; index < widths.length; index++) {
      int width = settings.widths().get(index);
      Architecture architecture = family.at(width);
      List<Parameter> parameters = architecture.parameters();
      requireSame(shapes, parameters, width);
      for (int trial = 0; trial < settings.trials(); trial++) {
        Map<String, Map<Quantity, Double>> measured = train(architecture, parameters, trial);
        for (Map.Entry<String, Map<Quantity, Double>> layer : measured.entrySet()) {
          for (Map.Entry<Quantity, Double> value : layer.getValue().entrySet()) {
            values.computeIfAbsent(layer.getKey(), name -> new LinkedHashMap<>())
                    .computeIfAbsent(
                        value.getKey(), quantity -> new double[settings.trials()][widths.length])[
                    trial][index] =
                value.getValue();
          }
        }
        entriesDone += entries(parameters);
        listener.trained(++done, all, width, entriesDone / (settings.trials() * entriesOfAll));
      }
    }
    List<LayerCheck> layers = new ArrayList<>();
    values.forEach(
        (name, quantities) ->
            layers.add(layer(name, Objects.requireNonNull(shapes.get(name)), quantities, widths)));
    return new CheckResult(settings.widths(), settings.tolerance(), layers);
  }

  private static double entries(List<Parameter> parameters) {
    return parameters.stream()
        .mapToDouble(p -> p.shape().dimensions().stream().reduce(1L, Math::multiplyExact))
        .sum();
  }

  private static void requireSame(
      Map<String, ParameterShape> shapes, List<Parameter> parameters, int width) {
    boolean first = shapes.isEmpty();
    for (Parameter parameter : parameters) {
      if (!first && !shapes.containsKey(parameter.name())) {
        throw new IllegalArgumentException(
            "at width %d the network has a parameter '%s' that it lacks at others: only the width may change"
                .formatted(width, parameter.name()));
      }
      shapes.putIfAbsent(parameter.name(), parameter.shape());
    }
  }

  private LayerCheck layer(
      String name, ParameterShape shape, Map<Quantity, double[][]> quantities, double[] widths) {
    List<QuantityCheck> checks = new ArrayList<>();
    for (Quantity quantity : Quantity.values()) {
      double[][] values = quantities.get(quantity);
      if (values != null) {
        checks.add(
            QuantityCheck.of(
                quantity, widths, values, settings.tolerance(), quantity.isJudged(shape)));
      }
    }
    return new LayerCheck(name, shape.role().id(), shape.layer().id(), checks);
  }

  /** One network: its values by layer and quantity. */
  private Map<String, Map<Quantity, Double>> train(
      Architecture architecture, List<Parameter> parameters, int trial)
      throws InterruptedException {
    try (PointerScope scope = new PointerScope()) {
      Plan plan = planner.plan(parameters);
      Network network = architecture.build(plan);
      network.module().to(settings.precision().type(), false);
      Generator generator = Initializer.seeded(settings.seed() * 1_000_003 + trial);
      PlannedModule.initialize(network.module(), plan, InitScheme.GAUSSIAN, generator);
      settings.device().take(network.module());
      PlannedOptimizer steps = PlannedOptimizer.of(network.module(), plan, optimizer);
      ExampleOrder order =
          new ExampleOrder(data.training().count(), settings.batch(), settings.seed() + trial);
      Tensor probe = batch(order, 1).inputs();

      Measurements measurements = new Measurements(parameters, plan);
      Map<String, Tensor> weights = copies(network);
      Map<String, Tensor> features = features(network, probe);
      measurements.weights(weights);
      measurements.sizes(Quantity.FEATURE, features);
      for (int step = 1; step <= settings.steps(); step++) {
        if (Thread.interrupted()) {
          throw new InterruptedException("the check was interrupted");
        }
        step(network, steps, batch(order, step));
        if (step == 1) {
          measurements.changes(Quantity.UPDATE, weights, network);
          measurements.featureChanges(Quantity.FEATURE_CHANGE, features, features(network, probe));
        }
      }
      measurements.changes(Quantity.TOTAL_UPDATE, weights, network);
      measurements.featureChanges(
          Quantity.TOTAL_FEATURE_CHANGE, features, features(network, probe));
      return measurements.byLayer();
    }
  }

  private ExampleBatch batch(ExampleOrder order, long step) {
    return data.training().batch(settings.precision(), order.minibatch(step)).on(settings.device());
  }

  private void step(Network network, PlannedOptimizer optimizer, ExampleBatch batch) {
    try (PointerScope scope = new PointerScope()) {
      optimizer.zeroGradients();
      settings.objective().of(network.forward(batch.inputs()), batch.classes()).backward();
      optimizer.step();
    }
  }

  private static Map<String, Tensor> copies(Network network) {
    try (NoGradGuard guard = new NoGradGuard()) {
      Map<String, Tensor> copies = new LinkedHashMap<>();
      NamedTensors.of(network.module())
          .forEach((name, tensor) -> copies.put(name, tensor.detach().clone()));
      return copies;
    }
  }

  /** The outputs of all layers; of one that is used twice, the last. */
  private static Map<String, Tensor> features(Network network, Tensor inputs) {
    try (NoGradGuard guard = new NoGradGuard()) {
      Map<String, Tensor> features = new LinkedHashMap<>();
      network.forward(inputs, (name, input, output) -> features.put(name, output.detach().clone()));
      return features;
    }
  }

  /** The values of one network as they come in. */
  private static final class Measurements {

    private final List<Parameter> parameters;
    private final Map<String, Map<Quantity, Double>> values = new LinkedHashMap<>();

    Measurements(List<Parameter> parameters, Plan plan) {
      this.parameters = parameters;
      for (Parameter parameter : parameters) {
        Scale scale = plan.get(parameter.name()).scale();
        if (scale.weightDecay() != 0) {
          put(parameter.name(), Quantity.DECAY, scale.learningRate() * scale.weightDecay());
        }
      }
    }

    private void put(String name, Quantity quantity, double value) {
      values.computeIfAbsent(name, layer -> new LinkedHashMap<>()).put(quantity, value);
    }

    void weights(Map<String, Tensor> weights) {
      for (Parameter parameter : parameters) {
        // Vectors start as constants, whose size says nothing.
        if (parameter.shape().isMatrixLike() || parameter.shape().role().isTable()) {
          Tensor weight = Objects.requireNonNull(weights.get(parameter.name()));
          put(parameter.name(), Quantity.WEIGHT, RelativeNorm.of(parameter.shape(), weight));
        }
      }
    }

    void changes(Quantity quantity, Map<String, Tensor> before, Network network) {
      try (NoGradGuard guard = new NoGradGuard()) {
        Map<String, Tensor> after = NamedTensors.of(network.module());
        for (Parameter parameter : parameters) {
          try (PointerScope scope = new PointerScope()) {
            Tensor change =
                Objects.requireNonNull(after.get(parameter.name()))
                    .detach()
                    .sub(Objects.requireNonNull(before.get(parameter.name())));
            put(parameter.name(), quantity, RelativeNorm.of(parameter.shape(), change));
          }
        }
      }
    }

    void sizes(Quantity quantity, Map<String, Tensor> features) {
      features.forEach((name, feature) -> put(name, quantity, rootMeanSquare(feature)));
    }

    void featureChanges(Quantity quantity, Map<String, Tensor> before, Map<String, Tensor> after) {
      try (NoGradGuard guard = new NoGradGuard()) {
        after.forEach(
            (name, feature) ->
                put(
                    name,
                    quantity,
                    rootMeanSquare(feature.sub(Objects.requireNonNull(before.get(name))))));
      }
    }

    private static double rootMeanSquare(Tensor tensor) {
      return TensorNorms.frobenius(tensor) / Math.sqrt((double) tensor.numel());
    }

    /** In the order of the parameters. */
    Map<String, Map<Quantity, Double>> byLayer() {
      Map<String, Map<Quantity, Double>> ordered = new LinkedHashMap<>();
      for (Parameter parameter : parameters) {
        Map<Quantity, Double> found = values.get(parameter.name());
        if (found != null) {
          ordered.put(parameter.name(), found);
        }
      }
      return ordered;
    }
  }
}
