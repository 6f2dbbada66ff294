package org.widthwise.lab.paper;

import org.widthwise.lab.data.ImageDataset;
import org.widthwise.torch.train.Batch;

/** What a network is trained on: always the same batch, with one target an example. */
@FunctionalInterface
interface RuleTask {

  /**
   * Draws the batch.
   *
   * @param data where from
   * @param seed the seed of the study
   * @param trial which trial; trials draw independently
   * @return inputs, of float32 or tokens, and targets {@code [B, 1]} of float32
   */
  Batch draw(ImageDataset data, long seed, int trial);
}
