package org.widthwise.sweep.tune;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.widthwise.sweep.tune.SuccessiveHalving.Rung;

final class SuccessiveHalvingTest {

  @Test
  void halfTheWidthsComeFirstAndTheWidthsThemselvesOnlyCompare() {
    assertThat(SuccessiveHalving.upTo(List.of(32, 64, 128), 20).rungs())
        .containsExactly(
            new Rung(List.of(16, 32, 64), 20, true), new Rung(List.of(32, 64, 128), 20, false));
  }

  @Test
  void whatIsTooNarrowOrNoWidthIsLeftOut() {
    assertThat(SuccessiveHalving.upTo(List.of(16, 32, 64), 20).rungs())
        .containsExactly(new Rung(List.of(16, 32, 64), 20, true));
    assertThat(SuccessiveHalving.upTo(List.of(33, 64, 128), 20).rungs())
        .containsExactly(new Rung(List.of(33, 64, 128), 20, true));
  }

  @Test
  void theBetterSixthGoesOn() {
    Rung rung = new Rung(List.of(16, 32, 64), 20, true);
    assertThat(rung.survivors(19)).isEqualTo(4);
    assertThat(rung.survivors(1)).isEqualTo(1);
    assertThat(rung.survivors(0)).isZero();
  }
}
