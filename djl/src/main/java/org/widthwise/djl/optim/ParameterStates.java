package org.widthwise.djl.optim;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The states of one parameter, one for each device that holds a copy of it. Their arrays belong to
 * the manager of the copy, so that they live as long as it.
 */
final class ParameterStates {

  private final Map<Device, ParameterState> byDevice = new HashMap<>();
  private @Nullable SavedState loaded;

  /** The state for a copy of the parameter, made or taken from what was loaded if it is new. */
  ParameterState of(NDArray weight, NDArray gradient, Direction direction) {
    ParameterState state = byDevice.get(weight.getDevice());
    if (state != null) {
      // A second turn: every device has had its first, and taken what was loaded.
      loaded = null;
      return state;
    }
    Map<String, NDArray> initial = direction.initialState(gradient);
    ParameterState fresh =
        loaded == null
            ? new ParameterState(0, kept(initial, weight.getManager()))
            : decoded(loaded, initial, weight);
    byDevice.put(weight.getDevice(), fresh);
    return fresh;
  }

  private static ParameterState decoded(
      SavedState saved, Map<String, NDArray> initial, NDArray weight) {
    Map<String, NDArray> arrays = new LinkedHashMap<>();
    saved
        .arrays()
        .forEach(
            (name, bytes) -> {
              NDArray array = NDArray.decode(weight.getManager(), bytes);
              arrays.put(name, array.toDevice(weight.getDevice(), false));
            });
    if (!shapes(arrays).equals(shapes(initial))) {
      throw new IllegalArgumentException(
          "the state that was loaded has arrays of shapes %s, but the parameter's has %s"
              .formatted(shapes(arrays), shapes(initial)));
    }
    return new ParameterState(saved.updates(), kept(arrays, weight.getManager()));
  }

  private static Map<String, Shape> shapes(Map<String, NDArray> arrays) {
    Map<String, Shape> shapes = new HashMap<>();
    arrays.forEach((name, array) -> shapes.put(name, array.getShape()));
    return shapes;
  }

  private static Map<String, NDArray> kept(Map<String, NDArray> arrays, NDManager manager) {
    for (NDArray array : arrays.values()) {
      NDScope.unregister(array);
      array.attach(manager);
    }
    return arrays;
  }

  /** Forgets, and begins afresh if there is nothing to load. */
  void load(Optional<SavedState> state) {
    close();
    loaded = state.orElse(null);
  }

  /** What there is to save: copies on other devices are the same. */
  Optional<SavedState> saved(String rule) {
    List<ParameterState> states = new ArrayList<>(byDevice.values());
    if (states.isEmpty()) {
      return Optional.ofNullable(loaded);
    }
    Map<String, byte[]> arrays = new LinkedHashMap<>();
    states.get(0).arrays().forEach((name, array) -> arrays.put(name, array.encode()));
    return Optional.of(new SavedState(rule, states.get(0).updates(), arrays));
  }

  private void close() {
    byDevice.values().forEach(state -> state.arrays().values().forEach(NDArray::close));
    byDevice.clear();
  }
}
