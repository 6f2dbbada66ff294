package org.widthwise.lab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class StandInTextTest {

  private final TextCorpus corpus = StandInText.generate();
  private final String text = corpus.decode(corpus.tokens(0, corpus.length()));

  @Test
  void isTheSameEverywhereAndSaysWhatItIs() {
    assertThat(corpus.digest())
        .isEqualTo("0d1d15c0decf6fb21b55880173fd2f52f79ebe8ffe5000dfdae712ce0707271d");
    assertThat(corpus.length()).isBetween(StandInText.LENGTH, StandInText.LENGTH + 2000);
    assertThat(corpus.source().isReal()).isFalse();
    assertThat(corpus.source().description()).contains("synthetic text");
    assertThat(StandInText.generate(1000, 5).digest())
        .isNotEqualTo(StandInText.generate(1000, 6).digest());
  }

  /** Entropies in bits of a character: alone, after one and after three others. */
  @Test
  void hasStructureThatALongerContextShows() {
    double alone = conditionalEntropy(0);
    double afterOne = conditionalEntropy(1);
    double afterThree = conditionalEntropy(3);
    assertThat(alone).isBetween(3.8, 4.4);
    assertThat(afterOne).isBetween(2.5, alone - 0.8);
    assertThat(afterThree).isLessThan(afterOne - 0.7);
  }

  private double conditionalEntropy(int context) {
    return entropy(context + 1) - entropy(context);
  }

  private double entropy(int length) {
    Map<String, Integer> counts = new HashMap<>();
    int pieces = text.length() - length + 1;
    for (int i = 0; i < pieces; i++) {
      counts.merge(text.substring(i, i + length), 1, Integer::sum);
    }
    return counts.values().stream()
            .mapToDouble(count -> -count / (double) pieces * Math.log(count / (double) pieces))
            .sum()
        / Math.log(2);
  }

  @Test
  void commonWordsAreFewAndRareOnesMany() {
    Map<String, Integer> counts = new HashMap<>();
    for (String word : text.toLowerCase(Locale.ROOT).split("[^a-z]+", -1)) {
      counts.merge(word, 1, Integer::sum);
    }
    assertThat(counts.size()).isBetween(500, 1200);
    assertThat(counts.get("the")).isGreaterThan(text.length() / 60);
    Set<Character> first = new HashSet<>();
    for (String sentence : text.split("[.?]\\s+", 0)) {
      first.add(sentence.charAt(0));
    }
    assertThat(first).containsExactlyInAnyOrder('T', 'A');
  }

  @Test
  void saysWhatIsWrong() {
    assertThatThrownBy(() -> StandInText.generate(0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not 0");
  }
}
