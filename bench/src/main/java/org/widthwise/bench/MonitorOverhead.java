package org.widthwise.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.init.Initializer;
import org.widthwise.torch.monitor.Monitor;
import org.widthwise.torch.monitor.MonitorSinks;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.nn.Mlp;
import org.widthwise.torch.nn.MlpShape;
import org.widthwise.torch.nn.Network;
import org.widthwise.torch.nn.Transformer;
import org.widthwise.torch.nn.TransformerShape;
import org.widthwise.torch.plan.InitScheme;
import org.widthwise.torch.plan.MlpParameters;
import org.widthwise.torch.plan.PlannedModule;
import org.widthwise.torch.plan.PlannedOptimizer;
import org.widthwise.torch.plan.TransformerParameters;

/**
 * What a {@link Monitor} with its defaults, a probe batch and a CSV file costs: rounds of training
 * with Adam, with and without it in turn, each from the same start. Prints the time per step of
 * both, the ratio round by round, and the time spent in the monitor's own methods over the rest of
 * its round, which other programs disturb less; the monitor's making and its first steps, which are
 * looked at in any case, are part of both.
 */
public final class MonitorOverhead {

  private static final int USUAL_STEPS = 1000;
  private static final int USUAL_ROUNDS = 5;
  private static final int WARM_UP_STEPS = 200;
  private static final int MLP_BATCH = 200;
  private static final int TEXT_BATCH = 16;
  private static final int VOCABULARY = 64;
  private static final int CONTEXT = 64;
  private static final double NANOS_PER_MILLI = 1e6;

  private MonitorOverhead() {}

  /**
   * Runs it.
   *
   * @param args the steps of a round, 1000 if there are none, and the number of rounds, 5 if there
   *     are none
   * @throws IOException if no file can be made
   */
  public static void main(String[] args) throws IOException {
    int steps = args.length > 0 ? Integer.parseInt(args[0]) : USUAL_STEPS;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : USUAL_ROUNDS;
    Libtorch.load();
    Path file = Files.createTempFile("monitor", ".csv");
    for (int width : new int[] {64, 256, 1024}) {
      report(
          "mlp 3072-%d-%d-10".formatted(width, width),
          steps,
          rounds,
          (length, watch) -> mlp(width, length, watch, file));
    }
    for (int width : new int[] {64, 256}) {
      report(
          "transformer of 2 blocks, width %d".formatted(width),
          steps,
          rounds,
          (length, watch) -> transformer(width, length, watch, file));
    }
    Files.delete(file);
  }

  /** A round of training. */
  @FunctionalInterface
  interface Round {
    Timing of(int steps, boolean watched);
  }

  /** What a round took: all of it, and of that the monitor's methods. */
  record Timing(int steps, long nanos, long monitorNanos) {

    double millisPerStep() {
      return nanos / NANOS_PER_MILLI / steps;
    }

    double monitorShare() {
      return (double) monitorNanos / (nanos - monitorNanos);
    }
  }

  private static void report(String what, int steps, int rounds, Round round) {
    Samples with = new Samples();
    Samples without = new Samples();
    Samples share = new Samples();
    round.of(Math.min(steps, WARM_UP_STEPS), true);
    for (int i = 0; i < rounds; i++) {
      without.add(round.of(steps, false).millisPerStep());
      Timing watched = round.of(steps, true);
      with.add(watched.millisPerStep());
      share.add(watched.monitorShare());
    }
    System.out.printf(
        Locale.ROOT,
        "%s, %d steps: %s ms a step without, %s with a monitor, ratio %s; in its methods %s%n",
        what,
        steps,
        without,
        with,
        with.over(without),
        share);
  }

  static Timing mlp(int width, int steps, boolean watched, Path file) {
    try (PointerScope scope = new PointerScope()) {
      MlpShape shape = MlpShape.of(Activation.RELU, 3072, width, width, 10);
      Plan plan = recipe(0.05).plan(MlpParameters.of(shape));
      torch.manual_seed(0);
      Tensor inputs = torch.randn(MLP_BATCH, 3072);
      Tensor classes = torch.randint(10, new long[] {MLP_BATCH});
      return train(new Mlp(shape), plan, inputs, classes, steps, watched, file);
    }
  }

  static Timing transformer(int width, int steps, boolean watched, Path file) {
    try (PointerScope scope = new PointerScope()) {
      TransformerShape shape = TransformerShape.of(VOCABULARY, CONTEXT, width, 2, 4);
      Plan plan = recipe(0.2).plan(TransformerParameters.of(shape));
      torch.manual_seed(0);
      Tensor tokens =
          torch.randint(VOCABULARY, new long[] {TEXT_BATCH, CONTEXT}).toType(torch.ScalarType.Long);
      Tensor next = torch.randint(VOCABULARY, new long[] {TEXT_BATCH * CONTEXT});
      return train(new Transformer(shape), plan, tokens, next, steps, watched, file);
    }
  }

  private static Recipe recipe(double rate) {
    return Recipe.of(Parametrizations.SPECTRAL, UpdateRules.ADAM).withLearningRate(rate);
  }

  private static Timing train(
      Network network,
      Plan plan,
      Tensor inputs,
      Tensor classes,
      int steps,
      boolean watched,
      Path file) {
    PlannedModule.initialize(network.module(), plan, InitScheme.GAUSSIAN, Initializer.seeded(0));
    PlannedOptimizer optimizer = PlannedOptimizer.of(network.module(), plan);
    Tensor targets = classes.toType(torch.ScalarType.Long);
    delete(file);
    long start = System.nanoTime();
    try (Monitor monitor =
        watched
            ? Monitor.of(network.module(), plan)
                .to(MonitorSinks.csv(file))
                .probing(inputs, network::forward)
            : null) {
      long monitoring = System.nanoTime() - start;
      for (int step = 1; step <= steps; step++) {
        try (PointerScope scope = new PointerScope()) {
          optimizer.zeroGradients();
          Tensor output = network.forward(inputs);
          torch.cross_entropy_loss(output.reshape(-1, output.size(-1)), targets).backward();
          optimizer.step();
          if (monitor != null) {
            long before = System.nanoTime();
            monitor.afterStep(step);
            monitoring += System.nanoTime() - before;
          }
        }
      }
      return new Timing(steps, System.nanoTime() - start, monitoring);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException undeletable) {
      throw new UncheckedIOException(undeletable);
    }
  }
}
