package org.widthwise.lab.run;

import java.util.Map;
import java.util.TreeMap;

/** Results of members that were never trained. */
final class Results {

  private Results() {}

  static MemberResult of(String series, long x, int trial) {
    return of(new MemberKey(series, x, trial));
  }

  static MemberResult of(MemberKey key) {
    return new MemberResult(
        key,
        new TreeMap<>(Map.of("A", 0.1 * key.x(), "B", 1.0 / 3)),
        1e-3 * key.trial(),
        10_000,
        false,
        1.5);
  }
}
