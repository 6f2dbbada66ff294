package org.widthwise.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ExponentsTest {

  @ParameterizedTest
  @CsvSource({"0, 0", "-0.5, −1/2", "0.25, 1/4", "-1, −1", "0.3333333333333333, 1/3", "0.37, 0.37"})
  void exponentsOfTheTheoryReadAsFractions(double value, String text) {
    assertThat(Exponents.text(value)).isEqualTo(text);
  }

  @Test
  void measuredNumbersHaveTheirErrorAndNoNegativeZero() {
    assertThat(Exponents.slope(-0.512, 0.018)).isEqualTo("−0.51 ± 0.02");
    assertThat(Exponents.slope(-0.0012, 0.0003)).isEqualTo("0.00 ± 0.00");
    assertThat(Exponents.slope(0.5, Double.NaN)).isEqualTo("0.50");
    assertThat(Exponents.slope(Double.NaN, Double.NaN)).isEqualTo("unknown");
    assertThat(Exponents.level(0.70713, 0.0021)).isEqualTo("0.707 ± 0.0021");
    assertThat(Exponents.level(-3.5e-15, 1.2e-15)).isEqualTo("−3.50e−15 ± 1.2e−15");
  }

  @Test
  void boundsSayWhatTheyBound() {
    double infinity = Double.POSITIVE_INFINITY;
    assertThat(Exponents.bounds(-infinity, 10)).isEqualTo("at most 10");
    assertThat(Exponents.bounds(-infinity, 1e-9)).isEqualTo("at most 1.0e−09");
    assertThat(Exponents.bounds(0.1, infinity)).isEqualTo("at least 0.1");
    assertThat(Exponents.bounds(0.85, 1.15)).isEqualTo("0.85 to 1.15");
    assertThat(Exponents.bounds(-0.2, 0.2)).isEqualTo("−0.2 to 0.2");
    assertThat(Exponents.bounds(1 - 1e-9, 1 + 1e-9)).isEqualTo("1 ± 1e−09");
  }
}
