package org.widthwise.audit.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestKeyTest {

  @ParameterizedTest
  @CsvSource({
    "kitten, sitting, 3",
    "saturday, sunday, 3",
    "'', abc, 3",
    "abc, '', 3",
    "abc, abc, 0",
    "flaw, lawn, 2"
  })
  void countsEdits(String a, String b, int distance) {
    assertThat(NearestKey.distance(a, b)).isEqualTo(distance);
  }

  @Test
  void endsSoonOnLongKeys() {
    assertThat(NearestKey.to("role" + "x".repeat(10_000_000), List.of("name", "role")))
        .isEqualTo("role");
  }
}
