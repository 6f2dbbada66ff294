package org.widthwise.bench;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Generator;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.init.Initializer;
import org.widthwise.torch.nn.Transformer;
import org.widthwise.torch.nn.TransformerShape;
import org.widthwise.torch.plan.InitScheme;
import org.widthwise.torch.plan.PlannedModule;
import org.widthwise.torch.plan.PlannedOptimizer;
import org.widthwise.torch.plan.TransformerParameters;

/**
 * What a transformer of many small tensors costs before its first step: eight parameters a block
 * and four beside, so that 1,250 blocks have ten thousand. The matrices are narrow: it is the cost
 * of each tensor that is timed, not that of drawing numbers.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
public class InitializationBenchmark {
  private static final int VOCABULARY = 64;
  private static final int CONTEXT = 16;
  private static final int WIDTH = 16;
  private static final int HEADS = 1;

  /** Transformer blocks. */
  @Param({"125", "1250"})
  int blocks = 125;

  private final Recipe recipe = Recipe.of(Parametrizations.SPECTRAL, UpdateRules.ADAM);
  private @Nullable TransformerShape shape;
  private @Nullable Transformer network;
  private @Nullable Plan plan;
  private @Nullable Generator generator;

  /** A benchmark that JMH fills and runs. */
  public InitializationBenchmark() {}

  /** Builds the network. */
  @Setup
  public void prepare() {
    Libtorch.load();
    TransformerShape made = TransformerShape.of(VOCABULARY, CONTEXT, WIDTH, blocks, HEADS);
    shape = made;
    network = new Transformer(made);
    plan = recipe.plan(TransformerParameters.of(made));
    generator = Initializer.seeded(0);
  }

  /**
   * The shapes of all parameters and their plan.
   *
   * @return the plan
   */
  @Benchmark
  public Plan plan() {
    return recipe.plan(TransformerParameters.of(requireNonNull(shape)));
  }

  /** Draws all first values. */
  @Benchmark
  public void initialize() {
    try (PointerScope scope = new PointerScope()) {
      PlannedModule.initialize(
          requireNonNull(network).module(),
          requireNonNull(plan),
          InitScheme.GAUSSIAN,
          requireNonNull(generator));
    }
  }

  /**
   * Makes the optimizer with the state of all parameters.
   *
   * @return its steps, none
   */
  @Benchmark
  public long optimizer() {
    try (PointerScope scope = new PointerScope()) {
      return PlannedOptimizer.of(requireNonNull(network).module(), requireNonNull(plan)).steps();
    }
  }
}
