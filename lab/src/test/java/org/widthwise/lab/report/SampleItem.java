package org.widthwise.lab.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.widthwise.lab.data.ImageDataset;
import org.widthwise.lab.experiment.Abscissa;
import org.widthwise.lab.experiment.Curve;
import org.widthwise.lab.experiment.ItemReport;
import org.widthwise.lab.experiment.ItemState;
import org.widthwise.lab.experiment.LevelCheck;
import org.widthwise.lab.experiment.PanelSpec;
import org.widthwise.lab.experiment.PaperItem;
import org.widthwise.lab.experiment.Prediction;
import org.widthwise.lab.experiment.Preset;
import org.widthwise.lab.experiment.Settings;
import org.widthwise.lab.experiment.SlopeFit;
import org.widthwise.lab.experiment.Study;
import org.widthwise.lab.plot.Axis;
import org.widthwise.lab.plot.DataPoint;
import org.widthwise.lab.plot.Figure;
import org.widthwise.lab.plot.Panel;
import org.widthwise.lab.plot.Series;
import org.widthwise.lab.run.Json;
import org.widthwise.lab.run.Member;
import org.widthwise.lab.run.MemberKey;
import org.widthwise.lab.run.Provenance;

/** An item made by hand, all of whose words end in the same ones. */
record SampleItem(String id, String words) implements PaperItem, Study {

  /** What would do harm if it were taken for more than text. */
  static final String HOSTILE =
      "</style></title><script>alert(1)</script><img src=x onerror=alert(2)>\"'&amp;&lt;"
          + "<a href=\"javascript:alert(3)\">`${7}`]]>--><!--\u0000\u202E\uD800";

  @Override
  public List<String> aliases() {
    return List.of();
  }

  @Override
  public int place() {
    return 1;
  }

  @Override
  public String title() {
    return "Figure X: title" + words;
  }

  @Override
  public String claim() {
    return "claim" + words;
  }

  @Override
  public List<String> equations() {
    return List.of("(21) σ = 1/√n_ℓ₋₁" + words, "no label" + words);
  }

  @Override
  public Study study() {
    return this;
  }

  @Override
  public List<PanelSpec> panels() {
    return List.of(
        PanelSpec.logLog(
            "A",
            "panel" + words,
            "‖W‖_F" + words,
            "eq. 1",
            Abscissa.WIDTH,
            List.of(Curve.of("c", "curve" + words, Prediction.flat(), "c", "v"))));
  }

  @Override
  public Settings settings(Preset preset) {
    return switch (preset) {
      case QUICK -> Settings.training(List.of(16L, 32L), 4, 100);
      case STANDARD -> Settings.training(List.of(16L, 32L, 64L), 10, 1000);
      case PAPER -> Settings.training(List.of(16L, 32L, 64L, 128L), 10, 1000);
    };
  }

  @Override
  public Map<String, Object> constants() {
    return Map.of();
  }

  @Override
  public List<Member> members(Settings settings, ImageDataset data) {
    return List.of();
  }

  static SlopeFit fit(String panel, double slope, double reach, double expected, String verdict) {
    return fit(panel, slope, reach / 2, slope - reach, slope + reach, expected, verdict);
  }

  static SlopeFit unfitted(double expected) {
    return fit(
        "A",
        Double.NaN,
        Double.NaN,
        Double.NEGATIVE_INFINITY,
        Double.POSITIVE_INFINITY,
        expected,
        "undecided");
  }

  private static SlopeFit fit(
      String panel,
      double slope,
      double error,
      double low,
      double high,
      double expected,
      String verdict) {
    return new SlopeFit(
        panel, "‖W‖_F", "c", slope, error, low, high, 1, 16, 64, 3, expected, 0.2, verdict);
  }

  static LevelCheck level(double mean, double reach, double low, double high, String verdict) {
    return new LevelCheck(
        "A", "‖W‖_F", "c", 32, mean, reach / 2, mean - reach, mean + reach, 3, low, high, verdict);
  }

  /** What is asked for, beside numbers, ends in the same words too. */
  Map<String, Object> configuration(Settings settings) {
    Map<String, Object> configuration = new LinkedHashMap<>();
    configuration.put("study", "study" + words);
    configuration.put("widths", settings.widths());
    configuration.put("trials", settings.trials());
    configuration.put("steps", settings.steps());
    configuration.put("seed", settings.seed());
    configuration.put("runs", 24);
    configuration.put("constant" + words, "value" + words);
    configuration.put("data", Map.of("digest", "abc" + words, "name", "name" + words));
    return configuration;
  }

  ItemState.Reported reported(
      List<SlopeFit> fits, List<LevelCheck> levels, int diverged, long missing, Path out) {
    List<MemberKey> divergedRuns = new ArrayList<>();
    for (int trial = 0; trial < diverged; trial++) {
      divergedRuns.add(new MemberKey("ntp", 64, trial));
    }
    Figure picture =
        Figure.of(
            title(),
            1,
            List.of(
                Panel.of(
                    "A",
                    "panel" + words,
                    Axis.log2("n" + words),
                    Axis.log10("y" + words),
                    List.of(
                        Series.of(
                            "curve" + words,
                            0,
                            List.of(
                                DataPoint.withDeviation(16, 1, 0.1),
                                DataPoint.withDeviation(64, 2, 0.1)))))));
    return new ItemState.Reported(
        this,
        new ItemReport(
            id,
            title(),
            claim(),
            equations(),
            Json.tree(configuration(settings(Preset.QUICK))),
            new Provenance(
                "2026-01-01T00:00:00Z",
                "files" + words,
                "0.1.0" + words,
                "2.10.0" + words,
                "17" + words,
                "Linux" + words,
                "EPYC" + words,
                2,
                "cpu" + words),
            fits,
            levels,
            0.01,
            divergedRuns,
            missing,
            picture,
            List.of(out.resolve(id + ".csv"), out.resolve("a:b c#d?%" + ".json"))));
  }
}
