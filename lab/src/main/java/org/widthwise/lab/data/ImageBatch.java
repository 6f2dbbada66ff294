package org.widthwise.lab.data;

import java.util.Set;
import java.util.stream.IntStream;

/**
 * Images drawn at random without replacement from some classes of a data set, their pixels
 * standardised <i>jointly</i>: one mean and one standard deviation over all pixels of all images of
 * the batch, so that ‖x‖₂ ≈ √features. The draw depends on data, classes, size, seed and trial
 * alone.
 */
public final class ImageBatch {
  private final ImageDataset dataset;
  private final int[] indices;
  private final float[] inputs;
  private final double mean;
  private final double standardDeviation;

  private ImageBatch(ImageDataset dataset, int[] indices) {
    this.dataset = dataset;
    this.indices = indices;
    int features = dataset.features();
    this.inputs = new float[Math.multiplyExact(indices.length, features)];
    for (int i = 0; i < indices.length; i++) {
      dataset.copyPixels(indices[i], inputs, i * features);
    }
    double sum = 0;
    for (float pixel : inputs) {
      sum += pixel;
    }
    this.mean = sum / inputs.length;
    double squares = 0;
    for (float pixel : inputs) {
      squares += (pixel - mean) * (pixel - mean);
    }
    this.standardDeviation = Math.sqrt(squares / inputs.length);
    if (standardDeviation == 0) {
      throw new DataException(
          "all pixels of the %d images drawn from %s are %s; standardising needs them to vary"
              .formatted(indices.length, dataset.name(), mean));
    }
    for (int k = 0; k < inputs.length; k++) {
      inputs[k] = (float) ((inputs[k] - mean) / standardDeviation);
    }
  }

  /**
   * Draws a batch.
   *
   * @param dataset where from
   * @param classes the labels that take part
   * @param examples B, how many images
   * @param seed the seed of the experiment
   * @param trial which trial of the experiment; trials draw independently
   * @return the batch
   * @throws DataException if the data set has fewer than {@code examples} images of these classes,
   *     or if all pixels drawn are equal
   * @throws IllegalArgumentException if {@code examples} is not positive
   */
  public static ImageBatch draw(
      ImageDataset dataset, Set<Integer> classes, int examples, long seed, int trial) {
    if (examples < 1) {
      throw new IllegalArgumentException("a batch has at least 1 example, not " + examples);
    }
    int[] candidates =
        IntStream.range(0, dataset.count())
            .filter(i -> classes.contains(dataset.label(i)))
            .toArray();
    if (candidates.length < examples) {
      throw new DataException(
          "%s has %,d images of the classes %s, fewer than the %,d to draw without replacement"
              .formatted(dataset.name(), candidates.length, names(dataset, classes), examples));
    }
    SplitMix64 random = SplitMix64.of(seed, trial);
    int[] indices = new int[examples];
    for (int i = 0; i < examples; i++) {
      int j = i + random.nextInt(candidates.length - i);
      indices[i] = candidates[j];
      candidates[j] = candidates[i];
    }
    return new ImageBatch(dataset, indices);
  }

  /**
   * Draws a batch from all classes.
   *
   * @param dataset where from
   * @param examples B, how many images
   * @param seed the seed of the experiment
   * @param trial which trial of the experiment; trials draw independently
   * @return the batch
   * @throws DataException if the data set has fewer than {@code examples} images
   * @throws IllegalArgumentException if {@code examples} is not positive
   */
  public static ImageBatch draw(ImageDataset dataset, int examples, long seed, int trial) {
    Set<Integer> all = Set.copyOf(IntStream.range(0, dataset.classNames().size()).boxed().toList());
    return draw(dataset, all, examples, seed, trial);
  }

  /**
   * Returns the data set the batch was drawn from.
   *
   * @return the data set
   */
  public ImageDataset dataset() {
    return dataset;
  }

  /**
   * Returns B.
   *
   * @return the number of images
   */
  public int examples() {
    return indices.length;
  }

  /**
   * Returns n₀, the length of an input.
   *
   * @return values per image
   */
  public int features() {
    return dataset.features();
  }

  /**
   * Returns the standardised pixels.
   *
   * @return a fresh array, row-major {@code [examples, features]}, of mean 0 and variance 1 over
   *     all its entries
   */
  public float[] inputs() {
    return inputs.clone();
  }

  /**
   * Returns an image's label.
   *
   * @param example which image of the batch, 0..examples−1
   * @return its label in the data set
   * @throws IndexOutOfBoundsException if there is no such image
   */
  public int label(int example) {
    return dataset.label(indices[example]);
  }

  /**
   * Returns where the images stand in the data set.
   *
   * @return a fresh array {@code [examples]} of distinct indices, in the order drawn
   */
  public int[] indices() {
    return indices.clone();
  }

  /**
   * Returns the mean that was taken off.
   *
   * @return mean of the raw pixels, 0..255
   */
  public double mean() {
    return mean;
  }

  /**
   * Returns the standard deviation that was divided by.
   *
   * @return population standard deviation of the raw pixels, positive
   */
  public double standardDeviation() {
    return standardDeviation;
  }

  private static String names(ImageDataset dataset, Set<Integer> classes) {
    return classes.stream()
        .sorted()
        .map(
            label ->
                label >= 0 && label < dataset.classNames().size()
                    ? dataset.classNames().get(label)
                    : "number " + label)
        .toList()
        .toString();
  }
}
