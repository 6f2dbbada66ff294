package org.widthwise.bench;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.shape.Parameter;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.init.GaussianInitializer;
import org.widthwise.torch.init.Initializer;
import org.widthwise.torch.nn.Network;
import org.widthwise.torch.nn.ResNet;
import org.widthwise.torch.nn.ResNetShape;
import org.widthwise.torch.nn.Transformer;
import org.widthwise.torch.nn.TransformerMultipliers;
import org.widthwise.torch.nn.TransformerShape;
import org.widthwise.torch.plan.NamedTensors;
import org.widthwise.torch.plan.PlannedOptimizer;
import org.widthwise.torch.plan.ResNetParameters;
import org.widthwise.torch.plan.TransformerParameters;

/**
 * A transformer or residual network with cross-entropy and Adam, one rate of 10⁻³ for all
 * parameters (SP), as the Python side has it too: the same network, the same first weights in the
 * order of its parameters, the same batch.
 */
final class NetworkJob implements TrainingJob {
  private static final double RATE = 1e-3;
  private static final long SEED = 0;
  private static final int SEQUENCES = 16;
  private static final int IMAGES = 32;
  private static final int SIDE = 32;

  private final Network network;
  private final Plan plan;
  private final Tensor inputs;
  private final Tensor targets;
  private final List<Tensor> parameters = new ArrayList<>();
  private final List<Tensor> start = new ArrayList<>();

  private NetworkJob(Network network, List<Parameter> shapes, Tensor inputs, Tensor targets) {
    this.network = network;
    this.inputs = inputs;
    this.targets = targets;
    this.plan =
        Recipe.of(Parametrizations.SP, UpdateRules.ADAM).withLearningRate(RATE).plan(shapes);
    Generator generator = Initializer.seeded(SEED);
    NamedTensors.of(network.module())
        .forEach(
            (name, parameter) -> {
              parameters.add(parameter);
              start.add(first(parameter, name, generator));
            });
  }

  /** Matrices and kernels: variance 1 over the fan-in. Gains 1, biases 0. */
  private static Tensor first(Tensor parameter, String name, Generator generator) {
    Tensor first = torch.zeros_like(parameter.detach());
    if (parameter.dim() > 1) {
      double fanIn = (double) parameter.numel() / parameter.size(0);
      new GaussianInitializer(1 / Math.sqrt(fanIn)).fill(first, generator);
    } else if (name.endsWith("weight")) {
      first.fill_(torch.ones(1).squeeze());
    }
    return first;
  }

  static NetworkJob of(TransformerShape shape) {
    Libtorch.load();
    long[] tokens = new long[SEQUENCES * shape.context()];
    long[] next = new long[tokens.length];
    for (int i = 0; i < tokens.length; i++) {
      long sequence = i / shape.context();
      long place = i % shape.context();
      tokens[i] = (7 * sequence * sequence + 13 * place + sequence * place) % shape.vocabulary();
      next[i] = (3 * tokens[i] + 1) % shape.vocabulary();
    }
    return new NetworkJob(
        new Transformer(shape, TransformerMultipliers.standard(shape)),
        TransformerParameters.of(shape),
        torch.tensor(tokens).view(SEQUENCES, shape.context()),
        torch.tensor(next));
  }

  static NetworkJob of(ResNetShape shape) {
    Libtorch.load();
    Tensor images =
        torch.zeros(
            new long[] {IMAGES, shape.channels(), SIDE, SIDE}, new TensorOptions(ScalarType.Float));
    new GaussianInitializer(1).fill(images, Initializer.seeded(SEED + 1));
    long[] classes = new long[IMAGES];
    for (int i = 0; i < IMAGES; i++) {
      classes[i] = 7L * i % shape.classes();
    }
    return new NetworkJob(
        new ResNet(shape), ResNetParameters.of(shape), images, torch.tensor(classes));
  }

  @Override
  public double train(long steps) throws InterruptedException {
    try (PointerScope scope = new PointerScope()) {
      try (NoGradGuard noGradients = new NoGradGuard()) {
        for (int i = 0; i < parameters.size(); i++) {
          parameters.get(i).copy_(start.get(i));
        }
      }
      PlannedOptimizer optimizer = PlannedOptimizer.of(network.module(), plan);
      for (long step = 0; step < steps; step++) {
        try (PointerScope one = new PointerScope()) {
          optimizer.zeroGradients();
          loss().backward();
          optimizer.step();
        }
        if (Thread.interrupted()) {
          throw new InterruptedException("training was interrupted after %d steps".formatted(step));
        }
      }
      try (NoGradGuard noGradients = new NoGradGuard()) {
        return loss().item_double();
      }
    }
  }

  private Tensor loss() {
    Tensor output = network.forward(inputs);
    return torch.cross_entropy_loss(output.reshape(-1, output.size(-1)), targets);
  }
}
