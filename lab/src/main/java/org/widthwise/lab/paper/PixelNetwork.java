package org.widthwise.lab.paper;

import java.util.SortedMap;
import org.bytedeco.pytorch.global.torch;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.Recipe;
import org.widthwise.lab.data.ImageDataset;
import org.widthwise.lab.experiment.Settings;
import org.widthwise.lab.run.MemberKey;
import org.widthwise.lab.run.MemberResult;
import org.widthwise.torch.nn.MlpShape;
import org.widthwise.torch.plan.InitScheme;
import org.widthwise.torch.plan.MlpParameters;
import org.widthwise.torch.train.Batch;
import org.widthwise.torch.train.MlpWeights;

/**
 * One network of {@link UpdateStudy}, and its examples of {@link RandomPixels}.
 *
 * @param key the member's
 * @param examples how many there are
 */
record PixelNetwork(
    MemberKey key,
    MlpShape shape,
    Recipe recipe,
    Settings settings,
    ImageDataset data,
    int examples) {

  Plan plan() {
    return recipe.plan(MlpParameters.of(shape));
  }

  double entries() {
    return Work.entries(shape);
  }

  /**
   * How much memory a training takes.
   *
   * @param copies tensors of the size of the weights
   * @param entryBytes the size of an entry
   */
  double memoryBytes(double copies, int entryBytes) {
    return entryBytes * (copies * entries() + (double) examples * data.features());
  }

  /** All examples, of some type. */
  Batch batch(torch.ScalarType type) {
    return RandomPixels.draw(
        data, settings, key, examples, shape.fanIn(0), shape.fanOut(shape.depth() - 1), type);
  }

  /** The initial weights, of some type. */
  MlpWeights weights(torch.ScalarType type) {
    return Draws.weights(
        plan(), InitScheme.GAUSSIAN, type, Draws.generator(settings, key), settings.device());
  }

  /** What was measured since a time of {@link System#nanoTime}. */
  MemberResult result(
      SortedMap<String, Double> values, double loss, long steps, boolean diverged, long start) {
    return new MemberResult(key, values, loss, steps, diverged, (System.nanoTime() - start) / 1e9);
  }
}
