package org.widthwise.torch.train;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.widthwise.torch.engine.Tensors;

/**
 * The weights of M networks of one shape, one tensor a layer, and copies of the originals.
 *
 * @param weights {@code [M, fanOut, fanIn]} of W_1, …, W_L
 * @param biases {@code [M, 1, fanOut]} of b_1, …, b_L; empty for networks without biases
 */
record StackedMlps(List<Tensor> weights, List<Tensor> biases) {

  /** Copies of the tasks' initial weights. */
  static StackedMlps of(List<MlpTask> tasks) {
    MlpWeights first = tasks.get(0).initial();
    List<Tensor> weights = new ArrayList<>();
    List<Tensor> biases = new ArrayList<>();
    for (int layer = 0; layer < first.depth(); layer++) {
      int index = layer;
      weights.add(stack(tasks, task -> task.initial().weights().get(index)));
      if (first.hasBias()) {
        biases.add(stack(tasks, task -> task.initial().biases().get(index)).unsqueeze(1));
      }
    }
    return new StackedMlps(weights, biases);
  }

  /** One tensor of each task along a new first dimension. */
  static Tensor stack(List<MlpTask> tasks, Function<MlpTask, Tensor> part) {
    return torch.stack(
        new TensorVector(tasks.stream().map(part).map(Tensor::detach).toArray(Tensor[]::new)), 0);
  }

  /** One number of each task, {@code [M, 1, 1]}, beside the weights. */
  Tensor numbers(List<MlpTask> tasks, Function<MlpTask, Double> number) {
    Tensor numbers = Tensors.zerosBeside(weights.get(0), tasks.size(), 1, 1);
    for (int member = 0; member < tasks.size(); member++) {
      numbers.select(0, member).fill_(new Scalar(number.apply(tasks.get(member))));
    }
    return numbers;
  }

  /** Views of the weights of one of the networks. */
  MlpWeights member(int index) {
    return new MlpWeights(
        weights.stream().map(weight -> weight.select(0, index)).toList(),
        biases.stream().map(bias -> bias.select(0, index).select(0, 0)).toList());
  }
}
