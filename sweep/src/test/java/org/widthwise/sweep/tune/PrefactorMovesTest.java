package org.widthwise.sweep.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.widthwise.sweep.definition.TrialConfiguration;

final class PrefactorMovesTest {

  private static final TrialConfiguration BASE =
      new TrialConfiguration(
          32, "spectral", "adam", null, 0, 0.5, 1, 0, Double.NaN, Map.of("input", 2.0), Map.of());

  @Test
  void eachAxisAndTheRateHaveTheirSteps() {
    PrefactorMoves moves =
        new PrefactorMoves(
            List.of(PrefactorAxis.parse("input.init"), PrefactorAxis.parse("readout.rate")));
    assertThat(moves.wide()).hasSize(3);
    // Times the factor that was there.
    assertThat(moves.wide().get(0))
        .extracting(move -> move.from(BASE).inits().get("input"))
        .containsExactly(8.0, 0.5, 32.0);
    assertThat(moves.wide().get(1))
        .extracting(move -> move.from(BASE).rates().get("readout"))
        .containsExactly(4.0, 0.25, 16.0);
    assertThat(moves.wide().get(1))
        .allSatisfy(move -> assertThat(move.from(BASE).inits()).isEqualTo(BASE.inits()));
    assertThat(moves.wide().get(2))
        .extracting(move -> move.from(BASE).learningRate())
        .containsExactly(1.0, 0.25);
    assertThat(moves.fine().get(0))
        .extracting(move -> move.from(BASE).inits().getOrDefault("input", 1.0))
        .containsExactly(4.0, 1.0);
    assertThat(moves.fine().get(2).get(0).from(BASE).learningRate())
        .isCloseTo(Math.sqrt(0.5), within(1e-12));
  }

  @Test
  void whatReturnsIsThePlanAsItWas() {
    PrefactorAxis axis = PrefactorAxis.parse("readout.init");
    List<PrefactorMoves.Move> there = List.of(new PrefactorMoves.Factor(axis, 2));
    TrialConfiguration moved = PrefactorMoves.all(there, BASE);
    assertThat(moved.inits()).containsEntry("readout", 4.0).containsEntry("input", 2.0);
    assertThat(new PrefactorMoves.Factor(axis, -2).from(moved)).isEqualTo(BASE);
    assertThat(
            PrefactorMoves.all(
                List.of(new PrefactorMoves.Rate(0.5), new PrefactorMoves.Rate(-0.5)), BASE))
        .isEqualTo(BASE.at(32, HalfOctaves.rate(HalfOctaves.nearest(0.5))));
  }

  @Test
  void whatIsNoPrefactorIsRefused() {
    assertThat(PrefactorAxis.parse(" Readout.INIT ").id()).isEqualTo("readout.init");
    assertThatThrownBy(() -> PrefactorAxis.parse("readout"))
        .hasMessageContaining("ROLE.init or ROLE.rate");
    assertThatThrownBy(() -> PrefactorAxis.parse("readout.std"))
        .hasMessageContaining("ROLE.init or ROLE.rate");
    assertThatThrownBy(() -> PrefactorAxis.parse("output.init"))
        .hasMessageContaining("known are input");
    assertThatThrownBy(() -> PrefactorAxis.parse("bias.init"))
        .hasMessageContaining("tune bias.rate");
  }
}
