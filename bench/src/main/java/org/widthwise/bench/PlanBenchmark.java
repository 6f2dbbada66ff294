package org.widthwise.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
import org.widthwise.core.shape.Layer;
import org.widthwise.core.shape.Parameter;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.core.shape.Role;
import org.widthwise.core.update.UpdateRules;

/** The plan of a large transformer, 16 parameters a block: absolute, and relative to a base. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PlanBenchmark {
  private static final int VOCABULARY = 50_257;

  /** Transformer blocks. */
  @Param({"12", "96"})
  int blocks = 12;

  private final Recipe recipe = Recipe.of(Parametrizations.SPECTRAL, UpdateRules.ADAM);
  private List<Parameter> base = List.of();
  private List<Parameter> large = List.of();

  /** A benchmark that JMH fills and runs. */
  public PlanBenchmark() {}

  /** Lists the parameters of both models. */
  @Setup
  public void prepare() {
    base = transformer(256);
    large = transformer(12_288);
  }

  /**
   * Plans every parameter by its own shape.
   *
   * @return the plan
   */
  @Benchmark
  public Plan absolute() {
    return recipe.plan(large);
  }

  /**
   * Plans every parameter by its own shape and that of its counterpart in a narrow model.
   *
   * @return the plan
   */
  @Benchmark
  public Plan relative() {
    return recipe.planRelativeTo(large, base);
  }

  private List<Parameter> transformer(long width) {
    List<Parameter> parameters = new ArrayList<>();
    parameters.add(new Parameter("embedding.weight", ParameterShape.embedding(VOCABULARY, width)));
    for (int block = 0; block < blocks; block++) {
      String prefix = "blocks." + block + ".";
      for (String name : List.of("query", "key", "value", "output")) {
        addLinear(parameters, prefix + name, width, width);
      }
      addLinear(parameters, prefix + "up", 4 * width, width);
      addLinear(parameters, prefix + "down", width, 4 * width);
      for (String name : List.of("norm1", "norm2")) {
        parameters.add(
            new Parameter(
                prefix + name + ".weight", ParameterShape.of(Role.GAIN, Layer.HIDDEN, width)));
        parameters.add(
            new Parameter(prefix + name + ".bias", ParameterShape.bias(Layer.HIDDEN, width)));
      }
    }
    parameters.add(
        new Parameter("readout.weight", ParameterShape.matrix(Layer.READOUT, VOCABULARY, width)));
    return parameters;
  }

  private static void addLinear(List<Parameter> parameters, String name, long fanOut, long fanIn) {
    parameters.add(
        new Parameter(name + ".weight", ParameterShape.matrix(Layer.HIDDEN, fanOut, fanIn)));
    parameters.add(new Parameter(name + ".bias", ParameterShape.bias(Layer.HIDDEN, fanOut)));
  }
}
