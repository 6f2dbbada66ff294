package org.widthwise.lab.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PngOutputTest {
  /** What a machine without fonts must not need; drawn by hand so that nothing loads them. */
  static final class Drawing {
    private Drawing() {}

    public static void main(String[] arguments) {
      if (Figures.toPng(SampleFigures.eightSeries()).length < 10_000) {
        throw new IllegalStateException("The figure is empty.");
      }
    }
  }

  @Test
  void imageHasTheSizeOfTheSvgAtThreeHundredDotsPerInch() throws IOException {
    Figure figure = SampleFigures.spectralQuantities();
    byte[] png = Figures.toPng(figure);
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
    Matcher size =
        Pattern.compile("width=\"([0-9.]+)\" height=\"([0-9.]+)\"").matcher(Figures.toSvg(figure));
    assertThat(size.find()).isTrue();
    assertThat(image.getWidth()).isEqualTo((int) (3 * Double.parseDouble(size.group(1))));
    assertThat((double) image.getHeight())
        .isCloseTo(3 * Double.parseDouble(size.group(2)), within(1.1));
    assertThat(image.getWidth()).isGreaterThanOrEqualTo(7 * 300);
    int at = new String(png, StandardCharsets.ISO_8859_1).indexOf("pHYs");
    // 300 dots per 0.0254 m.
    assertThat(ByteBuffer.wrap(png).getInt(at + 4)).isEqualTo(11811);
  }

  @Test
  void markersShowTheirColourWhereTheSvgPutsThem() throws IOException {
    Figure figure = SampleFigures.eightSeries();
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(Figures.toPng(figure)));
    String svg = Figures.toSvg(figure);
    String first = svg.substring(svg.indexOf("<g class=\"ww-series\""));
    Matcher circles =
        Pattern.compile("<circle cx=\"([0-9.]+)\" cy=\"([0-9.]+)\"")
            .matcher(first.substring(0, first.indexOf("</g>")));
    int seen = 0;
    while (circles.find()) {
      int x = (int) (3 * Double.parseDouble(circles.group(1)));
      int y = (int) (3 * Double.parseDouble(circles.group(2)));
      assertThat(image.getRGB(x, y) & 0xFFFFFF).isEqualTo(Styles.ink(0).onLight());
      seen++;
    }
    assertThat(seen).isEqualTo(11);
    assertThat(image.getRGB(1, 1) & 0xFFFFFF).isEqualTo(0xFFFFFF);
  }

  @Test
  void titleIsInkedWhereItIsMeasured() throws IOException {
    Panel panel = Panel.of("", "", Axis.linear("x"), Axis.linear("y"), List.of());
    Figure figure = Figure.of("WIDTHWISE", 1, List.of(panel));
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(Figures.toPng(figure)));
    double end = Layout.MARGIN + Text.width("WIDTHWISE", FontFace.bold(), Layout.TITLE_SIZE);
    int left = image.getWidth();
    int right = 0;
    for (int x = 0; x < image.getWidth(); x++) {
      for (int y = (int) (3 * Layout.MARGIN); y < 3 * (Layout.MARGIN + 15); y++) {
        if ((image.getRGB(x, y) & 0xFF) < 100) {
          left = Math.min(left, x);
          right = Math.max(right, x);
        }
      }
    }
    assertThat(left / 3.0).isCloseTo(Layout.MARGIN, within(2.0));
    assertThat(right / 3.0).isCloseTo(end, within(2.0));
  }

  @Test
  void sameFigureGivesSameBytes() {
    Figure figure = SampleFigures.sixPanels();
    assertThat(Figures.toPng(figure)).isEqualTo(Figures.toPng(figure));
  }

  @Test
  void embeddedFontsHaveEveryCharacterOfTheField() {
    String needed = "μℓΔ‖₀₁₂₃√−×±⁰¹²³⁴⁵⁶⁷⁸⁹⁻′·≈≤≥∇σηλεθΘ→–—“”";
    for (FontFace face : List.of(FontFace.regular(), FontFace.bold())) {
      assertThat(needed.codePoints().filter(c -> !face.has(c)).mapToObj(Character::toString))
          .isEmpty();
    }
  }

  @Test
  void drawingNeedsNoFontOfTheMachineAndPrintsNothing() throws Exception {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    ProcessBuilder child =
        new ProcessBuilder(
            java.toString(),
            "-Xlog:class+load:stdout",
            "-cp",
            System.getProperty("java.class.path"),
            Drawing.class.getName());
    // A display that is named but not there must not be tried.
    child.environment().put("DISPLAY", ":97");
    Process process = child.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    List<String> lines = output.lines().filter(line -> !line.contains("[class,load]")).toList();
    assertThat(lines).isEmpty();
    assertThat(output)
        .contains("org.apache.fontbox.ttf.TTFParser ")
        .doesNotContain("sun.font.SunFontManager ")
        .doesNotContain("sun.awt.FontConfiguration ")
        .doesNotContain("sun.font.FreetypeFontScaler ");
  }
}
