package org.widthwise.lab.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FigureTest {
  private static final Panel PANEL =
      Panel.of("A", "t", Axis.linear("x"), Axis.linear("y"), List.of());

  @Test
  void wrongPartsAreRefusedByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Figure.of("t", 5, List.of(PANEL)))
        .withMessageContaining("1 to 4 columns, not 5");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Figure.of("t", 1, List.of()))
        .withMessageContaining("at least one panel");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Series.of("s", -1, List.of()))
        .withMessageContaining("-1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Axis.log10("y").withLimits(0, 1))
        .withMessageContaining("above zero, not at 0.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Axis.linear("y").withLimits(1, Double.NaN))
        .withMessageContaining("increasing");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SlopeGuide(0, Double.NaN, "x"))
        .withMessageContaining("finite slope");
  }

  @Test
  void figuresDoNotChangeWithTheListsTheyWereMadeFrom() {
    List<Panel> panels = new ArrayList<>(List.of(PANEL));
    Figure figure = Figure.of("t", 1, panels);
    panels.clear();
    assertThat(figure.panels()).containsExactly(PANEL);
  }

  @Test
  void linesAreWrappedWithinTheirLimitAndLoseNoCharacter() {
    FontFace face = FontFace.regular();
    Random random = new Random(7);
    for (int i = 0; i < 500; i++) {
      StringBuilder text = new StringBuilder();
      for (int k = random.nextInt(80); k >= 0; k--) {
        text.append(random.nextInt(6) == 0 ? ' ' : (char) ('a' + random.nextInt(26)));
      }
      double limit = 20 + 200 * random.nextDouble();
      List<String> lines = Text.wrap(text.toString(), face, 10, limit);
      assertThat(lines).allSatisfy(l -> assertThat(Text.width(l, face, 10)).isLessThan(limit));
      assertThat(String.join("", lines).replace(" ", ""))
          .isEqualTo(text.toString().replace(" ", ""));
    }
  }

  @Test
  void everyHorizontalLabelHasRoom() {
    // Nine widths of up to five digits on the narrowest panel would touch if all were written.
    List<Panel> panels = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Series series = SampleFigures.noisy("s", 0, 1, -1, i);
      panels.add(Panel.of("A", "t", Axis.log2("n"), Axis.log10("y"), List.of(series)));
    }
    String svg = Figures.toSvg(Figure.of("t", 4, panels));
    assertThat(svg).contains(">16</text>").contains(">4096</text>").doesNotContain(">32</text>");
  }
}
