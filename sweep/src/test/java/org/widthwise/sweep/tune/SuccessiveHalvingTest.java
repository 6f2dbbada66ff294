package org.widthwise.sweep.tune;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.widthwise.sweep.tune.SuccessiveHalving.Ranking;
import org.widthwise.sweep.tune.SuccessiveHalving.Rung;

final class SuccessiveHalvingTest {

  @Test
  void rungsEndWithTheWholeTraining() {
    assertThat(SuccessiveHalving.upTo(300, List.of(16, 32, 64)).rungs())
        .containsExactly(
            new Rung(33, List.of(16, 32, 64)),
            new Rung(100, List.of(16, 32, 64)),
            new Rung(300, List.of(16, 32, 64)));
    // A training of 20 steps is too short to be told from by 7 of them.
    assertThat(SuccessiveHalving.upTo(20, List.of(16, 32, 64)).rungs())
        .containsExactly(new Rung(20, List.of(16, 32, 64)));
  }

  @Test
  void theBetterThirdGoesOn() throws InterruptedException {
    List<Integer> candidates = IntStream.range(0, 27).boxed().toList();
    // Short trainings see that 20 and above are good, and no more; whole ones that 23 is best.
    List<Ranking<Integer>> rankings =
        SuccessiveHalving.upTo(90, List.of(4, 8, 16))
            .run(
                candidates,
                (rung, left) ->
                    left.stream()
                        .map(
                            c ->
                                rung.steps() < 90
                                    ? (c >= 20 ? 0.0 : Double.POSITIVE_INFINITY)
                                    : Math.abs(c - 23.0))
                        .toList());
    // The first one always goes on.
    assertThat(rankings).extracting(r -> r.candidates().size()).containsExactly(27, 10, 4);
    assertThat(rankings.get(0).candidates().subList(0, 9))
        // Equals stay in order, what diverged comes last.
        .containsExactly(20, 21, 22, 23, 24, 25, 26, 0, 1);
    assertThat(rankings.get(2).candidates().get(0)).isEqualTo(22);
    assertThat(rankings.get(2).candidates().get(3)).isZero();
    assertThat(rankings.get(2).scores()).isSorted();
  }
}
