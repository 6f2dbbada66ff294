package org.widthwise.torch.optim;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/**
 * What an update rule remembers of one parameter: the number of updates and tensors by name. The
 * tensors are changed in place; number and tensors together are all there is to save.
 */
public final class ParameterState {
  private long updates;
  private final Map<String, Tensor> tensors;

  /**
   * A state as it was saved.
   *
   * @param updates the number of updates made, not negative
   * @param tensors the tensors by name; not copied
   * @throws IllegalArgumentException if the number is negative
   */
  public ParameterState(long updates, Map<String, Tensor> tensors) {
    if (updates < 0) {
      throw new IllegalArgumentException(
          "the number of updates made cannot be negative, but is " + updates);
    }
    this.updates = updates;
    this.tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }

  /**
   * The state before the first update.
   *
   * @param direction the rule
   * @param parameter the parameter
   * @return the state, of tensors that belong to the scope that is open at the call
   */
  public static ParameterState initial(Direction direction, Tensor parameter) {
    return new ParameterState(0, direction.initialState(parameter));
  }

  /**
   * The number of updates made; during an update it counts that one.
   *
   * @return the number
   */
  public long updates() {
    return updates;
  }

  /**
   * Everything remembered, by name.
   *
   * @return the tensors themselves
   */
  public Map<String, Tensor> tensors() {
    return tensors;
  }

  /**
   * One of the tensors.
   *
   * @param name its name
   * @return the tensor itself
   * @throws IllegalArgumentException if there is none of that name
   */
  public Tensor tensor(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(
          "the state has no tensor '%s', but %s: it was made for another update rule"
              .formatted(name, tensors.keySet()));
    }
    return tensor;
  }

  /** The tensors whose names begin with the prefix, without it. */
  ParameterState part(String prefix) {
    Map<String, Tensor> part = new LinkedHashMap<>();
    tensors.forEach(
        (name, tensor) -> {
          if (name.startsWith(prefix)) {
            part.put(name.substring(prefix.length()), tensor);
          }
        });
    return new ParameterState(updates, part);
  }

  void countUpdate() {
    updates++;
  }
}
