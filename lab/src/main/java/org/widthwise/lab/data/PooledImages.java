package org.widthwise.lab.data;

/**
 * Images shrunk to 4×4 by averaging, so that the input dimension is small beside every hidden width
 * and laws for n₀ ≪ n can be seen: 48 values for CIFAR-10's 3072.
 *
 * <p>Each channel is cut into 4×4 rectangles of equal size, whose means are taken; all values of
 * all images of the batch are then standardised jointly, like the pixels of {@link ImageBatch}.
 */
public final class PooledImages {

  /** Rows, and columns, of a shrunk image. */
  public static final int SIDE = 4;

  private PooledImages() {}

  /**
   * The length of a shrunk image.
   *
   * @param dataset the images
   * @return channels · 4 · 4, 48 for CIFAR-10
   */
  public static int features(ImageDataset dataset) {
    return dataset.channels() * SIDE * SIDE;
  }

  /**
   * Shrinks a batch.
   *
   * @param batch the images
   * @return row-major {@code [examples, features]}, each image {@code [channels, 4, 4]}, of mean 0
   *     and variance 1 over all entries
   * @throws DataException if an image's height or width is no multiple of 4, or all rectangles of
   *     all images have the same mean
   */
  public static float[] inputs(ImageBatch batch) {
    ImageDataset dataset = batch.dataset();
    requireDivisible(dataset, "height", dataset.height());
    requireDivisible(dataset, "width", dataset.width());
    int features = features(dataset);
    double[] means = new double[Math.multiplyExact(batch.examples(), features)];
    float[] pixels = new float[dataset.features()];
    int[] indices = batch.indices();
    for (int i = 0; i < indices.length; i++) {
      dataset.copyPixels(indices[i], pixels, 0);
      pool(dataset, pixels, means, i * features);
    }
    return standardised(batch, means);
  }

  private static void pool(ImageDataset dataset, float[] pixels, double[] means, int offset) {
    int height = dataset.height();
    int width = dataset.width();
    int rows = height / SIDE;
    int columns = width / SIDE;
    for (int k = 0; k < pixels.length; k++) {
      int channel = k / (height * width);
      int row = k / width % height / rows;
      int column = k % width / columns;
      means[offset + (channel * SIDE + row) * SIDE + column] += pixels[k] / (rows * columns);
    }
  }

  private static float[] standardised(ImageBatch batch, double[] values) {
    double mean = 0;
    for (double value : values) {
      mean += value / values.length;
    }
    double variance = 0;
    for (double value : values) {
      variance += (value - mean) * (value - mean) / values.length;
    }
    if (variance == 0) {
      throw new DataException(
          "all 4×4 averages of the %d images drawn from %s are %s; standardising needs them to vary"
              .formatted(batch.examples(), batch.dataset().name(), mean));
    }
    double deviation = Math.sqrt(variance);
    float[] standardised = new float[values.length];
    for (int k = 0; k < values.length; k++) {
      standardised[k] = (float) ((values[k] - mean) / deviation);
    }
    return standardised;
  }

  private static void requireDivisible(ImageDataset dataset, String side, int pixels) {
    if (pixels % SIDE != 0) {
      throw new DataException(
          "images are averaged to 4×4, which needs a %s that is a multiple of 4, but that of %s is %d"
              .formatted(side, dataset.name(), pixels));
    }
  }
}
