package org.widthwise.lab.train;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.Recipe;
import org.widthwise.lab.run.RunException;
import org.widthwise.torch.optim.OptimizerSettings;

/**
 * All that the result of a training depends on.
 *
 * @param architecture the network
 * @param recipe how its scales follow from its shapes, and by which rules it is updated
 * @param optimizer what an optimizer needs beside a plan
 * @param data what the network is trained on
 * @param settings how long, and so on
 * @param initialWeights a checkpoint to start from; null to draw the weights by the plan
 */
record TrainingTask(
    Architecture architecture,
    Recipe recipe,
    OptimizerSettings optimizer,
    TrainingData data,
    TrainingSettings settings,
    @Nullable Path initialWeights) {

  /**
   * Checks that the parts fit.
   *
   * @throws IllegalArgumentException if there is no direction for an update rule of the recipe, or
   *     a batch is larger than the data
   */
  TrainingTask {
    if (!settings.fullBatch() && settings.batch() > data.training().count()) {
      throw new IllegalArgumentException(
          "a batch of %d cannot be drawn from %d examples: take a smaller batch or more examples"
              .formatted(settings.batch(), data.training().count()));
    }
    TrainingConfiguration.directions(recipe.plan(architecture.parameters()), optimizer);
  }

  TrainingTask withInitialWeights(Path file) {
    return new TrainingTask(architecture, recipe, optimizer, data, settings, file);
  }

  Plan plan() {
    return recipe.plan(architecture.parameters());
  }

  int examplesOfAStep() {
    return settings.examplesOfAStep(data.training().count());
  }

  /**
   * The task as it is stored, but for the number of steps.
   *
   * @throws RunException if the file of the first weights cannot be read
   */
  JsonNode configuration() {
    return TrainingConfiguration.of(this);
  }
}
