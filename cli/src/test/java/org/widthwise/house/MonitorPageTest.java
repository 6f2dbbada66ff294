package org.widthwise.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.widthwise.torch.monitor.Bands;
import org.widthwise.torch.monitor.Cadence;
import org.widthwise.torch.monitor.Quantity;

/** {@code docs/monitor.md} names every key that the monitor writes, and its defaults. */
final class MonitorPageTest {

  private static final String PAGE = Repository.read(Repository.path("docs", "monitor.md"));

  @Test
  void everyKeyIsNamed() {
    List<String> keys =
        List.of("step", "parameter", "role", "layer", "fan_out", "fan_in", "target");
    assertThat(keys).allSatisfy(key -> assertThat(PAGE).contains("`" + key + "`"));
    assertThat(Quantity.values())
        .allSatisfy(quantity -> assertThat(PAGE).contains("`" + quantity.id() + "`"));
  }

  @Test
  void defaultsAreThoseOfTheCode() {
    Bands bands = Bands.withDefaults();
    assertThat(PAGE)
        .contains(
            String.format(
                Locale.ROOT,
                "within %s to %.0f times its target, and within a factor %.0f of",
                bands.weightLow(),
                bands.weightHigh(),
                bands.weightGrowth()))
        .contains(
            String.format(
                Locale.ROOT,
                "below %.0f times what the plan's rate makes",
                bands.updateOverPlanned()));
    assertThat(bands.updateHigh()).as("below its target").isEqualTo(1);
    Cadence cadence = Cadence.withDefaults();
    assertThat(PAGE)
        .contains("every %dth".formatted(cadence.interval()))
        .contains(String.format(Locale.ROOT, "%.1f %% of the training", 100 * cadence.budget()));
  }
}
