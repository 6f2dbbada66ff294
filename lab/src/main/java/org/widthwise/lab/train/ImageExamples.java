package org.widthwise.lab.train;

import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.widthwise.lab.data.DataException;
import org.widthwise.lab.data.ImageDataset;

/**
 * Images of a data set one after another, standardised jointly: all pixels take the same mean off
 * and are divided by the same standard deviation.
 *
 * @param dataset where they are from
 * @param first the index of the first of them
 * @param count how many
 * @param flat whether an image is a vector {@code [channels · height · width]} and not {@code
 *     [channels, height, width]}
 * @param mean of the pixels, 0..255
 * @param standardDeviation of the pixels, above 0
 */
public record ImageExamples(
    ImageDataset dataset, int first, int count, boolean flat, double mean, double standardDeviation)
    implements Examples {

  /**
   * The first images of a data set. Mean and standard deviation are taken from the images
   * themselves: the population's over all pixels of all of them.
   *
   * @param dataset where they are from
   * @param count how many, 1 to all
   * @param flat whether an image is a vector
   * @return the examples
   * @throws DataException if there are fewer images, or all their pixels are equal
   */
  public static ImageExamples of(ImageDataset dataset, int count, boolean flat) {
    if (count < 1 || count > dataset.count()) {
      throw new DataException(
          "%s has %,d images; examples can be 1 to all of them, not %,d"
              .formatted(dataset.name(), dataset.count(), count));
    }
    // Sums of whole numbers, exact in a long: at most 255² for each pixel.
    long sum = 0;
    long squares = 0;
    float[] pixels = new float[dataset.features()];
    for (int i = 0; i < count; i++) {
      dataset.copyPixels(i, pixels, 0);
      for (float pixel : pixels) {
        int value = (int) pixel;
        sum += value;
        squares += (long) value * value;
      }
    }
    double all = (double) count * dataset.features();
    double mean = sum / all;
    double variance = (squares - sum * mean) / all;
    if (!(variance > 0)) {
      throw new DataException(
          "all pixels of the first %d images of %s are %s; standardising needs them to vary"
              .formatted(count, dataset.name(), mean));
    }
    return new ImageExamples(dataset, 0, count, flat, mean, Math.sqrt(variance));
  }

  /**
   * The first images of another part of the data set, standardised as these are.
   *
   * @param other the other part
   * @param most the most that there are to be
   * @return the examples
   */
  public ImageExamples like(ImageDataset other, int most) {
    return new ImageExamples(
        other, 0, Math.min(most, other.count()), flat, mean, standardDeviation);
  }

  /**
   * The images that come after these in the data set, standardised as these are.
   *
   * @param most the most that there are to be
   * @return the examples; empty if these go to the end
   */
  public Optional<ImageExamples> following(int most) {
    int next = first + count;
    int rest = Math.min(most, dataset.count() - next);
    return rest < 1
        ? Optional.empty()
        : Optional.of(new ImageExamples(dataset, next, rest, flat, mean, standardDeviation));
  }

  @Override
  public ExampleBatch batch(Precision precision, int... indices) {
    int features = dataset.features();
    long[] classes = new long[indices.length];
    float[] pixels = new float[Math.multiplyExact(indices.length, features)];
    for (int i = 0; i < indices.length; i++) {
      int index = first + Objects.checkIndex(indices[i], count);
      classes[i] = dataset.label(index);
      dataset.copyPixels(index, pixels, i * features);
    }
    long[] shape =
        flat
            ? new long[] {indices.length, features}
            : new long[] {indices.length, dataset.channels(), dataset.height(), dataset.width()};
    Tensor inputs = torch.zeros(shape, new TensorOptions(precision.type()));
    if (precision == Precision.FLOAT32) {
      for (int k = 0; k < pixels.length; k++) {
        pixels[k] = (float) ((pixels[k] - mean) / standardDeviation);
      }
      inputs.data_ptr_float().put(pixels);
    } else {
      double[] standardised = new double[pixels.length];
      Arrays.setAll(standardised, k -> (pixels[k] - mean) / standardDeviation);
      inputs.data_ptr_double().put(standardised);
    }
    return new ExampleBatch(inputs, torch.tensor(classes));
  }
}
