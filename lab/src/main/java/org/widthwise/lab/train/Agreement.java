package org.widthwise.lab.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.widthwise.lab.run.ConfigurationDifferences;
import org.widthwise.lab.run.Json;
import org.widthwise.lab.run.RunException;
import org.widthwise.torch.distributed.ProcessGroup;
import org.widthwise.torch.plan.PlannedOptimizer;

/** Sees to it that the processes of a group train the same network from the same point on. */
final class Agreement {

  private Agreement() {}

  /**
   * In words, how two configurations of trainings differ; digests of plans only where nothing else
   * says why.
   */
  static List<String> differences(JsonNode there, JsonNode here) {
    List<String> differences = new ArrayList<>(ConfigurationDifferences.between(there, here));
    if (differences.size() > 1) {
      // Digests that differ say nothing to people who are told what differs.
      differences.removeIf(difference -> difference.startsWith(TrainingConfiguration.PLAN_DIGEST));
    }
    return differences;
  }

  /**
   * Compares what the processes are to train.
   *
   * @throws RunException if one of them has something else than rank 0, in every process
   */
  static void require(ProcessGroup group, JsonNode configuration) {
    List<JsonNode> all = new ArrayList<>();
    for (String text : group.exchange(Json.write(configuration))) {
      all.add(read(text, JsonNode.class));
    }
    for (int rank = 1; rank < all.size(); rank++) {
      List<String> differences = differences(all.get(0), all.get(rank));
      if (!differences.isEmpty()) {
        throw new RunException(
            "rank %d has other options than rank 0 (%s): give every process the same"
                .formatted(
                    rank,
                    String.join("; ", differences)
                        .replace(" there and ", " in rank 0 and ")
                        .replaceAll(" here(?=;|$)", " in rank " + rank)));
      }
    }
  }

  /** What rank 0 knows of the point to go on from. */
  static Optional<TrainingStore.State> state(
      ProcessGroup group, Optional<TrainingStore.State> known) {
    String text = group.exchange(known.map(Json::write).orElse("")).get(0);
    return text.isEmpty() ? Optional.empty() : Optional.of(read(text, TrainingStore.State.class));
  }

  private static <T> T read(String text, Class<T> type) {
    try {
      return Json.read(text, type);
    } catch (JsonProcessingException other) {
      throw new RunException(
          "another process does not speak as this one does: run one version everywhere", other);
    }
  }

  /** Gives every process the weights, buffers and optimizer's state of rank 0. */
  static void spread(ProcessGroup group, Map<String, Tensor> model, PlannedOptimizer optimizer) {
    try (NoGradGuard guard = new NoGradGuard()) {
      model.values().forEach(group::broadcast);
    }
    // By name: maps may have another order in each process, and equal shapes would hide it.
    SortedMap<String, Tensor> state = new TreeMap<>(optimizer.state());
    state.values().forEach(group::broadcast);
    optimizer.restore(state);
  }
}
