package org.widthwise.lab.paper;

import org.bytedeco.pytorch.global.torch;
import org.widthwise.lab.data.ImageDataset;
import org.widthwise.lab.data.PooledImages;
import org.widthwise.lab.data.TwoClassTask;
import org.widthwise.torch.train.Batch;

/** The paper's two classes, the images shrunk to 4×4 so that n₀ = 48 is small beside widths. */
record PooledClasses(int examples) implements RuleTask {

  @Override
  public Batch draw(ImageDataset data, long seed, int trial) {
    TwoClassTask task = TwoClassTask.draw(data, examples, seed, trial);
    return new Batch(
        torch
            .tensor(PooledImages.inputs(task.batch()))
            .reshape(examples, PooledImages.features(data)),
        torch.tensor(task.targets()).reshape(examples, 1));
  }
}
