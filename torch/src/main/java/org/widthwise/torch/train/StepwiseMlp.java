package org.widthwise.torch.train;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.widthwise.torch.engine.OneBlasThread;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.optim.Direction;
import org.widthwise.torch.optim.ParameterState;
import org.widthwise.torch.optim.ParameterUpdate;

/**
 * Trains an MLP one step at a time, under any update rule, and shows everything: the pass a step
 * was computed from, and the update it made. For training alone, {@link CompressedMlpTrainer} is
 * faster.
 *
 * <pre>{@code
 * MlpShape shape = MlpShape.of(Activation.RELU, 48, width, width, 1);
 * Plan plan =
 *     Recipe.of(Parametrizations.SPECTRAL, UpdateRules.ADAM)
 *         .withLearningRate(0.1)
 *         .plan(MlpParameters.of(shape));
 * try (PointerScope scope = new PointerScope();
 *     StepwiseMlp mlp =
 *         StepwiseMlp.of(
 *             weights,
 *             shape.activation(),
 *             new Loss.MeanSquaredError(),
 *             MlpParameters.directions(Adam.withDefaults(), plan, shape),
 *             MlpParameters.rates(plan, shape))) {
 *   for (int i = 0; i < steps; i++) {
 *     try (PointerScope step = new PointerScope()) {
 *       if (!(mlp.step(batch) instanceof StepResult.Taken taken)) {
 *         break; // diverged
 *       }
 *       double loss = taken.pass().loss();
 *       double size = TensorNorms.spectral(taken.update().weights().get(1)); // ‖ΔW_2‖₂
 *       Tensor before = taken.pass().forward().preactivations().get(1); // h_2, [B, n_2]
 *       Tensor after = mlp.forward(batch.inputs()).preactivations().get(1);
 *     }
 *   }
 * }
 * }</pre>
 *
 * <p>What a step returns belongs to the {@link PointerScope} that is open around that step; weights
 * and the rules' states to the one open around the making. Until it is closed, the thread that made
 * it uses one BLAS thread; it is to be used and closed on that thread.
 */
public final class StepwiseMlp implements AutoCloseable {
  private final MlpWeights weights;
  private final Activation activation;
  private final Loss loss;
  private final List<ParameterUpdate> weightUpdates;
  private final List<ParameterUpdate> biasUpdates;
  private final OneBlasThread oneThread;
  private long taken;

  private StepwiseMlp(
      MlpWeights weights,
      Activation activation,
      Loss loss,
      LayerDirections directions,
      LayerRates rates,
      OneBlasThread oneThread) {
    this.weights = weights;
    this.activation = activation;
    this.loss = loss;
    this.weightUpdates = updates(directions.weights(), rates.weights(), weights.weights());
    this.biasUpdates = updates(directions.biases(), rates.biases(), weights.biases());
    this.oneThread = oneThread;
  }

  /**
   * A network to be trained, under a rule for every parameter.
   *
   * @param initial the weights to start from; they are copied
   * @param activation φ, between layers
   * @param loss the loss
   * @param directions the update rule of every weight and bias
   * @param rates the learning rate of every weight and bias
   * @return the network
   * @throws IllegalArgumentException if there is not a rule and a rate for each weight and bias
   */
  public static StepwiseMlp of(
      MlpWeights initial,
      Activation activation,
      Loss loss,
      LayerDirections directions,
      LayerRates rates) {
    rates.requireFit(initial);
    int weights = directions.weights().size();
    int biases = directions.biases().size();
    if (weights != initial.weights().size() || biases != initial.biases().size()) {
      throw new IllegalArgumentException(
          "a network of %d weights and %d biases needs an update rule for each, but got %d and %d"
              .formatted(initial.weights().size(), initial.biases().size(), weights, biases));
    }
    OneBlasThread oneThread = OneBlasThread.open();
    return new StepwiseMlp(initial.copy(), activation, loss, directions, rates, oneThread);
  }

  /**
   * A network to be trained under one rule.
   *
   * @param initial the weights to start from; they are copied
   * @param activation φ, between layers
   * @param loss the loss
   * @param direction the update rule
   * @param rates the learning rate of every weight and bias
   * @return the network
   * @throws IllegalArgumentException if there is not a rate for each weight and bias
   */
  public static StepwiseMlp of(
      MlpWeights initial, Activation activation, Loss loss, Direction direction, LayerRates rates) {
    return of(initial, activation, loss, LayerDirections.same(direction, rates), rates);
  }

  private static List<ParameterUpdate> updates(
      List<Direction> directions, List<Double> rates, List<Tensor> parameters) {
    List<ParameterUpdate> updates = new ArrayList<>();
    for (int i = 0; i < parameters.size(); i++) {
      updates.add(new ParameterUpdate(directions.get(i), rates.get(i), parameters.get(i)));
    }
    return List.copyOf(updates);
  }

  /**
   * Takes one step.
   *
   * @param batch the examples, the same each time or others
   * @return the pass and the update; or that the loss was not finite, and nothing changed
   * @throws IllegalArgumentException if the batch does not fit the network or the loss
   */
  public StepResult step(Batch batch) {
    MlpForward forward = forward(batch.inputs());
    double value = loss.value(forward.output(), batch.targets());
    if (!Double.isFinite(value)) {
      return new StepResult.Diverged(taken + 1, value);
    }
    MlpPass pass = MlpPass.backward(weights, activation, loss, batch, forward, value);
    MlpWeights update =
        new MlpWeights(
            next(weightUpdates, pass.gradients().weights(), weights.weights()),
            next(biasUpdates, pass.gradients().biases(), weights.biases()));
    weights.add(update);
    taken++;
    return new StepResult.Taken(taken, pass, update);
  }

  private static List<Tensor> next(
      List<ParameterUpdate> updates, List<Tensor> gradients, List<Tensor> parameters) {
    List<Tensor> next = new ArrayList<>();
    for (int i = 0; i < updates.size(); i++) {
      next.add(updates.get(i).next(gradients.get(i), parameters.get(i)));
    }
    return next;
  }

  /**
   * The forward pass at the weights now.
   *
   * @param inputs {@code [B, n_0]} or tokens {@code [B]}
   * @return the pass
   * @throws IllegalArgumentException if the inputs do not fit the network
   */
  public MlpForward forward(Tensor inputs) {
    return MlpForward.of(weights, activation, inputs);
  }

  /**
   * Both passes at the weights now, without a step.
   *
   * @param batch the examples
   * @return the passes
   * @throws IllegalArgumentException if the batch does not fit the network or the loss
   */
  public MlpPass pass(Batch batch) {
    return MlpPass.of(weights, activation, loss, batch);
  }

  /**
   * The weights, which change with each step.
   *
   * @return the weights themselves; {@link MlpWeights#copy()} keeps them as they are
   */
  public MlpWeights weights() {
    return weights;
  }

  /**
   * How many steps were taken.
   *
   * @return the number
   */
  public long steps() {
    return taken;
  }

  /**
   * What the update rules remember of the weights.
   *
   * @return the states of W_1, …, W_L themselves
   */
  public List<ParameterState> weightStates() {
    return weightUpdates.stream().map(ParameterUpdate::state).toList();
  }

  /**
   * What the update rules remember of the biases.
   *
   * @return the states of b_1, …, b_L themselves; none for a network without biases
   */
  public List<ParameterState> biasStates() {
    return biasUpdates.stream().map(ParameterUpdate::state).toList();
  }

  /**
   * Gives the thread its BLAS threads back. Tensors go with the scope they belong to.
   *
   * @throws IllegalStateException if called on another thread than the one that made it
   */
  @Override
  public void close() {
    oneThread.close();
  }
}
