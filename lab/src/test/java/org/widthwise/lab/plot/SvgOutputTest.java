package org.widthwise.lab.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class SvgOutputTest {
  private static final List<String> HOSTILE =
      List.of(
          "<script>alert(1)</script>",
          "]]>",
          "\"'><svg onload=x>",
          "&amp;&lt;",
          "a\u0000b\u0001c",
          "\uD800 lone",
          "\uFFFE",
          "--><!--",
          "\u202Eevil",
          "${x} %s %n");

  @Test
  void sampleFiguresAreWellFormed() throws Exception {
    for (Figure figure :
        List.of(
            SampleFigures.spectralQuantities(),
            SampleFigures.eightSeries(),
            SampleFigures.sixPanels())) {
      Element root = parse(Figures.toSvg(figure)).getDocumentElement();
      assertThat(root.getAttribute("role")).isEqualTo("img");
      assertThat(root.getElementsByTagName("title").item(0).getTextContent())
          .isEqualTo(figure.title());
      assertThat(root.getElementsByTagName("desc").getLength()).isEqualTo(1);
      String all = Figures.toSvg(figure);
      assertThat(all).doesNotContain("NaN").doesNotContain("Infinity").doesNotContain(" id=");
    }
  }

  @Test
  void hostileNamesStayText() throws Exception {
    for (String name : HOSTILE) {
      Panel panel =
          Panel.of(
                  name,
                  name,
                  Axis.log2(name),
                  Axis.log10(name),
                  List.of(SampleFigures.noisy(name, 0, 1, -1, 1)))
              .withGuides(List.of(new SlopeGuide(0, -1, name)))
              .withNotes(List.of(Note.on(0, name, name), Note.of(name)));
      Figure figure =
          Figure.of(name, 1, List.of(panel))
              .withSubtitle(name)
              .withCaption(name)
              .withBandLabel(name);
      Document document = parse(Figures.toSvg(figure));
      assertThat(document.getElementsByTagName("script").getLength()).as(name).isZero();
      // The root and the clip of the panel.
      assertThat(document.getElementsByTagName("svg").getLength()).as(name).isEqualTo(2);
      assertThat(document.getElementsByTagName("title").item(0).getTextContent())
          .isEqualTo(Text.clean(name));
    }
  }

  @Test
  void outputDependsOnTheFigureAloneNotOnTheLocale() {
    String first = Figures.toSvg(SampleFigures.spectralQuantities());
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      assertThat(Figures.toSvg(SampleFigures.spectralQuantities())).isEqualTo(first);
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void pointsLieWhereTheLogarithmSays() throws Exception {
    // Chosen so that a factor of ten is a third of the height, a factor of two a fifth of the
    // width.
    Axis x = Axis.log2("x").withLimits(16, 512);
    Axis y = Axis.log10("y").withLimits(0.001, 1);
    List<DataPoint> points = new ArrayList<>();
    for (double n : new double[] {16, 32, 100, 512}) {
      points.add(DataPoint.of(n, 0.5 / Math.sqrt(n)));
    }
    Panel panel = Panel.of("", "", x, y, List.of(Series.of("s", 0, points)));
    Document document = parse(Figures.toSvg(Figure.of("t", 1, List.of(panel))));
    Element area = (Element) document.getElementsByTagName("svg").item(1);
    double left = number(area, "x");
    double bottom = number(area, "y") + number(area, "height");
    Element group = only(document, "ww-series");
    NodeList circles = group.getElementsByTagName("circle");
    assertThat(circles.getLength()).isEqualTo(points.size());
    for (int i = 0; i < points.size(); i++) {
      DataPoint p = points.get(i);
      double expectedX = left + number(area, "width") * Math.log(p.x() / 16) / Math.log(32);
      double expectedY = bottom - number(area, "height") * Math.log10(p.mean() / 0.001) / 3;
      Element circle = (Element) circles.item(i);
      assertThat(number(circle, "cx")).isCloseTo(expectedX, within(0.02));
      assertThat(number(circle, "cy")).isCloseTo(expectedY, within(0.02));
    }
  }

  @Test
  void eachSeriesHasItsLineWithItsOwnColourAndDash() throws Exception {
    Document document = parse(Figures.toSvg(SampleFigures.eightSeries()));
    List<Element> lines = withClass(document, "ww-line");
    assertThat(lines).hasSize(8);
    List<String> looks = new ArrayList<>();
    List<String> dashes = new ArrayList<>();
    for (Element line : lines) {
      Element path = (Element) line.getElementsByTagName("path").item(0);
      assertThat(path.getAttribute("d").split("L", -1)).hasSize(11);
      looks.add(path.getAttribute("stroke"));
      dashes.add(path.getAttribute("stroke-dasharray"));
    }
    assertThat(looks).doesNotHaveDuplicates();
    assertThat(dashes).doesNotHaveDuplicates();
  }

  @Test
  void guideTrianglesHaveThePredictedSlopeOnTheAxesOfTheirPanel() throws Exception {
    double slope = -0.5;
    Panel panel =
        Panel.of(
                "",
                "",
                Axis.log2("x").withLimits(10, 10_000),
                Axis.log10("y").withLimits(0.001, 10),
                List.of(SampleFigures.noisy("s", 0, 1, slope, 3)))
            .withGuides(List.of(new SlopeGuide(0, slope, "−1/2")));
    Document document = parse(Figures.toSvg(Figure.of("t", 1, List.of(panel))));
    Element area = (Element) document.getElementsByTagName("svg").item(1);
    Element triangle = (Element) only(document, "ww-guide").getElementsByTagName("path").item(0);
    String[] corners = triangle.getAttribute("d").replaceAll("[MZ]", "").split("L", -1);
    assertThat(corners).hasSize(3);
    double[] a = pair(corners[0]);
    double[] b = pair(corners[1]);
    double decadesRight = 3 * (b[0] - a[0]) / number(area, "width");
    double decadesUp = 4 * (a[1] - b[1]) / number(area, "height");
    assertThat(decadesUp / decadesRight).isCloseTo(slope, within(0.002));
  }

  @Test
  void aBandBelowZeroRunsToTheFootOfALogarithmicPanel() throws Exception {
    List<DataPoint> points = List.of(new DataPoint(1, 1, -3, 2), new DataPoint(2, 1, 0.5, 2));
    Panel panel =
        Panel.of("", "", Axis.linear("x"), Axis.log10("y"), List.of(Series.of("s", 0, points)));
    Document document = parse(Figures.toSvg(Figure.of("t", 1, List.of(panel))));
    Element area = (Element) document.getElementsByTagName("svg").item(1);
    Element band = (Element) only(document, "ww-band").getElementsByTagName("path").item(0);
    String[] corners = band.getAttribute("d").replaceAll("[MZ]", "").split("L", -1);
    double foot = number(area, "y") + number(area, "height");
    assertThat(pair(corners[3])[1]).isBetween(foot, foot + 2);
    assertThat(pair(corners[2])[1]).isLessThan(foot);
  }

  @Test
  void pointsWithoutAPlaceAreSkippedAndBreakTheLine() throws Exception {
    List<DataPoint> points =
        List.of(
            DataPoint.of(1, 1),
            DataPoint.of(2, 2),
            DataPoint.of(4, Double.NaN),
            DataPoint.of(8, 0),
            DataPoint.of(16, 3),
            DataPoint.of(32, 4),
            DataPoint.of(-1, 1),
            DataPoint.of(Double.POSITIVE_INFINITY, 1));
    Panel panel =
        Panel.of("", "", Axis.log2("x"), Axis.log10("y"), List.of(Series.of("s", 0, points)));
    Document document = parse(Figures.toSvg(Figure.of("t", 1, List.of(panel))));
    assertThat(only(document, "ww-series").getElementsByTagName("circle").getLength()).isEqualTo(4);
    assertThat(only(document, "ww-line").getElementsByTagName("path").getLength()).isEqualTo(2);
  }

  @Test
  void darkThemeRecoloursEverythingThatIsDrawn() {
    String svg = Figures.toSvg(SampleFigures.eightSeries());
    List<String> used =
        Pattern.compile("var\\((--ww-[a-z0-9]+),")
            .matcher(svg)
            .results()
            .map(m -> m.group(1))
            .toList();
    assertThat(used).contains("--ww-ink", "--ww-paper", "--ww-s0", "--ww-s7");
    assertThat(used).allSatisfy(n -> assertThat(Figures.darkThemeCss()).contains(n + ":#"));
  }

  @Test
  void extremeValuesDoNotFail() throws Exception {
    double[] values = {Double.MIN_VALUE, 1e-300, 1, 1e300, Double.MAX_VALUE};
    for (Scale scale : Scale.values()) {
      for (double low : values) {
        for (double high : values) {
          Axis axis = new Axis("y", scale, Optional.empty(), List.of());
          Series series =
              Series.of("s", 0, List.of(DataPoint.of(low, low), DataPoint.of(high, high)));
          Panel panel = Panel.of("", "", axis, axis, List.of(series));
          parse(Figures.toSvg(Figure.of("t", 1, List.of(panel))));
        }
      }
    }
  }

  private static double[] pair(String corner) {
    String[] parts = corner.trim().split(" ", -1);
    return new double[] {Double.parseDouble(parts[0]), Double.parseDouble(parts[1])};
  }

  private static double number(Element element, String attribute) {
    return Double.parseDouble(element.getAttribute(attribute));
  }

  private static Element only(Document document, String name) {
    List<Element> found = withClass(document, name);
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  private static List<Element> withClass(Document document, String name) {
    List<Element> out = new ArrayList<>();
    NodeList groups = document.getElementsByTagName("g");
    for (int i = 0; i < groups.getLength(); i++) {
      Element group = (Element) groups.item(i);
      if (group.getAttribute("class").equals(name)) {
        out.add(group);
      }
    }
    return out;
  }

  private static Document parse(String svg) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    return factory.newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
  }
}
