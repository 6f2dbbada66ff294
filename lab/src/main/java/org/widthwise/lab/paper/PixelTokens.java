package org.widthwise.lab.paper;

import java.util.Arrays;
import org.bytedeco.pytorch.global.torch;
import org.widthwise.lab.data.DataException;
import org.widthwise.lab.data.ImageBatch;
import org.widthwise.lab.data.ImageDataset;
import org.widthwise.torch.train.Batch;

/**
 * A sparse input: from the token of one pixel to the pixel on its right. The token is the
 * intensity, in so many levels, of the last pixel before the middle of the image in its middle
 * channel; the target is the next one's, standardised over the batch. Images are of all classes.
 *
 * @param vocabulary the number of levels, 1..256
 * @param examples B
 */
record PixelTokens(int vocabulary, int examples) implements RuleTask {

  private static final int INTENSITIES = 256;

  PixelTokens {
    if (vocabulary < 1 || vocabulary > INTENSITIES) {
      throw new IllegalArgumentException(
          "intensities have 1 to %d levels, not %d".formatted(INTENSITIES, vocabulary));
    }
  }

  @Override
  public Batch draw(ImageDataset data, long seed, int trial) {
    ImageBatch images = ImageBatch.draw(data, examples, seed, trial);
    int middle =
        ((data.channels() / 2) * data.height() + data.height() / 2) * data.width()
            + data.width() / 2;
    long[] tokens = new long[examples];
    double[] next = new double[examples];
    float[] pixels = new float[data.features()];
    int[] indices = images.indices();
    for (int i = 0; i < examples; i++) {
      data.copyPixels(indices[i], pixels, 0);
      tokens[i] = ((long) pixels[middle - 1]) * vocabulary / INTENSITIES;
      next[i] = pixels[middle];
    }
    return new Batch(
        torch.tensor(tokens), torch.tensor(standardised(data, next)).reshape(examples, 1));
  }

  private float[] standardised(ImageDataset data, double[] values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    double variance =
        Arrays.stream(values).map(value -> (value - mean) * (value - mean)).average().orElseThrow();
    if (variance == 0) {
      throw new DataException(
          "the middle pixels of the %d images drawn from %s are all %s; predicting them needs them"
                  .formatted(examples, data.name(), mean)
              + " to vary");
    }
    float[] standardised = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      standardised[i] = (float) ((values[i] - mean) / Math.sqrt(variance));
    }
    return standardised;
  }
}
