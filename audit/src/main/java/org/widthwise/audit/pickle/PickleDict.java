package org.widthwise.audit.pickle;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A dictionary in a pickle, ordered or not, as the list of what was put into it.
 *
 * <p>No map: its keys are from outside, and hashing a tuple that holds tuples many times over takes
 * forever.
 */
public final class PickleDict implements PickleValue {

  private final List<Entry> entries = new ArrayList<>();

  PickleDict() {}

  /**
   * What was put into the dictionary.
   *
   * @param key the key
   * @param value the value
   */
  public record Entry(PickleValue key, PickleValue value) {}

  /**
   * The entries.
   *
   * @return them in the order in which they were put; a key may come twice
   */
  public List<Entry> entries() {
    return Collections.unmodifiableList(entries);
  }

  void put(PickleValue key, PickleValue value) {
    entries.add(new Entry(key, value));
  }
}
