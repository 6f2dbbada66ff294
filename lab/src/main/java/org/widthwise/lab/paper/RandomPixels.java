package org.widthwise.lab.paper;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.widthwise.lab.data.ImageDataset;
import org.widthwise.lab.data.TwoClassTask;
import org.widthwise.lab.experiment.Settings;
import org.widthwise.lab.run.MemberKey;
import org.widthwise.torch.train.Batch;

/**
 * Images of two classes, of which a network sees only some pixels drawn at random: an input of any
 * dimension n₀ whose inner products, over n₀, are on average those of the whole images whatever n₀
 * is. So n₀ may grow with the width and the task stay the same. Images and the order of pixels
 * depend on seed and trial alone: networks of all widths see the same, the first n₀ pixels.
 */
final class RandomPixels {

  private RandomPixels() {}

  /**
   * Draws a batch.
   *
   * @param examples B
   * @param pixels n₀
   * @param outputs n_L: every output has the example's target, +1 or −1
   * @param type of inputs and targets
   * @return inputs {@code [B, n_0]} and targets {@code [B, n_L]}
   */
  static Batch draw(
      ImageDataset data,
      Settings settings,
      MemberKey key,
      int examples,
      int pixels,
      int outputs,
      torch.ScalarType type) {
    TwoClassTask task = TwoClassTask.draw(data, examples, settings.seed(), key.trial());
    try (PointerScope scope = new PointerScope()) {
      Generator generator = Draws.generator(settings, new MemberKey(key.series(), 0, key.trial()));
      Tensor chosen =
          torch.randperm(data.features(), new GeneratorOptional(generator)).narrow(0, 0, pixels);
      Tensor inputs =
          torch
              .tensor(task.inputs())
              .reshape(examples, data.features())
              .index_select(1, chosen)
              .toType(type);
      Tensor targets =
          torch
              .tensor(task.targets())
              .reshape(examples, 1)
              .expand(examples, outputs)
              .contiguous()
              .toType(type);
      Batch moved = new Batch(inputs, targets).on(settings.device());
      return new Batch(moved.inputs().retainReference(), moved.targets().retainReference());
    }
  }

  /**
   * Checks that there are enough.
   *
   * @throws IllegalArgumentException if the images have fewer pixels than a network reads
   */
  static void require(ImageDataset data, long pixels, long width) {
    if (pixels > data.features()) {
      throw new IllegalArgumentException(
          "at width %d a network reads %d pixels, but an image of %s has %d: choose smaller widths"
              .formatted(width, pixels, data.name(), data.features()));
    }
  }
}
