package org.widthwise.audit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UntrustedTextTest {

  @Test
  void leavesPrintableTextOfAnyScriptAlone() {
    assertThat(UntrustedText.quote("encoder.layer.0 層 é 😀"))
        .isEqualTo("\"encoder.layer.0 層 é 😀\"");
  }

  @ParameterizedTest
  @CsvSource({
    "000a, a",
    "0000, 0",
    "001b, 1b",
    "007f, 7f",
    "0085, 85",
    "00a0, a0",
    "200b, 200b",
    "2028, 2028",
    "202e, 202e",
    "d800, d800",
    "e000, e000",
    "ffff, ffff"
  })
  void writesWhatDoesNotShowAsItsCode(String unit, String code) {
    String text = "a" + (char) Integer.parseInt(unit, 16) + "b";

    assertThat(UntrustedText.quote(text)).isEqualTo("\"a\\u{" + code + "}b\"");
    assertThat(UntrustedText.escape(text)).isEqualTo("a\\u{" + code + "}b");
  }

  @Test
  void escapesItsOwnMarks() {
    assertThat(UntrustedText.quote("a\"b\\c")).isEqualTo("\"a\\\"b\\\\c\"");
    assertThat(UntrustedText.escape("C:\\d\"e")).isEqualTo("C:\\d\"e");
  }

  @Test
  void cutsLongTextBetweenCodePoints() {
    assertThat(UntrustedText.quote("x".repeat(100))).isEqualTo("\"" + "x".repeat(100) + "\"");
    assertThat(UntrustedText.quote("😀".repeat(101)))
        .isEqualTo("\"" + "😀".repeat(100) + "…\" (of 202 characters)");
    assertThat(UntrustedText.escape("y".repeat(5000))).isEqualTo("y".repeat(1000) + "…");
  }
}
