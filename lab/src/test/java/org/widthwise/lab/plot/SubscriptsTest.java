package org.widthwise.lab.plot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.widthwise.lab.plot.Subscripts.Part;

final class SubscriptsTest {

  private static Part plain(String characters) {
    return new Part(characters, false);
  }

  private static Part low(String characters) {
    return new Part(characters, true);
  }

  @Test
  void lettersAfterAnUnderscoreAreLoweredWithTheirDigits() {
    assertThat(Subscripts.parts("√(n_ℓ/n_ℓ₋₁)"))
        .containsExactly(plain("√(n"), low("ℓ"), plain("/n"), low("ℓ−1"), plain(")"));
    assertThat(Subscripts.parts("‖W‖_F")).containsExactly(plain("‖W‖"), low("F"));
    assertThat(Subscripts.parts("n_out")).isEqualTo(List.of(plain("n"), low("out")));
  }

  @Test
  void whatIsNoSubscriptStaysAsItIs() {
    for (String text : List.of("‖W₂ − W₂⁰‖₂", "a_", "_1", "__")) {
      assertThat(Subscripts.parts(text)).containsExactly(plain(text));
    }
    assertThat(Subscripts.parts("")).isEmpty();
  }
}
