package org.widthwise.djl.optim;

import ai.djl.ndarray.NDArray;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an update rule remembers of one parameter: the number of updates and arrays by name. The
 * arrays are changed in place; number and arrays together are all there is to save.
 */
public final class ParameterState {
  private long updates;
  private final Map<String, NDArray> arrays;

  /**
   * A state as it was saved.
   *
   * @param updates the number of updates made, not negative
   * @param arrays the arrays by name; not copied
   * @throws IllegalArgumentException if the number is negative
   */
  public ParameterState(long updates, Map<String, NDArray> arrays) {
    if (updates < 0) {
      throw new IllegalArgumentException(
          "the number of updates made cannot be negative, but is " + updates);
    }
    this.updates = updates;
    this.arrays = Collections.unmodifiableMap(new LinkedHashMap<>(arrays));
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
   * @return the arrays themselves
   */
  public Map<String, NDArray> arrays() {
    return arrays;
  }

  /**
   * One of the arrays.
   *
   * @param name its name
   * @return the array itself
   * @throws IllegalArgumentException if there is none of that name
   */
  public NDArray array(String name) {
    NDArray array = arrays.get(name);
    if (array == null) {
      throw new IllegalArgumentException(
          "the state has no array '%s', but %s: it was made for another update rule"
              .formatted(name, arrays.keySet()));
    }
    return array;
  }

  void countUpdate() {
    updates++;
  }
}
