package org.widthwise.lab.paper;

import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.widthwise.core.plan.Plan;
import org.widthwise.lab.run.Member;
import org.widthwise.lab.run.MemberKey;
import org.widthwise.lab.run.MemberResult;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.measure.TensorNorms;
import org.widthwise.torch.nn.MlpShape;
import org.widthwise.torch.optim.GradientDirection;
import org.widthwise.torch.plan.MlpParameters;
import org.widthwise.torch.train.Batch;
import org.widthwise.torch.train.Loss;
import org.widthwise.torch.train.MlpForward;
import org.widthwise.torch.train.MlpWeights;
import org.widthwise.torch.train.StepResult;
import org.widthwise.torch.train.StepwiseMlp;

/**
 * One network trained by gradient descent on one example a step, in turn, in double precision. Its
 * values are the alignments ‖ΔW h‖₂/(‖ΔW‖₂‖h‖₂) of the first and the last update with what comes
 * into their layer: from the step's own example, and from one that is never trained on.
 */
final class SingleExampleMember implements Member {

  private static final Loss LOSS = new Loss.MeanSquaredError();

  /** How many times all matrices are measured: two updates. */
  private static final int NORMS = 2;

  /** In single precision. */
  private static final double TIMES_AS_LONG = 2;

  /** Weights at first and now, gradient, update, temporaries. */
  private static final double COPIES = 6;

  private final PixelNetwork network;

  SingleExampleMember(PixelNetwork network) {
    this.network = network;
  }

  @Override
  public MemberKey key() {
    return network.key();
  }

  @Override
  public double work() {
    return TIMES_AS_LONG * Work.stepwise(network.entries(), 1, network.settings().steps(), NORMS);
  }

  @Override
  public double memoryBytes() {
    return network.memoryBytes(COPIES, Double.BYTES);
  }

  @Override
  public MemberResult run(ShareListener progress) {
    long start = System.nanoTime();
    Libtorch.load();
    try (PointerScope scope = new PointerScope();
        NoGradGuard noGradients = new NoGradGuard()) {
      Batch all = network.batch(torch.ScalarType.Double);
      MlpShape shape = network.shape();
      int steps = network.settings().steps();
      Plan plan = network.plan();
      MlpWeights initial = network.weights(torch.ScalarType.Double);
      int trainedOn = network.examples() - 1;
      Tensor other = all.inputs().narrow(0, trainedOn, 1);
      SortedMap<String, Double> values = new TreeMap<>();
      double loss = Double.NaN;
      try (StepwiseMlp mlp =
          StepwiseMlp.of(
              initial,
              shape.activation(),
              LOSS,
              new GradientDirection(),
              MlpParameters.rates(plan, shape))) {
        for (int step = 1; step <= steps; step++) {
          try (PointerScope stepScope = new PointerScope()) {
            int example = (step - 1) % trainedOn;
            Batch one =
                new Batch(all.inputs().narrow(0, example, 1), all.targets().narrow(0, example, 1));
            MlpForward others = mlp.forward(other);
            if (!(mlp.step(one) instanceof StepResult.Taken taken)) {
              return network.result(new TreeMap<>(), Double.NaN, step, true, start);
            }
            if (step == 1) {
              put(values, "first.own", taken.update(), one.inputs(), taken.pass().forward());
              put(values, "first.other", taken.update(), other, others);
            }
            if (step == steps) {
              put(values, "last.own", taken.update(), one.inputs(), taken.pass().forward());
              put(values, "last.other", taken.update(), other, others);
              loss = LOSS.value(mlp.forward(one.inputs()).output(), one.targets());
            }
          }
          progress.done((double) step / steps);
        }
      }
      return network.result(values, loss, steps, false, start);
    }
  }

  /** The alignment of every layer's update with the layer's incoming vector. */
  private static void put(
      SortedMap<String, Double> values,
      String name,
      MlpWeights update,
      Tensor input,
      MlpForward forward) {
    for (int layer = 0; layer < update.depth(); layer++) {
      Tensor incoming = layer == 0 ? input : forward.activations().get(layer - 1);
      Tensor change = update.weights().get(layer);
      values.put(
          name + "." + (layer + 1),
          TensorNorms.frobenius(incoming.mm(change.t()))
              / (TensorNorms.spectral(change) * TensorNorms.frobenius(incoming)));
    }
  }
}
