package org.widthwise.bench;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.init.GaussianInitializer;
import org.widthwise.torch.init.Initializer;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.nn.Mlp;
import org.widthwise.torch.nn.MlpShape;
import org.widthwise.torch.plan.MlpParameters;
import org.widthwise.torch.train.AutogradTrainer;
import org.widthwise.torch.train.CompressedMlpTrainer;
import org.widthwise.torch.train.FullBatch;
import org.widthwise.torch.train.LayerRates;
import org.widthwise.torch.train.MlpWeights;
import org.widthwise.torch.train.Sgd;
import org.widthwise.torch.train.SgdOptions;
import org.widthwise.torch.train.TrainingLength;
import org.widthwise.torch.train.TrainingListener;
import org.widthwise.torch.train.TrainingResult;

/**
 * The job of the paper's appendix A at one width: a ReLU network 3072 → n → n → 1 without biases on
 * a full batch of 200, Parametrization 1 with a global rate of 0.1, float32. Inputs are Gaussian
 * and targets random signs, since time does not depend on them; they are drawn in an order that the
 * Python side repeats, so that both compute the same losses.
 */
final class PaperJob implements TrainingJob {
  private static final int INPUTS = 3072;
  private static final int EXAMPLES = 200;
  private static final double RATE = 0.1;
  private static final long SEED = 0;

  private final MlpShape shape;
  private final FullBatch batch;
  private final MlpWeights start;
  private final LayerRates rates;
  private final Mlp mlp;
  private final Sgd optimizer;

  PaperJob(int width) {
    Libtorch.load();
    this.shape = MlpShape.of(Activation.RELU, INPUTS, width, width, 1);
    Generator generator = Initializer.seeded(SEED);
    Tensor inputs = gaussian(generator, 1, EXAMPLES, INPUTS);
    Tensor targets = gaussian(generator, 1, EXAMPLES, 1).sign_();
    this.batch = new FullBatch(inputs, targets);
    Plan plan =
        Recipe.of(Parametrizations.SPECTRAL, UpdateRules.SGD)
            .withLearningRate(RATE)
            .withGain(Math.sqrt(2))
            .plan(MlpParameters.of(shape));
    this.rates = MlpParameters.rates(plan, shape);
    List<Tensor> weights = new ArrayList<>();
    for (int layer = 0; layer < shape.depth(); layer++) {
      double deviation = plan.get(Mlp.weightName(layer)).scale().initStd();
      weights.add(gaussian(generator, deviation, shape.fanOut(layer), shape.fanIn(layer)));
    }
    this.start = new MlpWeights(weights, List.of());
    this.mlp = new Mlp(shape);
    this.optimizer = new Sgd(mlp, rates.byParameterName(), SgdOptions.plain());
  }

  private static Tensor gaussian(Generator generator, double deviation, long... shape) {
    Tensor tensor = torch.zeros(shape, new TensorOptions(ScalarType.Float));
    new GaussianInitializer(deviation).fill(tensor, generator);
    return tensor;
  }

  /**
   * Trains from the start by autograd.
   *
   * @return the loss after the last step
   */
  @Override
  public double train(long steps) throws InterruptedException {
    try (PointerScope scope = new PointerScope()) {
      start.copyInto(mlp);
      return finalLoss(
          AutogradTrainer.train(
              mlp, batch, optimizer, TrainingLength.ofSteps(steps), TrainingListener.none()));
    }
  }

  /**
   * Trains from the start in the span of the data.
   *
   * @return the loss after the last step
   */
  double trainCompressed(long steps) throws InterruptedException {
    try (PointerScope scope = new PointerScope()) {
      return finalLoss(
          CompressedMlpTrainer.train(
              start,
              shape.activation(),
              batch,
              rates,
              TrainingLength.ofSteps(steps),
              TrainingListener.none()));
    }
  }

  /**
   * The operations of a step of {@link #trainCompressed} in matrix products, in 10⁹: forward
   * through the first layer in the span of the data, and three products with each other weight.
   */
  static double compressedGigaflop(int width) {
    double n = width;
    return 2e-9 * EXAMPLES * (EXAMPLES * n + 3 * n * n + 3 * n);
  }

  /** The raw update of the hidden weight: the gradient at the start, {@code [n, n]}. */
  Tensor hiddenGradient() {
    start.copyInto(mlp);
    try (PointerScope scope = new PointerScope()) {
      optimizer.zeroGradients();
      torch.mse_loss(mlp.forward(batch.inputs()), batch.targets()).backward();
      return mlp.weight(1).grad().clone().retainReference();
    }
  }

  private static double finalLoss(TrainingResult result) {
    if (result instanceof TrainingResult.Completed completed) {
      return completed.finalLoss();
    }
    throw new IllegalStateException("a benchmark must train a network that converges: " + result);
  }
}
