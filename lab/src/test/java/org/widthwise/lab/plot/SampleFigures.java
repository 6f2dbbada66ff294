package org.widthwise.lab.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Figures with made-up numbers, as a test and a reader would meet them. */
final class SampleFigures {
  private static final int TRIALS = 10;

  private SampleFigures() {}

  /** What figure 2 of the paper shows: four quantities against width under μP and NTP. */
  static Figure spectralQuantities() {
    Axis width = Axis.log2("width n");
    String half = "−1/2";
    return Figure.of(
            "Spectral quantities are Θ(1) under μP but decay with width under NTP",
            2,
            List.of(
                powerPanel(
                    "A",
                    "Relative change in features",
                    width,
                    "E‖h₂ − h₂⁰‖ / ‖h₂⁰‖",
                    0.9,
                    0,
                    2.2,
                    -0.5,
                    "0",
                    half),
                powerPanel(
                    "B",
                    "Relative change in weights, spectral norm",
                    width,
                    "‖W₂ − W₂⁰‖ / ‖W₂⁰‖",
                    0.62,
                    0,
                    1.3,
                    -0.5,
                    "0",
                    half),
                powerPanel(
                    "C",
                    "Final-layer alignment",
                    width,
                    "E‖W₃h₂′‖ / (‖W₃‖‖h₂′‖)",
                    0.5,
                    0,
                    1.1,
                    -0.5,
                    "0",
                    half),
                powerPanel(
                    "D",
                    "Relative change in weights, Frobenius norm",
                    width,
                    "‖W₂ − W₂⁰‖ / ‖W₂⁰‖ (Frobenius)",
                    1.9,
                    -0.5,
                    3.1,
                    -1,
                    half,
                    "−1")))
        .withSubtitle(
            "Multilayer perceptrons of three layers, trained for 10⁴ steps on 200 images of two"
                + " classes")
        .withBandLabel("±1 s.d. over 10 trials")
        .withCaption(
            "Data: synthetic numbers for this test. L = 3, n₀ = 3072, n₃ = 1, ReLU, full batch,"
                + " mean squared error, η = 0.1, seeds 0–9.",
            "Slopes are least squares of log y on log n over n ≥ 64, ± one standard error.");
  }

  private static Panel powerPanel(
      String letter,
      String title,
      Axis x,
      String y,
      double mupScale,
      double mupSlope,
      double ntpScale,
      double ntpSlope,
      String mupLabel,
      String ntpLabel) {
    Series mup = noisy("μP", 0, mupScale, mupSlope, letter.hashCode());
    Series ntp = noisy("NTP", 1, ntpScale, ntpSlope, letter.hashCode() + 1L);
    FitLine mupFit = fit(mup);
    FitLine ntpFit = fit(ntp);
    return Panel.of(letter, title, x, Axis.log10(y), List.of(mup, ntp))
        .withGuides(
            List.of(new SlopeGuide(0, mupSlope, mupLabel), new SlopeGuide(1, ntpSlope, ntpLabel)))
        .withFits(List.of(mupFit, ntpFit))
        .withNotes(List.of(note("μP", mupFit, mupLabel), note("NTP", ntpFit, ntpLabel)));
  }

  private static Note note(String name, FitLine fit, String predicted) {
    String slope = String.format(Locale.ROOT, "slope %.2f ± 0.02", fit.slope()).replace('-', '−');
    return Note.on(fit.style(), name, slope, "predicted " + predicted, "holds");
  }

  static Series noisy(String label, int style, double scale, double slope, long seed) {
    Random random = new Random(seed);
    List<DataPoint> points = new ArrayList<>();
    List<Sample> samples = new ArrayList<>();
    for (int n = 16; n <= 4096; n *= 2) {
      double[] values = new double[TRIALS];
      double sum = 0;
      for (int t = 0; t < TRIALS; t++) {
        double spread = 0.3 * Math.pow(n / 16.0, -0.25);
        values[t] = scale * Math.pow(n, slope) * Math.exp(spread * random.nextGaussian());
        sum += values[t];
        samples.add(new Sample(n, values[t]));
      }
      double mean = sum / TRIALS;
      double squares = 0;
      for (double v : values) {
        squares += (v - mean) * (v - mean);
      }
      points.add(DataPoint.withDeviation(n, mean, Math.sqrt(squares / (TRIALS - 1))));
    }
    return new Series(label, style, points, samples);
  }

  static FitLine fit(Series series) {
    double n = series.points().size();
    double mx = series.points().stream().mapToDouble(p -> Math.log(p.x())).sum() / n;
    double my = series.points().stream().mapToDouble(p -> Math.log(p.mean())).sum() / n;
    double sxy = 0;
    double sxx = 0;
    for (DataPoint p : series.points()) {
      sxy += (Math.log(p.x()) - mx) * (Math.log(p.mean()) - my);
      sxx += (Math.log(p.x()) - mx) * (Math.log(p.x()) - mx);
    }
    return new FitLine(series.style(), sxy / sxx, Math.exp(mx), Math.exp(my), 16, 4096);
  }

  /** Eight series on linear axes, where every style must be told from the others. */
  static Figure eightSeries() {
    List<Series> series = new ArrayList<>();
    for (int s = 0; s < 8; s++) {
      List<DataPoint> points = new ArrayList<>();
      for (int i = 0; i <= 10; i++) {
        double y = (s - 3.5) * 0.3 + Math.sin(0.5 * i + 0.2 * s);
        points.add(DataPoint.withDeviation(i * 100, y, s % 2 == 0 ? 0.08 : 0));
      }
      series.add(Series.of("η = 2⁻" + "⁰¹²³⁴⁵⁶⁷".charAt(s), s, points));
    }
    Panel panel =
        Panel.of("", "", Axis.linear("training step"), Axis.linear("training loss"), series);
    return Figure.of("Eight learning rates", 1, List.of(panel));
  }

  /** Six panels with different names for one style, odd data and long words. */
  static Figure sixPanels() {
    Axis x = Axis.log2("width");
    String longText =
        "A title so long that it cannot stand on one line of a narrow panel and must be broken";
    List<DataPoint> odd =
        List.of(
            new DataPoint(16, 0.5, -0.1, 0.8),
            new DataPoint(64, Double.NaN, 0, 1),
            new DataPoint(256, 0.02, -1, 0.05),
            new DataPoint(1024, 0.01, 0.005, 0.02),
            new DataPoint(2048, 0, 0, 0),
            new DataPoint(4096, 0.004, 0.001, 0.01));
    return Figure.of(
            "Six panels: " + longText,
            3,
            List.of(
                Panel.of("A", longText, x, Axis.log10(longText), List.of(noisy("a", 0, 1, -1, 1)))
                    .withGuides(List.of(new SlopeGuide(0, -1, "−1")))
                    .withNotes(List.of(Note.on(0, longText))),
                Panel.of("B", "empty", x, Axis.log10("y"), List.of(Series.of("b", 1, List.of()))),
                Panel.of(
                    "C",
                    "one point",
                    x,
                    Axis.log10("y"),
                    List.of(Series.of("c", 0, List.of(new DataPoint(64, 3, 2, 4))))),
                Panel.of("D", "odd data", x, Axis.log10("y"), List.of(Series.of("d", 2, odd))),
                Panel.of(
                        "E",
                        "flat",
                        x,
                        Axis.log10("y"),
                        List.of(noisy("μP", 0, 1, 0.02, 5), noisy("SP", 3, 1, 0.5, 6)))
                    .withGuides(List.of(new SlopeGuide(0, 0, "0"), new SlopeGuide(3, 0.5, "1/2"))),
                Panel.of(
                    "F",
                    "loss",
                    Axis.linear("log₂ η"),
                    Axis.log10("loss"),
                    List.of(
                        Series.of("n = 64", 4, parabola(-4)),
                        Series.of("n = 256", 5, parabola(-5)),
                        Series.of("n = 1024", 6, parabola(-6))))))
        .withCaption(longText + ". " + longText + ". " + longText);
  }

  private static List<DataPoint> parabola(double best) {
    List<DataPoint> points = new ArrayList<>();
    for (double x = -10; x <= 0; x++) {
      points.add(DataPoint.of(x, 0.1 + 0.02 * (x - best) * (x - best)));
    }
    return points;
  }
}
