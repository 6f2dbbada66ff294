package org.widthwise.audit.model;

import java.util.ArrayList;
import java.util.List;

/**
 * Parts the outputs of a fused projection into queries, keys and values by the number of heads.
 *
 * @param queries the number of heads of queries
 * @param keyValues the number of heads of keys
 * @param size the outputs of each head
 */
record HeadSplit(long queries, long keyValues, long size) {

  /**
   * Finds out what the heads are of a projection.
   *
   * @param outputs all its outputs
   * @param queryOutputs how many of them are queries, as another tensor tells; 0 if none does
   * @param heads what is known of heads
   * @return the numbers, which suit the projection
   * @throws IllegalArgumentException if there are none
   */
  static HeadSplit of(long outputs, long queryOutputs, AttentionHeads heads) {
    long queries = heads.queries();
    long size = size(outputs, queryOutputs, heads);
    if (size < 1 || (queryOutputs > 0 && size * queries != queryOutputs)) {
      throw mismatch(outputs, queryOutputs, heads);
    }
    long others = outputs - queries * size;
    long keyValues = others / (2 * size);
    boolean suits =
        keyValues > 0
            && others % (2 * size) == 0
            && queries % keyValues == 0
            && (heads.keyValues().isEmpty() || heads.keyValues().getAsInt() == keyValues)
            && (heads.size().isEmpty() || heads.size().getAsInt() == size);
    if (!suits) {
      throw mismatch(outputs, queryOutputs, heads);
    }
    return new HeadSplit(queries, keyValues, size);
  }

  private static long size(long outputs, long queryOutputs, AttentionHeads heads) {
    if (queryOutputs > 0) {
      return queryOutputs / heads.queries();
    }
    if (heads.size().isPresent()) {
      return heads.size().getAsInt();
    }
    long all = heads.queries() + 2L * heads.keyValues().orElse(heads.queries());
    return outputs % all == 0 ? outputs / all : 0;
  }

  private static IllegalArgumentException mismatch(
      long outputs, long queryOutputs, AttentionHeads heads) {
    StringBuilder numbers = new StringBuilder().append(heads.queries()).append(" heads");
    heads.keyValues().ifPresent(number -> numbers.append(", ").append(number).append(" of keys"));
    heads.size().ifPresent(number -> numbers.append(", of size ").append(number));
    return new IllegalArgumentException(
        "%d outputs%s cannot be of %s (%s)"
            .formatted(
                outputs,
                queryOutputs > 0 ? ", of which %d are queries,".formatted(queryOutputs) : "",
                numbers,
                heads.source().words()));
  }

  /**
   * Where the maps lie.
   *
   * @param names of queries, keys and values
   * @param byHead whether they alternate by head of keys
   */
  List<FusedMaps.Part> parts(List<String> names, boolean byHead) {
    long groups = byHead ? keyValues : 1;
    long[] runs = {queries / groups * size, keyValues / groups * size, keyValues / groups * size};
    long step = runs[0] + runs[1] + runs[2];
    List<FusedMaps.Part> parts = new ArrayList<>();
    long from = 0;
    for (int map = 0; map < runs.length; map++) {
      parts.add(new FusedMaps.Part(names.get(map), from, runs[map], step, groups));
      from += runs[map];
    }
    return parts;
  }

  /** In a few words. */
  String words() {
    return keyValues == queries
        ? "%d heads of %d".formatted(queries, size)
        : "%d heads of %d, %d of keys".formatted(queries, size, keyValues);
  }
}
