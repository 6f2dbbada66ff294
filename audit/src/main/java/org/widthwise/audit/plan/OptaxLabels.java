package org.widthwise.audit.plan;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.widthwise.core.plan.Scale;

/**
 * A plan as Optax takes it: a tree of labels for {@code optax.multi_transform}, what each label's
 * transformation is told, and the parameters' first values.
 *
 * <p>Multipliers are folded as in {@link PyTorchGroups}.
 *
 * @param format {@code widthwise-optax}
 * @param version of the format
 * @param labels the label of each parameter in a tree like that of the parameters: their names,
 *     parted at slashes if one has any, else at dots
 * @param hyperparameters what each label's transformation is told
 * @param init the first values of each parameter, in the model's order
 * @param multipliers by which the model multiplies a table where it writes the output, by name
 * @param branchMultipliers by which the model multiplies the residual branch that a parameter
 *     stands in, by name, where that is not 1
 */
public record OptaxLabels(
    String format,
    int version,
    Map<String, Object> labels,
    Map<String, Hyperparameters> hyperparameters,
    List<InitialValues> init,
    Map<String, Double> multipliers,
    Map<String, Double> branchMultipliers) {

  /**
   * What a label's transformation is told.
   *
   * @param optimizer the update rule's id
   * @param learningRate the learning rate
   * @param weightDecay the weight decay, to be applied beside the update and times the rate
   * @param eps ε; null where the rule has none
   */
  public record Hyperparameters(
      String optimizer, double learningRate, double weightDecay, @Nullable Double eps) {}

  /**
   * Brings a plan into this form.
   *
   * @param file the plan
   * @return its labels
   * @throws IllegalArgumentException if one parameter's name is the beginning of another's path, or
   *     a number is one that cannot be trained with
   */
  public static OptaxLabels of(PlanFile file) {
    TrainedElsewhere plan = TrainedElsewhere.of(file);
    Map<String, String> labelOf = new LinkedHashMap<>();
    Map<String, Hyperparameters> hyperparameters = new LinkedHashMap<>();
    plan.groups()
        .forEach(
            (told, names) -> {
              String label = told.optimizer() + "_" + hyperparameters.size();
              OptionalDouble epsilon = told.epsilon();
              hyperparameters.put(
                  label,
                  new Hyperparameters(
                      told.optimizer(),
                      told.learningRate(),
                      told.weightDecay(),
                      epsilon.isPresent() ? epsilon.getAsDouble() : null));
              names.forEach(name -> labelOf.put(name, label));
            });
    List<InitialValues> init = plan.initialValues();
    boolean slashes = init.stream().anyMatch(values -> values.name().contains("/"));
    Tree tree = new Tree();
    for (InitialValues values : init) {
      tree.put(
          values.name(), values.name().split(slashes ? "/" : "\\.", -1), label(labelOf, values));
    }
    return new OptaxLabels(
        "widthwise-optax",
        1,
        tree.plain(),
        hyperparameters,
        init,
        plan.multipliers(Scale::multiplier),
        plan.multipliers(Scale::branchMultiplier));
  }

  private static String label(Map<String, String> labelOf, InitialValues values) {
    String label = labelOf.get(values.name());
    if (label == null) {
      throw new IllegalStateException("in no group: " + values.name());
    }
    return label;
  }

  /** A node: more nodes, and leaves, by name. */
  private static final class Tree {
    private final Map<String, Tree> nodes = new LinkedHashMap<>();
    private final Map<String, String> leaves = new LinkedHashMap<>();

    void put(String name, String[] path, String label) {
      Tree at = this;
      for (int i = 0; i < path.length - 1; i++) {
        requireFree(!at.leaves.containsKey(path[i]), name, path[i]);
        at = at.nodes.computeIfAbsent(path[i], key -> new Tree());
      }
      String last = path[path.length - 1];
      requireFree(!at.nodes.containsKey(last), name, last);
      at.leaves.put(last, label);
    }

    private static void requireFree(boolean free, String name, String part) {
      if (!free) {
        throw new IllegalArgumentException(
            ("'%s' makes no tree with the others: '%s' in it would be both a parameter and what"
                    + " holds parameters")
                .formatted(name, part));
      }
    }

    Map<String, Object> plain() {
      Map<String, Object> plain = new LinkedHashMap<>();
      nodes.forEach((key, node) -> plain.put(key, node.plain()));
      plain.putAll(leaves);
      return plain;
    }
  }
}
