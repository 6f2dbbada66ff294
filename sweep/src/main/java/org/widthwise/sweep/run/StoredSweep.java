package org.widthwise.sweep.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.widthwise.lab.run.ConfigurationDifferences;
import org.widthwise.lab.run.Json;
import org.widthwise.lab.run.RunException;
import org.widthwise.lab.train.TrainingData;
import org.widthwise.sweep.definition.SweepDefinition;
import org.widthwise.sweep.definition.SweepTask;
import org.widthwise.sweep.definition.TrialConfiguration;
import org.widthwise.sweep.store.NewTrial;
import org.widthwise.sweep.store.SweepStore;

/**
 * A sweep in a store: what all its trials share, data included.
 *
 * @param name by which it is found
 * @param task what its trials share
 * @param dataName of the data set
 * @param dataDigest SHA-256 of the data
 */
public record StoredSweep(String name, SweepTask task, String dataName, String dataDigest) {

  /**
   * Stores a sweep, or adds to the one of its name.
   *
   * @param store where to
   * @param definition the sweep
   * @param data its data
   * @return the sweep as stored
   * @throws RunException if there is another one of the name, whose trials share something else
   */
  public static StoredSweep add(SweepStore store, SweepDefinition definition, SweepData data) {
    TrainingData training = data.training();
    StoredSweep sweep =
        new StoredSweep(definition.name(), definition.task(), training.name(), training.digest());
    if (definition.task().batch() > training.training().count()) {
      throw new RunException(
          "training.batch: a batch of %d cannot be drawn from %d examples"
              .formatted(definition.task().batch(), training.training().count()));
    }
    List<NewTrial> trials = new ArrayList<>();
    Map<String, Double> work = new HashMap<>();
    for (TrialConfiguration trial : definition.trials()) {
      // Rates, gains and so on do not make a trial longer.
      double amount =
          work.computeIfAbsent(
              trial.parametrization() + " " + trial.width(), any -> data.work(trial));
      for (long seed : definition.seeds()) {
        trials.add(new NewTrial(trial.json(), seed, amount));
      }
    }
    String here = sweep.json().toString();
    String there = store.add(definition.name(), here, trials);
    if (!there.equals(here)) {
      throw new RunException(
          "there is another sweep '%s' (%s): choose another name or --storage"
              .formatted(
                  definition.name(),
                  String.join(
                      "; ",
                      ConfigurationDifferences.between(
                          tree(definition.name(), there), sweep.json()))));
    }
    return sweep;
  }

  private ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.set("task", task.json());
    // Not where they were found, which differs from machine to machine.
    json.putObject("data").put("name", dataName).put("digest", dataDigest);
    return json;
  }

  /**
   * Reads a sweep.
   *
   * @param store where it is
   * @param name its name
   * @return the sweep
   * @throws RunException if there is none of the name
   */
  public static StoredSweep read(SweepStore store, String name) {
    JsonNode tree = tree(name, store.definition(name));
    JsonNode data = tree.path("data");
    return new StoredSweep(
        name,
        SweepTask.parse(tree.path("task")),
        data.path("name").asText(),
        data.path("digest").asText());
  }

  private static JsonNode tree(String name, String text) {
    try {
      return Json.read(text, JsonNode.class);
    } catch (JsonProcessingException damaged) {
      throw new RunException("the sweep '%s' is damaged".formatted(name), damaged);
    }
  }

  /**
   * Refuses data that are not those of the sweep.
   *
   * @param data what was found here
   * @throws RunException if their digest differs
   */
  public void require(SweepData data) {
    if (!data.training().digest().equals(dataDigest)) {
      throw new RunException(
          "the sweep '%s' is of other data (%s) than found here (%s): name their directory by --data"
              .formatted(name, dataName, data.training().description()));
    }
  }
}
