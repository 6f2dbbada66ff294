package org.widthwise.lab.check;

import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.widthwise.lab.data.ImageBatch;
import org.widthwise.lab.data.ImageDataset;
import org.widthwise.lab.data.PooledImages;
import org.widthwise.lab.train.ExampleBatch;
import org.widthwise.lab.train.Examples;
import org.widthwise.lab.train.Precision;
import org.widthwise.lab.train.TrainingData;

/**
 * Images of a perceptron's check, averaged to 4×4: a law for n₀ ≪ n cannot be seen with the 3072
 * pixels of an image beside widths of hundreds.
 */
public final class PooledExamples implements Examples {

  private static final int MOST = 1024;

  private final int features;
  private final float[] inputs;
  private final long[] classes;

  private PooledExamples(int features, float[] inputs, long[] classes) {
    this.features = features;
    this.inputs = inputs;
    this.classes = classes;
  }

  /**
   * Up to 1,024 images drawn from a data set, as training data without any held out.
   *
   * @param dataset the images
   * @return the data
   * @throws org.widthwise.lab.data.DataException if their sides are no multiples of 4
   */
  public static TrainingData of(ImageDataset dataset) {
    int count = Math.min(MOST, dataset.count());
    ImageBatch batch = ImageBatch.draw(dataset, count, 0, 0);
    long[] classes = new long[count];
    for (int i = 0; i < count; i++) {
      classes[i] = batch.label(i);
    }
    int features = PooledImages.features(dataset);
    return new TrainingData(
        dataset.name(),
        "%s; %,d of them, averaged to %d values".formatted(dataset.description(), count, features),
        dataset.digest(),
        dataset.classNames().size(),
        new PooledExamples(features, PooledImages.inputs(batch), classes),
        Optional.empty());
  }

  @Override
  public int count() {
    return classes.length;
  }

  @Override
  public ExampleBatch batch(Precision precision, int... indices) {
    float[] chosen = new float[indices.length * features];
    long[] labels = new long[indices.length];
    for (int i = 0; i < indices.length; i++) {
      int index = Objects.checkIndex(indices[i], classes.length);
      System.arraycopy(inputs, index * features, chosen, i * features, features);
      labels[i] = classes[index];
    }
    Tensor tensor =
        torch.zeros(new long[] {indices.length, features}, new TensorOptions(precision.type()));
    if (precision == Precision.FLOAT32) {
      tensor.data_ptr_float().put(chosen);
    } else {
      double[] wide = new double[chosen.length];
      Arrays.setAll(wide, i -> chosen[i]);
      tensor.data_ptr_double().put(wide);
    }
    return new ExampleBatch(tensor, torch.tensor(labels));
  }
}
