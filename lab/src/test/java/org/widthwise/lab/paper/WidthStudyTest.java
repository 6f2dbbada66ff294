package org.widthwise.lab.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.data.Percentage;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.Scale;
import org.widthwise.lab.data.ImageBatch;
import org.widthwise.lab.data.ImageDataset;
import org.widthwise.lab.data.StandIn;
import org.widthwise.lab.data.TwoClassTask;
import org.widthwise.lab.experiment.PanelSpec;
import org.widthwise.lab.experiment.PaperItem;
import org.widthwise.lab.experiment.Preset;
import org.widthwise.lab.experiment.Settings;
import org.widthwise.lab.run.JointMember;
import org.widthwise.lab.run.Member;
import org.widthwise.lab.run.MemberKey;
import org.widthwise.lab.run.MemberResult;
import org.widthwise.torch.engine.ComputeDevice;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.nn.MlpShape;
import org.widthwise.torch.plan.MlpParameters;

final class WidthStudyTest {

  private static final int INPUTS = 3072;
  private static final double ETA = 0.1;

  private final WidthStudy study = WidthStudy.INSTANCE;

  private static List<Scale> scales(String series, long width) {
    int d = Math.toIntExact(width);
    Plan plan =
        WidthStudy.recipe(Parametrizations.named(series), INPUTS)
            .plan(MlpParameters.of(MlpShape.of(Activation.RELU, INPUTS, d, d, 1)));
    return plan.parameters().stream().map(parameter -> parameter.scale()).toList();
  }

  /** σ₁, σ₂, σ₃ and η₁, η₂, η₃ of appendix A. */
  private static double[][] appendixA(String series, double d) {
    return series.equals("mup")
        ? new double[][] {
          {Math.sqrt(2.0 / INPUTS), Math.sqrt(2 / d), Math.sqrt(2) / d},
          {ETA * d / INPUTS, ETA, ETA / d}
        }
        : new double[][] {
          {Math.sqrt(2.0 / INPUTS), Math.sqrt(2 / d), Math.sqrt(2 / d)},
          {ETA / INPUTS, ETA / d, ETA / d}
        };
  }

  @ParameterizedTest
  @CsvSource({"mup,1", "mup,16", "mup,100", "mup,4096", "ntp,1", "ntp,16", "ntp,100", "ntp,4096"})
  void scalesAreThoseOfAppendixA(String series, long width) {
    List<Scale> scales = scales(series, width);
    double[][] expected = appendixA(series, (double) width);
    assertThat(scales).hasSize(3);
    for (int layer = 0; layer < 3; layer++) {
      Percentage rounding = Percentage.withPercentage(1e-10);
      assertThat(scales.get(layer).initStd()).isCloseTo(expected[0][layer], rounding);
      assertThat(scales.get(layer).learningRate()).isCloseTo(expected[1][layer], rounding);
      assertThat(scales.get(layer).multiplier()).isEqualTo(1);
      assertThat(scales.get(layer).weightDecay()).isZero();
      assertThat(scales.get(layer).initMean()).isZero();
    }
  }

  @Test
  void bothParametrizationsAgreeAtWidthOneAsThePaperSays() {
    List<Scale> mup = scales("mup", 1);
    List<Scale> ntp = scales("ntp", 1);
    for (int layer = 0; layer < 3; layer++) {
      assertThat(mup.get(layer).initStd()).isCloseTo(ntp.get(layer).initStd(), within(1e-15));
      assertThat(mup.get(layer).learningRate())
          .isCloseTo(ntp.get(layer).learningRate(), within(1e-15));
    }
  }

  @Test
  void thePaperPresetIsThePapers() {
    Settings paper = study.settings(Preset.PAPER);
    assertThat(paper.steps()).isEqualTo(10_000);
    assertThat(paper.trials()).isEqualTo(10);
    assertThat(paper.widths()).startsWith(16L).endsWith(4096L).hasSize(9);
    assertThat(study.constants())
        .containsEntry("examples", 200)
        .containsEntry("learning_rate", 0.1)
        .containsEntry("activation", "relu")
        .containsEntry("loss", "mse");
  }

  @Test
  void thereIsAMemberForEachSeriesWidthAndTrial() {
    Settings settings = Settings.training(List.of(16L, 8L, 8L), 2, 1);
    List<MemberKey> keys =
        study.members(settings, StandIn.generate(100, 7)).stream().map(Member::key).toList();
    List<MemberKey> expected = new ArrayList<>();
    for (String series : List.of("mup", "ntp")) {
      for (long width : new long[] {8, 16}) {
        for (int trial = 0; trial < 2; trial++) {
          expected.add(new MemberKey(series, width, trial));
        }
      }
    }
    assertThat(keys).isEqualTo(expected);
  }

  /** In float32, of which a few dozen steps leave five digits of a change. */
  @Test
  void membersMeasureTogetherWhatTheyMeasureAlone() throws InterruptedException {
    Settings settings = Settings.training(List.of(6L), 2, 25);
    ImageDataset data = StandIn.generate(120, 7);
    List<JointMember> members = new ArrayList<>();
    for (String series : List.of("mup", "ntp")) {
      for (int trial = 0; trial < 2; trial++) {
        members.add(member(series, 6, trial, settings, data));
      }
    }
    List<MemberResult> together = members.get(1).runTogether(members, share -> {});
    assertThat(together).hasSize(4);
    for (int i = 0; i < 4; i++) {
      MemberResult alone = members.get(i).run(share -> {});
      MemberResult result = together.get(i);
      assertThat(result.key()).isEqualTo(alone.key());
      assertThat(result.steps()).isEqualTo(alone.steps());
      assertThat(result.finalLoss()).isCloseTo(alone.finalLoss(), Percentage.withPercentage(1e-3));
      assertThat(result.values().keySet()).isEqualTo(alone.values().keySet()).isNotEmpty();
      alone
          .values()
          .forEach(
              (name, value) ->
                  assertThat(result.values().get(name))
                      .as("%s of %s", name, alone.key())
                      .isCloseTo(value, within(1e-3 * Math.abs(value) + 1e-6)));
    }
  }

  @Test
  void membersOfOneWidthKeepCompanyOnAGpuAlone() {
    ImageDataset data = StandIn.generate(120, 7);
    Settings cpu = Settings.training(List.of(6L, 8L), 2, 25);
    Settings gpu = cpu.withDevice(ComputeDevice.cuda(0));
    assertThat(member("mup", 6, 0, cpu, data).company()).isEmpty();
    assertThat(member("mup", 6, 0, gpu, data).company())
        .isPresent()
        .isEqualTo(member("ntp", 6, 1, gpu, data).company())
        .isNotEqualTo(member("mup", 8, 0, gpu, data).company());
  }

  private static WidthMember member(
      String series, long width, int trial, Settings settings, ImageDataset data) {
    return new WidthMember(
        series,
        WidthStudy.recipe(Parametrizations.named(series), INPUTS),
        width,
        trial,
        settings,
        data,
        20);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mup", "ntp"})
  void aMemberMeasuresWhatPlainLoopsMeasure(String series) throws InterruptedException {
    int width = 6;
    int trial = 1;
    int steps = 25;
    long seed = 5;
    ImageDataset data = StandIn.generate(120, 7);
    Settings settings = Settings.training(List.of((long) width), 2, steps).withSeed(seed);
    MemberResult result =
        study.members(settings, data).stream()
            .filter(member -> member.key().equals(new MemberKey(series, width, trial)))
            .findFirst()
            .orElseThrow()
            .run(share -> {});

    ImageBatch batch = TwoClassTask.draw(data, 200, seed, trial).batch();
    double[][] x = standardised(data, batch);
    double[] y = new double[200];
    for (int b = 0; b < 200; b++) {
      y[b] = batch.label(b) == 0 ? 1 : -1;
    }
    double[][] numbers = appendixA(series, width);
    PlainNetwork before = drawn(numbers[0], width, (seed * 1_000_003 + trial) * 1_000_003 + width);
    PlainNetwork after = before.copy();
    for (int step = 0; step < steps; step++) {
      after.step(x, y, numbers[1][0], numbers[1][1], numbers[1][2]);
    }

    Percentage rounding = Percentage.withPercentage(0.01);
    SortedMap<String, Double> values = result.values();
    assertThat(values.get("init.spectral")).isCloseTo(PlainNetwork.spectral(before.w2), rounding);
    assertThat(values.get("trained.spectral")).isCloseTo(PlainNetwork.spectral(after.w2), rounding);
    assertThat(values.get("trained.frobenius"))
        .isCloseTo(PlainNetwork.frobenius(after.w2), rounding);
    assertThat(values.get("training.weights.2"))
        .isCloseTo(
            PlainNetwork.spectral(after.w2)
                / (PlainNetwork.spectral(before.w2)
                    + PlainNetwork.spectral(PlainNetwork.minus(after.w2, before.w2))),
            rounding);
    // A single step from the beginning, with the very rates of the training.
    PlainNetwork once = before.copy();
    once.step(x, y, numbers[1][0], numbers[1][1], numbers[1][2]);
    assertThat(values.get("init.weights.2"))
        .isCloseTo(
            PlainNetwork.spectral(once.w2)
                / (PlainNetwork.spectral(before.w2)
                    + PlainNetwork.spectral(PlainNetwork.minus(once.w2, before.w2))),
            rounding);
    everyPanelFindsItsValues(result);
    List<Double> a = new ArrayList<>();
    List<Double> c = new ArrayList<>();
    for (double[] input : x) {
      double[] h = after.h2(input);
      double[] h0 = before.h2(input);
      double[] z = PlainNetwork.relu(h);
      a.add(PlainNetwork.norm(PlainNetwork.minus(h, h0)) / PlainNetwork.norm(h0));
      c.add(
          Math.abs(PlainNetwork.dot(after.w3, z))
              / (PlainNetwork.norm(after.w3) * PlainNetwork.norm(z)));
    }
    double[][] change = PlainNetwork.minus(after.w2, before.w2);
    assertThat(values.get("A")).isCloseTo(mean(a), rounding);
    assertThat(values.get("B"))
        .isCloseTo(PlainNetwork.spectral(change) / PlainNetwork.spectral(before.w2), rounding);
    assertThat(values.get("C")).isCloseTo(mean(c), rounding);
    assertThat(values.get("D"))
        .isCloseTo(PlainNetwork.frobenius(change) / PlainNetwork.frobenius(before.w2), rounding);
    assertThat(result.finalLoss()).isCloseTo(after.loss(x, y), rounding);
    // It learnt something, or agreement would mean little.
    assertThat(after.loss(x, y)).isLessThan(0.95 * before.loss(x, y));
    assertThat(result.diverged()).isFalse();
    assertThat(result.steps()).isEqualTo(steps);
  }

  @Test
  void anExamplesOwnPartIsMeasuredOnceTheLossIsSmall() throws InterruptedException {
    int width = 8;
    int examples = 10;
    int steps = 400;
    long seed = 5;
    ImageDataset data = StandIn.generate(120, 7);
    MemberResult result =
        new WidthMember(
                "mup",
                WidthStudy.recipe(Parametrizations.MUP, INPUTS),
                width,
                0,
                Settings.training(List.of((long) width), 1, steps).withSeed(seed),
                data,
                examples)
            .run(share -> {});

    ImageBatch batch = TwoClassTask.draw(data, examples, seed, 0).batch();
    double[][] x = standardised(data, batch);
    double[] y = new double[examples];
    for (int b = 0; b < examples; b++) {
      y[b] = batch.label(b) == 0 ? 1 : -1;
    }
    double[][] numbers = appendixA("mup", width);
    PlainNetwork network = drawn(numbers[0], width, seed * 1_000_003 * 1_000_003 + width);
    int taken = 0;
    while (taken % (steps / 100) != 0 || network.loss(x, y) >= 0.01) {
      network.step(x, y, numbers[1][0], numbers[1][1], numbers[1][2]);
      taken++;
    }
    assertThat(taken).isBetween(1, steps - 1);
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < examples; i++) {
      double[] z = network.z1(x[i]);
      double[] all = new double[width];
      double[] own = new double[width];
      for (int j = 0; j < examples; j++) {
        double[] gradient = network.byH2(x[j], y[j], examples);
        double product = PlainNetwork.dot(network.z1(x[j]), z);
        for (int k = 0; k < width; k++) {
          all[k] += gradient[k] * product;
          own[k] += j == i ? gradient[k] * product : 0;
        }
      }
      ratios.add(PlainNetwork.norm(own) / PlainNetwork.norm(all));
    }
    double expected =
        ratios.stream().filter(Double::isFinite).mapToDouble(r -> r).average().orElseThrow();
    // The residuals are a tenth of the targets, so they keep five digits of single precision.
    assertThat(result.values().get("trained.own.2"))
        .isCloseTo(expected, Percentage.withPercentage(0.1));
    assertThat(result.finalLoss()).isLessThan(0.5 * network.loss(x, y));
  }

  /** A panel that asks for a value under another name than the member's would stay empty. */
  private static void everyPanelFindsItsValues(MemberResult result) {
    for (PaperItem item :
        List.of(new Figure2(), new Figure4(), new Figure5(), new Figure6(), new Proposition4())) {
      assertThat(item.study()).isSameAs(WidthStudy.INSTANCE);
      for (PanelSpec panel : item.panels()) {
        assertThat(panel.curves())
            .filteredOn(curve -> curve.group().equals(result.key().series()))
            .allSatisfy(
                curve ->
                    assertThat(curve.reading().apply(result).values())
                        .as(item.id() + " " + panel.id() + " " + curve.id())
                        .singleElement(InstanceOfAssertFactories.DOUBLE)
                        .isPositive()
                        .isFinite());
      }
    }
  }

  /**
   * Where all of a sample's units are dead it has no ratio, which in such narrow networks occurs.
   */
  private static double mean(List<Double> ratios) {
    assertThat(ratios).filteredOn(Double::isFinite).hasSizeGreaterThan(100);
    return ratios.stream().filter(Double::isFinite).mapToDouble(r -> r).average().orElseThrow();
  }

  /** All pixels of the batch together to mean 0 and variance 1. */
  private static double[][] standardised(ImageDataset data, ImageBatch batch) {
    double[][] x = new double[batch.examples()][INPUTS];
    float[] pixels = new float[INPUTS];
    double mean = 0;
    double squares = 0;
    double count = (double) batch.examples() * INPUTS;
    for (int b = 0; b < x.length; b++) {
      data.copyPixels(batch.indices()[b], pixels, 0);
      for (int k = 0; k < INPUTS; k++) {
        x[b][k] = pixels[k];
        mean += x[b][k] / count;
        squares += x[b][k] * x[b][k] / count;
      }
    }
    double deviation = Math.sqrt(squares - mean * mean);
    for (double[] row : x) {
      for (int k = 0; k < INPUTS; k++) {
        row[k] = (row[k] - mean) / deviation;
      }
    }
    return x;
  }

  /** The same standard Gaussians, which libtorch draws, times σ. */
  private static PlainNetwork drawn(double[] sigma, int n, long seed) {
    Libtorch.load();
    try (PointerScope scope = new PointerScope()) {
      Generator generator = torch.createCPUGenerator(seed);
      return new PlainNetwork(
          gaussian(generator, n, INPUTS, sigma[0]),
          gaussian(generator, n, n, sigma[1]),
          gaussian(generator, 1, n, sigma[2])[0]);
    }
  }

  private static double[][] gaussian(Generator generator, int rows, int columns, double sigma) {
    Tensor tensor =
        torch.zeros(new long[] {rows, columns}).normal_(0.0, 1.0, new GeneratorOptional(generator));
    float[] flat = new float[rows * columns];
    tensor.data_ptr_float().get(flat);
    double[][] matrix = new double[rows][columns];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        matrix[i][j] = sigma * flat[i * columns + j];
      }
    }
    return matrix;
  }
}
