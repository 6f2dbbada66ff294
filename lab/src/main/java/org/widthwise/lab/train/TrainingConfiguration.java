package org.widthwise.lab.train;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.PlannedParameter;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.lab.data.Digests;
import org.widthwise.lab.run.Json;
import org.widthwise.lab.run.RunException;
import org.widthwise.torch.optim.OptimizerSettings;

/** What the result of a training depends on, but for the number of steps, as it is stored. */
final class TrainingConfiguration {

  static final String PLAN_DIGEST = "plan_digest";

  static final String DEVICE = "device";

  private TrainingConfiguration() {}

  static JsonNode of(TrainingTask task) {
    Plan plan = task.plan();
    Recipe recipe = task.recipe();
    OptimizerSettings optimizer = task.optimizer();
    TrainingSettings settings = task.settings();
    TrainingData data = task.data();
    Path initial = task.initialWeights();
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("model", task.architecture().configuration());
    values.put("optimizer", recipe.updateRule().id());
    values.put("directions", directions(plan, optimizer));
    values.put("schedule", optimizer.schedule().toString());
    values.put("decay", optimizer.decay().toString());
    values.put("clipping", optimizer.clipping().toString());
    values.put("parametrization", recipe.parametrization().id());
    values.put("learning_rate", recipe.learningRate());
    values.put(PLAN_DIGEST, digest(plan));
    values.put("initial_weights", initial == null ? "drawn by the plan" : digest(initial));
    values.put("loss", settings.objective().id());
    values.put("precision", settings.precision().id());
    // Of several devices of a kind it does not matter which one it was.
    values.put(DEVICE, settings.device().kind().id());
    values.put("batch", task.examplesOfAStep());
    values.put("full_batch", settings.fullBatch());
    values.put("examples", data.training().count());
    values.put("seed", settings.seed());
    Map<String, Object> source = new LinkedHashMap<>();
    source.put("name", data.name());
    source.put("digest", data.digest());
    values.put("data", source);
    return Json.tree(values);
  }

  /** The directions of the plan's rules, in words; fails where there is none. */
  static Map<String, String> directions(Plan plan, OptimizerSettings optimizer) {
    Map<String, String> directions = new TreeMap<>();
    for (PlannedParameter parameter : plan.parameters()) {
      UpdateRule rule = parameter.rule();
      directions.computeIfAbsent(rule.id(), id -> optimizer.direction(rule).toString());
    }
    return directions;
  }

  private static String digest(Path file) {
    try {
      return "SHA-256 " + Digests.sha256(file);
    } catch (IOException unreadable) {
      throw RunException.unreadable(file, unreadable);
    }
  }

  /** Of all scales, prefactors and whatever else the recipe has to say. */
  private static String digest(Plan plan) {
    StringBuilder scales = new StringBuilder();
    for (PlannedParameter parameter : plan.parameters()) {
      scales.append(parameter).append('\n');
    }
    return Digests.sha256(scales.toString());
  }
}
