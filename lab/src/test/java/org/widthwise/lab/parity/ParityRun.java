package org.widthwise.lab.parity;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.widthwise.audit.checkpoint.Checkpoint;
import org.widthwise.audit.checkpoint.CheckpointTensor;
import org.widthwise.audit.checkpoint.Checkpoints;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.shape.Parameter;
import org.widthwise.torch.engine.Tensors;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.nn.Mlp;
import org.widthwise.torch.nn.MlpShape;
import org.widthwise.torch.nn.Network;
import org.widthwise.torch.nn.Normalization;
import org.widthwise.torch.nn.Transformer;
import org.widthwise.torch.nn.TransformerShape;
import org.widthwise.torch.optim.OptimizerSettings;
import org.widthwise.torch.plan.MlpParameters;
import org.widthwise.torch.plan.NamedTensors;
import org.widthwise.torch.plan.PlannedOptimizer;
import org.widthwise.torch.plan.TransformerParameters;

/** The networks and batches of {@code make_fixtures.py}, trained here. */
enum ParityRun {
  MLP {
    private MlpShape shape(int width) {
      return MlpShape.of(Activation.TANH, 12, width, width, 4).withBias(true);
    }

    @Override
    List<Parameter> parameters(int width) {
      return MlpParameters.of(shape(width));
    }

    @Override
    Network network(Plan plan, double attention) {
      return new Mlp(shape(WIDTH));
    }

    @Override
    Tensor loss(Network network, int step, ScalarType precision) {
      double[] x = new double[16 * 12];
      double[] y = new double[16 * 4];
      for (int row = 0; row < 16; row++) {
        for (int column = 0; column < 12; column++) {
          x[12 * row + column] = Math.sin(0.37 * (16 * (step % BATCHES) + row + 1) * (column + 1));
        }
        for (int column = 0; column < 4; column++) {
          y[4 * row + column] = x[12 * row + column] * x[12 * row + column + 1];
        }
      }
      return torch.mse_loss(
          network.forward(doubles(x, 16, 12).to(precision)), doubles(y, 16, 4).to(precision));
    }
  },
  UNTIED {
    @Override
    List<Parameter> parameters(int width) {
      return TransformerParameters.of(transformer(width, false));
    }

    @Override
    Network network(Plan plan, double attention) {
      TransformerShape shape = transformer(WIDTH, false);
      return new Transformer(shape, TransformerParameters.multipliers(plan, shape, attention));
    }

    @Override
    Tensor loss(Network network, int step, ScalarType precision) {
      return nextTokenLoss(network, step);
    }
  },
  TIED {
    @Override
    List<Parameter> parameters(int width) {
      return TransformerParameters.of(transformer(width, true));
    }

    @Override
    Network network(Plan plan, double attention) {
      TransformerShape shape = transformer(WIDTH, true);
      return new Transformer(shape, TransformerParameters.multipliers(plan, shape, attention));
    }

    @Override
    Tensor loss(Network network, int step, ScalarType precision) {
      return nextTokenLoss(network, step);
    }
  };

  static final int BASE_WIDTH = 8;
  static final int MULTIPLE = 4;
  static final int WIDTH = MULTIPLE * BASE_WIDTH;
  static final int HEADS = 2;

  private static final int STEPS = 50;
  private static final int BATCHES = 4;
  private static final int VOCABULARY = 17;
  private static final int CONTEXT = 8;

  /** What a network of a width has. */
  abstract List<Parameter> parameters(int width);

  /** The wide network with the multipliers of a plan. */
  abstract Network network(Plan plan, double attention);

  abstract Tensor loss(Network network, int step, ScalarType precision);

  String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The plan of the wide network relative to the narrow one. */
  Plan planRelativeToBase(Recipe recipe) {
    return recipe.planRelativeTo(parameters(WIDTH), parameters(BASE_WIDTH));
  }

  /**
   * Trains from the stored weights.
   *
   * @param attention by which products of queries and keys are multiplied
   * @return the losses before each step and after the last
   */
  double[] losses(Plan plan, double attention, OptimizerSettings settings, ScalarType precision) {
    try (PointerScope scope = new PointerScope()) {
      Network network = network(plan, attention);
      load(network);
      network.module().to(precision, false);
      PlannedOptimizer optimizer = PlannedOptimizer.of(network.module(), plan, settings);
      double[] losses = new double[STEPS + 1];
      for (int step = 0; step <= STEPS; step++) {
        try (PointerScope one = new PointerScope()) {
          Tensor loss = loss(network, step, precision);
          losses[step] = loss.item_double();
          if (step < STEPS) {
            optimizer.zeroGradients();
            loss.backward();
            optimizer.step();
          }
        }
      }
      return losses;
    }
  }

  private void load(Network network) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard();
        Checkpoint checkpoint = Checkpoints.open(Curve.weights(id()))) {
      Map<String, CheckpointTensor> stored =
          checkpoint.tensors().stream().collect(Collectors.toMap(CheckpointTensor::name, t -> t));
      Map<String, Tensor> tensors = NamedTensors.of(network.module());
      if (!stored.keySet().equals(tensors.keySet())) {
        throw new IllegalStateException(
            "the file has %s, the network %s".formatted(stored.keySet(), tensors.keySet()));
      }
      tensors.forEach(
          (name, tensor) -> {
            double[] values = new double[(int) tensor.numel()];
            Objects.requireNonNull(stored.get(name)).read(0, values, values.length);
            tensor.copy_(doubles(values, Tensors.shape(tensor)));
          });
    }
  }

  private static Tensor doubles(double[] values, long... shape) {
    Tensor tensor = torch.zeros(shape, new TensorOptions(ScalarType.Double));
    new DoublePointer(tensor.data_ptr_double()).put(values);
    return tensor;
  }

  private static TransformerShape transformer(int width, boolean tied) {
    return TransformerShape.of(VOCABULARY, CONTEXT, width, 2, HEADS)
        .withFeedForwardWidth(2 * width)
        .withNormalization(Normalization.LAYER)
        .withTied(tied);
  }

  private static Tensor nextTokenLoss(Network network, int step) {
    long[] read = new long[4 * CONTEXT];
    long[] told = new long[4 * CONTEXT];
    for (int row = 0; row < 4; row++) {
      for (int time = 0; time < CONTEXT; time++) {
        read[CONTEXT * row + time] = token(step % BATCHES, row, time);
        told[CONTEXT * row + time] = token(step % BATCHES, row, time + 1);
      }
    }
    Tensor logits = network.forward(longs(read).view(4, CONTEXT));
    return torch.cross_entropy_loss(logits.reshape(-1, VOCABULARY), longs(told));
  }

  private static long token(long batch, long row, long time) {
    return (5 * batch + 3 * row + (1 + row % 3) * time + time * time) % VOCABULARY;
  }

  private static Tensor longs(long[] values) {
    Tensor tensor = torch.zeros(new long[] {values.length}, new TensorOptions(ScalarType.Long));
    new LongPointer(tensor.data_ptr_long()).put(values);
    return tensor;
  }
}
