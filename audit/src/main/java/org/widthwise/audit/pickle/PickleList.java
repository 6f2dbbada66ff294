package org.widthwise.audit.pickle;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A list in a pickle. */
public final class PickleList implements PickleValue {

  private final List<PickleValue> items = new ArrayList<>();

  PickleList() {}

  /**
   * The items.
   *
   * @return them in order
   */
  public List<PickleValue> items() {
    return Collections.unmodifiableList(items);
  }

  void add(PickleValue item) {
    items.add(item);
  }
}
