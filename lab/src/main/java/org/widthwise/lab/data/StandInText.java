package org.widthwise.lab.data;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Synthetic text that stands in for a corpus when there is none: the same characters on every
 * machine, in no language, but with what a language model learns one thing after another. Letters
 * follow each other as in syllables; words come from a lexicon, the n-th about in proportion to
 * 1/n; sentences have a subject, a verb that agrees with it in number across what stands between
 * them, and an object; capitals, commas, full stops and paragraphs are where one expects them.
 *
 * <p>It is a stand-in for dynamics, as {@link StandIn} is: a loss on it says nothing of English.
 */
public final class StandInText {

  /** The seed of the text that {@link #generate()} returns. */
  public static final long SEED = 231017813L;

  /** About how many characters {@link #generate()} returns: to the end of a paragraph. */
  public static final int LENGTH = 400_000;

  private static final String[] ONSETS = {
    "b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "br", "dr", "st", "tr", "pl"
  };
  private static final String[] VOWELS = {"a", "e", "i", "o", "u", "ai", "ea", "ou"};
  private static final String[] CODAS = {"", "", "", "n", "r", "l", "s", "nd"};

  private static final int NOUNS = 300;
  private static final int VERBS = 150;
  private static final int ADJECTIVES = 100;
  private static final int MOST_SYLLABLES = 3;
  private static final int MOST_SENTENCES = 8;

  private final SplitMix64 random;
  private final StringBuilder text = new StringBuilder();
  private final List<String> nouns;
  private final List<String> verbs;
  private final List<String> adjectives;

  private StandInText(long seed) {
    this.random = new SplitMix64(seed);
    this.nouns = words(NOUNS, "");
    this.verbs = words(VERBS, "e");
    this.adjectives = words(ADJECTIVES, "ic");
  }

  /**
   * Makes the stand-in of the usual length, in a moment.
   *
   * @return the corpus
   */
  public static TextCorpus generate() {
    return generate(LENGTH, SEED);
  }

  /**
   * Makes a stand-in.
   *
   * @param length the least number of characters, 1 to 10,000,000
   * @param seed the seed
   * @return the corpus; it ends with the paragraph that reaches the length
   * @throws IllegalArgumentException if the length is out of range
   */
  public static TextCorpus generate(int length, long seed) {
    if (length < 1 || length > 10_000_000) {
      throw new IllegalArgumentException(
          "the stand-in text has 1..10000000 characters, not " + length);
    }
    StandInText maker = new StandInText(seed);
    while (maker.text.length() < length) {
      maker.paragraph();
    }
    return TextCorpus.embedded(seed, maker.text.toString());
  }

  private List<String> words(int count, String ending) {
    Set<String> words = new LinkedHashSet<>();
    while (words.size() < count) {
      StringBuilder word = new StringBuilder();
      int syllables = 1 + random.nextInt(MOST_SYLLABLES);
      for (int i = 0; i < syllables; i++) {
        word.append(any(ONSETS)).append(any(VOWELS)).append(any(CODAS));
      }
      words.add(word + ending);
    }
    return new ArrayList<>(words);
  }

  private String any(String[] choices) {
    return choices[random.nextInt(choices.length)];
  }

  /** The n-th word about in proportion to 1/n: uniform up to a bound that is uniform itself. */
  private String any(List<String> words) {
    return words.get(random.nextInt(1 + random.nextInt(words.size())));
  }

  private void paragraph() {
    int sentences = 1 + random.nextInt(MOST_SENTENCES);
    for (int i = 0; i < sentences; i++) {
      text.append(i == 0 ? "" : " ");
      int start = text.length();
      clause();
      if (random.nextInt(4) == 0) {
        text.append(", and ");
        clause();
      }
      text.append(random.nextInt(10) == 0 ? "?" : ".");
      text.setCharAt(start, Character.toUpperCase(text.charAt(start)));
    }
    text.append("\n\n");
  }

  private void clause() {
    boolean plural = noun();
    if (random.nextInt(3) == 0) {
      text.append(" of ");
      noun();
    }
    text.append(' ').append(any(verbs)).append(plural ? "" : "s").append(' ');
    noun();
  }

  /** Writes a noun with what stands before it, and says whether it is plural. */
  private boolean noun() {
    boolean plural = random.nextInt(3) == 0;
    text.append(plural ? "the " : random.nextInt(2) == 0 ? "the " : "a ");
    if (random.nextInt(3) == 0) {
      text.append(any(adjectives)).append(' ');
    }
    text.append(any(nouns)).append(plural ? "im" : "");
    return plural;
  }
}
