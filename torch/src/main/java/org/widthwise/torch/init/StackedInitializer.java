package org.widthwise.torch.init;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Several maps stacked along the first dimension, each drawn by itself: queries, keys and values,
 * an LSTM's gates, the groups of a convolution. Drawn as one matrix they would be orthogonal to
 * each other, and each too small.
 *
 * @param base draws one map
 * @param maps how many there are, at least 1; they share the first dimension equally
 * @param inputFirst whether each has its inputs along the first dimension, as transposed
 *     convolutions do; the base sees its outputs first all the same
 */
public record StackedInitializer(Initializer base, int maps, boolean inputFirst)
    implements Initializer {

  @Override
  public Tensor draw(Tensor like, Generator generator) {
    if (like.size(0) % maps != 0) {
      throw new IllegalArgumentException(
          "%d maps of equal size do not make up a first dimension of %d"
              .formatted(maps, like.size(0)));
    }
    long rows = like.size(0) / maps;
    List<Tensor> drawn = new ArrayList<>();
    for (int i = 0; i < maps; i++) {
      Tensor part = like.narrow(0, i * rows, rows);
      drawn.add(
          inputFirst
              ? base.draw(part.transpose(0, 1), generator).transpose(0, 1)
              : base.draw(part, generator));
    }
    return torch.cat(new TensorVector(drawn.toArray(Tensor[]::new)), 0);
  }
}
