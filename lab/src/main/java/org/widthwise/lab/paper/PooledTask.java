package org.widthwise.lab.paper;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.widthwise.lab.data.ImageDataset;
import org.widthwise.lab.data.TwoClassTask;
import org.widthwise.lab.experiment.Settings;
import org.widthwise.torch.train.Batch;

/**
 * The paper's two classes with inputs so short that n₀ is small beside every width: images averaged
 * over the four quarters of each channel, then standardised jointly, which for three channels makes
 * n₀ = 12. With more inputs than that the spectral norm of W₁, which goes as √n + √n₀, is visibly
 * not yet √n at width 64.
 */
final class PooledTask {

  private static final int SIDE = 2;

  private PooledTask() {}

  /** n₀, the length of an input. */
  static int inputDimension(ImageDataset data) {
    return data.channels() * SIDE * SIDE;
  }

  /** Inputs {@code [B, n₀]} with mean 0 and variance 1 over all entries, targets ±1. */
  static Batch draw(ImageDataset data, int examples, Settings settings, int trial) {
    TwoClassTask task = TwoClassTask.draw(data, examples, settings.seed(), trial);
    Tensor images =
        torch.tensor(task.inputs()).reshape(examples, data.channels(), data.height(), data.width());
    Tensor pooled =
        torch.adaptive_avg_pool2d(images, SIDE, SIDE).reshape(examples, inputDimension(data));
    Tensor centred = pooled.sub(pooled.mean());
    return new Batch(
            centred.div(centred.square().mean().sqrt()),
            torch.tensor(task.targets()).reshape(examples, 1))
        .on(settings.device());
  }
}
