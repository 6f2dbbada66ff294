package org.widthwise.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class RegistryTest {

  private static Registry<String> registry(String... names) {
    return new Registry<>("colour", String.class, name -> name, List.of(names));
  }

  @Test
  void findsInAnyCaseAndListsTheKnown() {
    assertThat(registry("red", "blue").named("BLUE")).isEqualTo("blue");
    assertThatThrownBy(() -> registry("red", "blue").named("green"))
        .hasMessage("unknown colour 'green': known are red, blue");
  }

  @Test
  void refusesNamesThatCouldNotBeToldApartOrFound() {
    assertThatThrownBy(() -> registry("red", "red"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("share a name");
    assertThatThrownBy(() -> registry("Red"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("lower case")
        .hasMessageContaining("'Red'");
    assertThatThrownBy(() -> registry(" ")).isInstanceOf(IllegalStateException.class);
  }
}
