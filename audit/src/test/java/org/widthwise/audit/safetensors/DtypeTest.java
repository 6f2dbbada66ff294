package org.widthwise.audit.safetensors;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DtypeTest {

  @ParameterizedTest
  @CsvSource({
    "BOOL, 8, false",
    "F4, 4, true",
    "F6_E2M3, 6, true",
    "F6_E3M2, 6, true",
    "U8, 8, false",
    "I8, 8, false",
    "F8_E5M2, 8, true",
    "F8_E4M3, 8, true",
    "F8_E8M0, 8, false",
    "F8_E4M3FNUZ, 8, true",
    "F8_E5M2FNUZ, 8, true",
    "I16, 16, false",
    "U16, 16, false",
    "F16, 16, true",
    "BF16, 16, true",
    "I32, 32, false",
    "U32, 32, false",
    "F32, 32, true",
    "C64, 64, false",
    "F64, 64, true",
    "I64, 64, false",
    "U64, 64, false"
  })
  void hasTheFormatsSizes(String name, int bits, boolean isFloat) {
    assertThat(Dtype.ofName(name))
        .hasValueSatisfying(
            dtype -> {
              assertThat(dtype.bits()).isEqualTo(bits);
              assertThat(dtype.isFloat()).isEqualTo(isFloat);
            });
  }

  @Test
  void knowsUpperCaseNamesOnly() {
    assertThat(Dtype.values()).hasSize(22);
    assertThat(Dtype.ofName("f32")).isEmpty();
    assertThat(Dtype.ofName("float32")).isEmpty();
  }
}
