package org.widthwise.sweep.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.widthwise.sweep.definition.TrialConfiguration;

/** The search of one rung on made-up losses. */
final class RungTrialsTest {

  private static final List<Integer> WIDTHS = List.of(32, 64, 128);
  private static final TrialConfiguration PLAIN =
      new TrialConfiguration(
          32, "spectral", "adam", null, 0, 0.5, 1, 0, Double.NaN, Map.of(), Map.of());
  private static final PrefactorMoves MOVES =
      new PrefactorMoves(
          List.of(PrefactorAxis.parse("readout.init"), PrefactorAxis.parse("input.rate")));

  private static final TrialConfiguration GREATER = MOVES.wide().get(0).get(0).from(PLAIN);

  private final List<TrialConfiguration> trained = new ArrayList<>();

  private static double octaves(Map<String, Double> factors, String group) {
    return HalfOctaves.log2(factors.getOrDefault(group, 1.0));
  }

  /** The logarithm of the loss is the given one. */
  private RungTrials rung(
      boolean explores,
      int room,
      ToDoubleFunction<TrialConfiguration> logOfLoss,
      TrialConfiguration... others)
      throws InterruptedException {
    return new RungTrials(
        new SuccessiveHalving.Rung(WIDTHS, room, explores),
        1024,
        candidates -> {
          candidates.stream().filter(one -> !trained.contains(one)).forEach(trained::add);
          Map<String, Double> losses = new HashMap<>();
          for (TrialConfiguration one : candidates) {
            for (int width : WIDTHS) {
              TrialConfiguration at = one.at(width, one.learningRate());
              losses.put(at.json(), Math.exp(logOfLoss.applyAsDouble(at)));
            }
          }
          return new Losses(losses);
        },
        PLAIN,
        List.of(others));
  }

  /** Best with the readout's first values times 16 and the input's rate times 4. */
  private static double bowl(TrialConfiguration trial) {
    return 0.1 * Math.pow(octaves(trial.inits(), "readout") - 4, 2)
        + 0.05 * Math.pow(octaves(trial.rates(), "input") - 2, 2)
        + 0.2 * Math.pow(HalfOctaves.log2(trial.learningRate()) + 1, 2);
  }

  @Test
  void stepsThatGainAreTakenTogether() throws InterruptedException {
    RungTrials tried = rung(true, 27, RungTrialsTest::bowl);
    tried.explore(MOVES);
    assertThat(tried.best().inits()).containsExactly(Map.entry("readout", 16.0));
    assertThat(tried.best().rates()).containsExactly(Map.entry("input", 4.0));
    assertThat(tried.best().learningRate()).isEqualTo(0.5);
    assertThat(trained).doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(27);
    // The plan, three steps along either prefactor and two of the rate; then what gained at once.
    assertThat(trained.get(9).inits()).containsEntry("readout", 16.0);
    assertThat(trained.get(9).rates()).containsEntry("input", 4.0);
  }

  @Test
  void fineStepsFollow() throws InterruptedException {
    RungTrials tried =
        rung(true, 40, trial -> 0.1 * Math.pow(octaves(trial.inits(), "readout") - 6, 2));
    tried.explore(MOVES);
    assertThat(tried.best().inits()).containsExactly(Map.entry("readout", 64.0));
  }

  @Test
  void thereIsNoMoreThanTheRoom() throws InterruptedException {
    RungTrials tried = rung(true, 5, RungTrialsTest::bowl);
    tried.explore(MOVES);
    assertThat(trained).hasSize(5);
    assertThat(tried.ranking()).hasSize(5);
    assertThat(tried.survivors(PLAIN)).hasSize(2).startsWith(PLAIN);
  }

  @Test
  void aRungThatOnlyComparesTriesNothingOfItsOwn() throws InterruptedException {
    RungTrials tried = rung(false, 12, RungTrialsTest::bowl);
    tried.explore(MOVES);
    assertThat(trained).containsExactly(PLAIN);
  }

  @Test
  void whatDivergedAtOneWidthPromisesNothing() throws InterruptedException {
    TrialConfiguration other = PLAIN.at(32, 8);
    RungTrials tried =
        rung(
            false,
            12,
            trial ->
                trial.width() == 128 && trial.learningRate() == 8 ? Double.POSITIVE_INFINITY : 0,
            other);
    assertThat(tried.best()).isEqualTo(PLAIN);
    assertThat(tried.promise(other)).isInfinite();
    assertThat(tried.ranking().get(1).mean()).isInfinite();
  }

  /**
   * The plan as it is, whose loss is the same at all widths, and one whose logarithm falls by 0.1
   * for each doubling.
   */
  private RungTrials besideOneThatGains(double at64) throws InterruptedException {
    return rung(
        false,
        12,
        trial -> trial.inits().isEmpty() ? 0 : at64 - 0.1 * HalfOctaves.log2(trial.width() / 64.0),
        GREATER);
  }

  @Test
  void whatGainsByWidthIsBetterThanWhatIsBetterNow() throws InterruptedException {
    RungTrials tried = besideOneThatGains(0.15);
    assertThat(tried.best()).isEqualTo(GREATER);
    assertThat(tried.ranking().get(0).mean()).isGreaterThan(tried.ranking().get(1).mean());
    assertThat(Math.log(tried.promise(GREATER))).isCloseTo(0.15 - 0.4, within(1e-12));
  }

  @Test
  void whatLosesMuchPromisesNothing() throws InterruptedException {
    RungTrials tried = besideOneThatGains(0.3);
    assertThat(tried.best()).isEqualTo(PLAIN);
    assertThat(tried.promise(GREATER)).isInfinite();
  }
}
