package org.widthwise.lab.paper;

import java.util.Arrays;
import org.bytedeco.pytorch.global.torch;
import org.widthwise.lab.data.ImageBatch;
import org.widthwise.lab.data.ImageDataset;
import org.widthwise.lab.experiment.Settings;
import org.widthwise.torch.train.Batch;

/**
 * Images of all classes with one target for each class, +1 for the image's own and −1 for the
 * others.
 */
final class ClassTask {

  /** A prime above any batch size, so that no two draws of an experiment share a seed. */
  private static final long FACTOR = 1_000_003;

  private ClassTask() {}

  /**
   * Draws examples, standardised together.
   *
   * @param purpose which draw of the trial it is; different ones are independent
   * @return inputs {@code [examples, features]} and targets {@code [examples, classes]}, that
   *     belong to the scope that is open at the call
   */
  static Batch draw(ImageDataset data, int examples, Settings settings, long purpose, int trial) {
    ImageBatch images = ImageBatch.draw(data, examples, settings.seed() * FACTOR + purpose, trial);
    int classes = data.classNames().size();
    float[] targets = new float[examples * classes];
    Arrays.fill(targets, -1);
    for (int i = 0; i < examples; i++) {
      targets[i * classes + images.label(i)] = 1;
    }
    return new Batch(
            torch.tensor(images.inputs()).reshape(examples, data.features()),
            torch.tensor(targets).reshape(examples, classes))
        .on(settings.device());
  }
}
