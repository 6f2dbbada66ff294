package org.widthwise.audit.json;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Finds the key that somebody meant who wrote another. */
public final class NearestKey {

  // A longer word is no misspelling of a key, and the distance costs the product of the lengths.
  private static final int LONGEST = 40;

  private NearestKey() {}

  /**
   * Finds the nearest key.
   *
   * @param written what was written
   * @param known the keys that there are, at least one
   * @return the one that differs from it in the fewest letters
   */
  public static String to(String written, List<String> known) {
    String word =
        written.substring(0, Math.min(LONGEST, written.length())).toLowerCase(Locale.ROOT);
    return known.stream().min(Comparator.comparingInt(key -> distance(word, key))).orElseThrow();
  }

  /**
   * How far two words are apart (V. Levenshtein, 1966).
   *
   * @param a one word
   * @param b the other
   * @return the least number of letters added, removed or replaced that turns one into the other
   */
  public static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j - 1], row[j]));
      }
    }
    return row[b.length()];
  }
}
