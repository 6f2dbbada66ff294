package org.widthwise.lab.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.widthwise.core.fit.Interval;
import org.widthwise.lab.data.ImageDataset;
import org.widthwise.lab.data.StandIn;
import org.widthwise.lab.experiment.Curve;
import org.widthwise.lab.experiment.LevelCheck;
import org.widthwise.lab.experiment.PanelSpec;
import org.widthwise.lab.experiment.PaperItem;
import org.widthwise.lab.experiment.Prediction;
import org.widthwise.lab.experiment.Preset;
import org.widthwise.lab.experiment.Reproduction;
import org.widthwise.lab.experiment.Settings;
import org.widthwise.lab.experiment.Study;
import org.widthwise.lab.run.Member;
import org.widthwise.lab.run.MemberKey;
import org.widthwise.lab.run.MemberResult;
import org.widthwise.lab.run.RunListener;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.measure.TensorNorms;

final class BatchStudyTest {

  private static final ImageDataset FEW = StandIn.generate(2, 7);
  private static final int N = 300;
  private static final int B = 256;

  private final BatchStudy study = BatchStudy.INSTANCE;

  @Test
  void thePaperPresetIsThePapers() {
    Settings paper = study.settings(Preset.PAPER);
    assertThat(paper.widths()).containsExactly(300L);
    assertThat(paper.trials()).isEqualTo(10);
    assertThat(paper.batches()).startsWith(1L, 2L, 4L).endsWith(8192L).hasSize(14);
  }

  @Test
  void thereIsAMemberForEachActivationAndTrial() {
    ImageDataset data = StandIn.generate(410, 7);
    List<MemberKey> keys =
        study.members(study.settings(Preset.QUICK).withTrials(2), data).stream()
            .map(Member::key)
            .toList();
    assertThat(keys)
        .containsExactly(
            new MemberKey("relu", 300, 0),
            new MemberKey("relu", 300, 1),
            new MemberKey("tanh", 300, 0),
            new MemberKey("tanh", 300, 1));
  }

  @Test
  void refusesWhatCannotBeDrawnOrDoesNotFit() {
    Settings quick = study.settings(Preset.QUICK);
    assertThatThrownBy(() -> study.members(quick.withWidths(List.of(64L, 300L)), FEW))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("one hidden width")
        .hasMessageContaining("[64, 300]");
    assertThatThrownBy(() -> study.members(quick, FEW))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1,024 different images")
        .hasMessageContaining("up to 20");
    assertThatThrownBy(() -> study.members(quick.withBatches(List.of(4L)), FEW))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("trains on 4,096 different images");
  }

  @Test
  void everyCurveIsPredictedAsTheCaptionsSay() {
    assertThat(predictions(new Figure1()))
        .containsOnlyKeys("stable_rank", "alignment")
        .containsEntry("stable_rank", Prediction.atMost(10))
        .containsEntry(
            "alignment",
            new Prediction.Level(new Interval(Math.sqrt(1 / 30.0), Double.POSITIVE_INFINITY)));
    assertThat(predictions(new Figure3()))
        .containsOnlyKeys("hidden", "gradient")
        .containsEntry("hidden", Prediction.atMost(30))
        .containsEntry("gradient", Prediction.atMost(30));
  }

  private static Map<String, Prediction> predictions(PaperItem item) {
    Map<String, Prediction> predictions = new TreeMap<>();
    for (PanelSpec panel : item.panels()) {
      assertThat(panel.curves())
          .extracting(Curve::id)
          .containsExactly("relu/init", "relu/trained", "tanh/init", "tanh/trained");
      assertThat(panel.curves()).extracting(Curve::prediction).containsOnly(predictionOf(panel));
      predictions.put(panel.id(), predictionOf(panel));
    }
    return predictions;
  }

  private static Prediction predictionOf(PanelSpec panel) {
    return panel.curves().get(0).prediction();
  }

  @Test
  void stepsOfRankOneHold(@TempDir Path directory) throws InterruptedException {
    assertThat(verdicts(Planted::ofRankOne, directory)).hasSize(16).containsOnly("holds");
  }

  @Test
  void whatHasNoStructureFails(@TempDir Path directory) throws InterruptedException {
    Libtorch.load();
    assertThat(verdicts(Planted::withoutStructure, directory)).hasSize(16).containsOnly("fails");
  }

  private static List<String> verdicts(Measurement measurement, Path out)
      throws InterruptedException {
    Study planted = new Planted(measurement);
    List<PaperItem> items =
        List.of(new WithStudy(new Figure1(), planted), new WithStudy(new Figure3(), planted));
    return Reproduction.of(items, Preset.QUICK, FEW, out).run(new Silent()).stream()
        .flatMap(report -> report.levels().stream())
        .map(LevelCheck::verdict)
        .toList();
  }

  /** What a member would measure on a batch. */
  private interface Measurement {
    Map<String, Double> of(Random random);
  }

  /** Made-up values in place of a network's. */
  private record Planted(Measurement measurement) implements Study {

    static Map<String, Double> ofRankOne(Random random) {
      return Map.of("stable_rank", 1.0, "alignment", 1.0, "hidden", 1.0, "gradient", 1.0);
    }

    /** Features and gradients in independent directions, and vectors that have no part in them. */
    static Map<String, Double> withoutStructure(Random random) {
      try (PointerScope scope = new PointerScope()) {
        Tensor hidden = gaussian(random, B);
        Tensor gradients = gaussian(random, B);
        return Map.of(
            "stable_rank",
            TensorNorms.of(gradients.t().mm(hidden)).stableRank(),
            "hidden",
            TensorNorms.of(hidden).stableRank(),
            "gradient",
            TensorNorms.of(gradients).stableRank(),
            "alignment",
            ofUnrelatedVectors(random));
      }
    }

    /** To an update of rank one along the first axis. */
    private static double ofUnrelatedVectors(Random random) {
      double sum = 0;
      for (int i = 0; i < B; i++) {
        double first = random.nextGaussian();
        double squares = first * first;
        for (int k = 1; k < N; k++) {
          double entry = random.nextGaussian();
          squares += entry * entry;
        }
        sum += Math.abs(first) / Math.sqrt(squares);
      }
      return sum / B;
    }

    private static Tensor gaussian(Random random, int rows) {
      float[] entries = new float[rows * N];
      for (int i = 0; i < entries.length; i++) {
        entries[i] = (float) random.nextGaussian();
      }
      return torch.tensor(entries).reshape(rows, N);
    }

    @Override
    public String id() {
      return "planted";
    }

    @Override
    public Settings settings(Preset preset) {
      return Settings.measuring(List.of((long) N), 3).withBatches(List.of((long) B));
    }

    @Override
    public Map<String, Object> constants() {
      return Map.of();
    }

    @Override
    public List<Member> members(Settings settings, ImageDataset data) {
      List<Member> members = new ArrayList<>();
      for (String series : List.of("relu", "tanh")) {
        for (int trial = 0; trial < settings.trials(); trial++) {
          members.add(new PlantedMember(new MemberKey(series, N, trial), measurement));
        }
      }
      return members;
    }
  }

  private record PlantedMember(MemberKey key, Measurement measurement) implements Member {

    @Override
    public double work() {
      return 1;
    }

    @Override
    public double memoryBytes() {
      return 1;
    }

    @Override
    public MemberResult run(ShareListener progress) {
      SortedMap<String, Double> values = new TreeMap<>();
      Random random = new Random(key.trial());
      measurement
          .of(random)
          .forEach(
              (name, value) -> {
                values.put("init." + name + "@" + B, value);
                values.put("trained." + name + "@" + B, value);
              });
      return new MemberResult(key, values, Double.NaN, 0, false, 0);
    }
  }

  /** An item with other runs in place of its own. */
  private record WithStudy(PaperItem item, Study study) implements PaperItem {

    @Override
    public String id() {
      return item.id();
    }

    @Override
    public List<String> aliases() {
      return item.aliases();
    }

    @Override
    public int place() {
      return item.place();
    }

    @Override
    public String title() {
      return item.title();
    }

    @Override
    public String claim() {
      return item.claim();
    }

    @Override
    public List<String> equations() {
      return item.equations();
    }

    @Override
    public List<PanelSpec> panels() {
      return item.panels();
    }
  }

  private static final class Silent implements RunListener {

    @Override
    public void progressed(Progress progress) {}

    @Override
    public void finished(MemberResult result, Progress progress) {}
  }
}
