package org.widthwise.lab.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.widthwise.audit.MalformedFileException;
import org.widthwise.audit.checkpoint.Checkpoint;
import org.widthwise.audit.checkpoint.Checkpoints;
import org.widthwise.audit.safetensors.Dtype;
import org.widthwise.audit.safetensors.SafetensorsWriter;
import org.widthwise.audit.safetensors.WritableTensor;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.shape.Fans;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.lab.data.ImageDataset;
import org.widthwise.lab.data.StandIn;
import org.widthwise.lab.data.StandInText;
import org.widthwise.lab.run.RunException;
import org.widthwise.torch.engine.ComputeDevice;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.nn.MlpShape;
import org.widthwise.torch.nn.Network;
import org.widthwise.torch.nn.ResNetShape;
import org.widthwise.torch.nn.TransformerShape;
import org.widthwise.torch.optim.OptimizerSettings;
import org.widthwise.torch.optim.Schedules;

final class TrainingRunTest {

  private static final ImageDataset IMAGES = StandIn.generate(3, 5);
  private static final TrainingSettings SETTINGS =
      TrainingSettings.withDefaults(10).withBatch(4).withSeed(9);

  static final List<Kind> KINDS =
      List.of(
          new Kind(
              new Architecture.Perceptron(MlpShape.of(Activation.RELU, 3072, 8, 10).withBias(true)),
              TrainingData.images(
                  IMAGES, Optional.of(StandIn.generate(1, 6)), Optional.empty(), true)),
          new Kind(
              new Architecture.Residual(ResNetShape.cifar10(4, 1)),
              TrainingData.images(IMAGES, Optional.empty(), Optional.empty(), false)),
          decoder());

  private final Path directory;

  TrainingRunTest(@TempDir Path directory) {
    this.directory = directory;
  }

  record Kind(Architecture architecture, TrainingData data) {}

  private static Kind decoder() {
    TrainingData data = TrainingData.text(StandInText.generate(3000, 4), 8, Optional.of(40));
    TransformerShape shape = TransformerShape.of(data.classes(), 8, 16, 1, 2);
    return new Kind(new Architecture.Decoder(shape, 1.0 / shape.headWidth()), data);
  }

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  private static TrainingRun run(
      Kind kind, String optimizer, double rate, TrainingSettings settings) {
    Recipe recipe =
        Recipe.of(Parametrizations.SPECTRAL, UpdateRules.named(optimizer)).withLearningRate(rate);
    return TrainingRun.of(
        kind.architecture(), recipe, OptimizerSettings.withDefaults(), kind.data(), settings);
  }

  /** A rule that nobody has implemented. */
  private record NoDirection() implements UpdateRule {
    @Override
    public String id() {
      return "nobody";
    }

    @Override
    public double rawSpectralNorm(Fans fans) {
      return 1;
    }

    @Override
    public double gradientDegree() {
      return 0;
    }

    @Override
    public int weightDegree() {
      return 0;
    }

    @Override
    public OptionalDouble epsilonReference(Fans fans) {
      return OptionalDouble.empty();
    }
  }

  private static final StepListener SILENT = progress -> {};

  private static boolean never() {
    return false;
  }

  /** Softmax regression, whose gradient is written out here: (softmax − one-hot)·xᵀ/B. */
  @Test
  void lossesAreThoseOfLoopsFromTheSameWeights() throws Exception {
    int features = 3072;
    int classes = 10;
    int examples = 6;
    int entries = classes * features;
    double rate = 0.03;
    double[] weight = new Random(2).doubles(entries, -0.01, 0.01).toArray();
    Path initial = write("layers.0.weight", weight, classes, features);
    Kind linear =
        new Kind(
            new Architecture.Perceptron(MlpShape.of(Activation.RELU, features, classes)),
            TrainingData.images(IMAGES, Optional.empty(), Optional.of(examples), true));
    Recipe recipe = Recipe.of(Parametrizations.SP, UpdateRules.SGD).withLearningRate(rate);
    TrainingSettings settings =
        TrainingSettings.withDefaults(8).withFullBatch(true).withPrecision(Precision.FLOAT64);
    Path log = directory.resolve("loss.csv");

    TrainingOutcome outcome =
        TrainingRun.of(
                linear.architecture(),
                recipe,
                OptimizerSettings.withDefaults(),
                linear.data(),
                settings)
            .withInitialWeights(initial)
            .withLog(log)
            .run(SILENT, TrainingRunTest::never);

    List<String> lines = Files.readAllLines(log);
    assertThat(lines).hasSize(9).first().isEqualTo("step,loss");
    double[][] x = standardised(examples);
    double plannedRate =
        recipe
            .plan(linear.architecture().parameters())
            .get("layers.0.weight")
            .scale()
            .learningRate();
    assertThat(plannedRate).isEqualTo(rate);
    for (int step = 1; step <= 8; step++) {
      double loss = 0;
      double[] gradient = new double[weight.length];
      for (int i = 0; i < examples; i++) {
        double[] p = softmax(weight, x[i], classes);
        loss -= Math.log(p[IMAGES.label(i)]) / examples;
        p[IMAGES.label(i)] -= 1;
        for (int c = 0; c < classes; c++) {
          for (int k = 0; k < features; k++) {
            gradient[c * features + k] += p[c] * x[i][k] / examples;
          }
        }
      }
      String[] row = lines.get(step).split(",", -1);
      assertThat(row[0]).isEqualTo(Integer.toString(step));
      assertThat(Double.parseDouble(row[1])).as("step %d", step).isCloseTo(loss, within(1e-12));
      for (int k = 0; k < weight.length; k++) {
        weight[k] -= rate * gradient[k];
      }
    }
    assertThat(outcome.steps()).isEqualTo(8);
    assertThat(outcome.parameters()).isEqualTo(30_720);
    // Held out is what comes after the examples.
    double heldOutLoss = 0;
    int heldOut = IMAGES.count() - examples;
    for (int i = examples; i < IMAGES.count(); i++) {
      heldOutLoss -= Math.log(softmax(weight, x[i], classes)[IMAGES.label(i)]) / heldOut;
    }
    assertThat(outcome.heldOutLoss()).isCloseTo(heldOutLoss, within(1e-12));
  }

  /** All images, by mean and deviation of the first ones. */
  private static double[][] standardised(int first) {
    float[] pixels = new float[IMAGES.count() * 3072];
    for (int i = 0; i < IMAGES.count(); i++) {
      IMAGES.copyPixels(i, pixels, i * 3072);
    }
    int count = first * 3072;
    double sum = 0;
    for (int k = 0; k < count; k++) {
      sum += pixels[k];
    }
    double mean = sum / count;
    double squares = 0;
    for (int k = 0; k < count; k++) {
      squares += (pixels[k] - mean) * (pixels[k] - mean);
    }
    double deviation = Math.sqrt(squares / count);
    double[][] x = new double[IMAGES.count()][3072];
    for (int i = 0; i < IMAGES.count(); i++) {
      for (int k = 0; k < 3072; k++) {
        x[i][k] = (pixels[i * 3072 + k] - mean) / deviation;
      }
    }
    return x;
  }

  private static double[] softmax(double[] weight, double[] x, int classes) {
    double[] p = new double[classes];
    double total = 0;
    for (int c = 0; c < classes; c++) {
      for (int k = 0; k < x.length; k++) {
        p[c] += weight[c * x.length + k] * x[k];
      }
      p[c] = Math.exp(p[c]);
      total += p[c];
    }
    for (int c = 0; c < classes; c++) {
      p[c] /= total;
    }
    return p;
  }

  private Path write(String name, double[] values, long... shape) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    SafetensorsWriter.write(
        bytes,
        List.of(
            new WritableTensor(
                name,
                Dtype.F64,
                Arrays.stream(shape).boxed().toList(),
                (offset, into) ->
                    into.asDoubleBuffer().put(values, (int) (offset / 8), into.remaining() / 8))),
        Map.of());
    return Files.write(directory.resolve("initial.safetensors"), bytes.toByteArray());
  }

  @ParameterizedTest
  @FieldSource("KINDS")
  void whoIsStoppedGoesOnToTheSameBits(Kind kind) throws Exception {
    Path whole = directory.resolve("whole");
    Path parts = directory.resolve("parts");
    TrainingRun training = run(kind, "adam", 0.02, SETTINGS);
    TrainingOutcome undisturbed =
        training
            .withDirectory(whole)
            .withLog(directory.resolve("a.csv"))
            .run(SILENT, TrainingRunTest::never);
    TrainingRun resumed = training.withDirectory(parts).withLog(directory.resolve("b.csv"));

    AtomicInteger asked = new AtomicInteger();
    TrainingOutcome stopped = resumed.run(SILENT, () -> asked.incrementAndGet() == 4);
    assertThat(stopped.stopped()).isTrue();
    assertThat(stopped.steps()).isEqualTo(4);
    assertThat(stopped.checkpoint()).endsWith("step-000000004");
    // What a kill leaves behind: half a checkpoint, and rows of steps that will be taken again.
    Files.writeString(
        Files.createDirectory(parts.resolve("checkpoints/.step-000000005.1.tmp")).resolve("x"), "");
    Files.writeString(directory.resolve("b.csv"), "5,0.5\n6,0.", StandardOpenOption.APPEND);
    List<Long> started = new ArrayList<>();
    TrainingOutcome outcome =
        resumed.run(
            new StepListener() {
              @Override
              public void started(long parameters, long done) {
                started.add(done);
              }

              @Override
              public void stepped(Progress progress) {}
            },
            TrainingRunTest::never);

    assertThat(started).containsExactly(4L);
    assertThat(outcome.trainingLoss()).isEqualTo(undisturbed.trainingLoss());
    assertThat(Double.compare(outcome.heldOutLoss(), undisturbed.heldOutLoss())).isZero();
    assertThat(Double.isNaN(outcome.heldOutLoss())).isEqualTo(kind.data().heldOut().isEmpty());
    assertThat(outcome.steps()).isEqualTo(10);
    for (String file : List.of("model.safetensors", "optimizer.safetensors")) {
      assertThat(parts.resolve("checkpoints/step-000000010/" + file))
          .hasSameBinaryContentAs(whole.resolve("checkpoints/step-000000010/" + file));
    }
    assertThat(directory.resolve("b.csv")).hasSameBinaryContentAs(directory.resolve("a.csv"));
    assertThat(names(parts.resolve("checkpoints")))
        .containsExactlyInAnyOrder("step-000000004", "step-000000010");
    assertThat(names(parts.resolve("checkpoints/step-000000004")))
        .containsExactlyInAnyOrder("model.safetensors", "state.json");
    // Finished: nothing is done again, and everything is known.
    assertThat(timeless(resumed.run(SILENT, TrainingRunTest::never))).isEqualTo(timeless(outcome));
  }

  private static TrainingOutcome timeless(TrainingOutcome outcome) {
    return new TrainingOutcome(
        outcome.parameters(),
        outcome.steps(),
        outcome.diverged(),
        outcome.stopped(),
        outcome.trainingLoss(),
        outcome.heldOutLoss(),
        outcome.heldOutAccuracy(),
        0,
        outcome.checkpoint());
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @ParameterizedTest
  @FieldSource("KINDS")
  void trainingLowersTheLossAndCheckpointsAreReadable(Kind kind) throws Exception {
    List<Double> losses = new ArrayList<>();
    List<Path> checkpoints = new ArrayList<>();
    TrainingOutcome outcome =
        run(
                kind,
                "adam",
                0.05,
                TrainingSettings.withDefaults(30).withFullBatch(true).withCheckpointEvery(10))
            .withDirectory(directory)
            .run(
                new StepListener() {
                  @Override
                  public void stepped(Progress progress) {
                    losses.add(progress.loss());
                    assertThat(progress.timeToGo()).isPresent();
                  }

                  @Override
                  public void checkpointed(Path where) {
                    checkpoints.add(where);
                  }
                },
                TrainingRunTest::never);

    assertThat(losses).hasSize(30);
    assertThat(losses.get(29)).isLessThan(0.9 * losses.get(0)).isEqualTo(outcome.trainingLoss());
    assertThat(checkpoints).hasSize(3);
    try (Checkpoint checkpoint =
        Checkpoints.open(checkpoints.get(2).resolve("model.safetensors"))) {
      assertThat(checkpoint.metadata()).containsEntry("step", "30");
      assertThat(checkpoint.tensors().stream().map(tensor -> tensor.name()))
          .containsAll(
              kind.architecture().parameters().stream()
                  .map(parameter -> parameter.name())
                  .toList());
    }
    assertThat(directory.resolve("result.json")).content().contains("\"training_loss\" : ");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatDivergesIsRecorded(boolean fullBatch) throws Exception {
    Path log = directory.resolve("loss.csv");
    TrainingOutcome outcome =
        run(KINDS.get(0), "sgd", 1e30, SETTINGS.withFullBatch(fullBatch))
            .withDirectory(directory.resolve("out"))
            .withLog(log)
            .run(SILENT, TrainingRunTest::never);
    assertThat(outcome.diverged()).isTrue();
    assertThat(outcome.steps()).isBetween(1L, 3L);
    assertThat(outcome.trainingLoss()).isNaN();
    assertThat(Files.readAllLines(log)).hasSize((int) outcome.steps() + 2);
    assertThat(Files.readString(log)).containsPattern("(NaN|Infinity)\n$");
    assertThat(directory.resolve("out/result.json")).content().contains("\"diverged\" : true");
  }

  @Test
  void anInterruptedThreadLeavesACheckpoint() throws Exception {
    TrainingRun training = run(KINDS.get(0), "sgd", 0.1, SETTINGS).withDirectory(directory);
    assertThatThrownBy(
            () ->
                training.run(
                    progress -> {
                      if (progress.step() == 3) {
                        Thread.currentThread().interrupt();
                      }
                    },
                    TrainingRunTest::never))
        .isInstanceOf(InterruptedException.class)
        .hasMessageContaining("after 4 steps");
    assertThat(names(directory.resolve("checkpoints"))).containsExactly("step-000000004");
    assertThat(training.run(SILENT, TrainingRunTest::never).steps()).isEqualTo(10);
  }

  @Test
  void anObserverSeesEveryStep() throws Exception {
    List<Long> steps = new ArrayList<>();
    List<String> events = new ArrayList<>();
    TrainingObserver.Factory factory =
        (Network network, Plan plan, Tensor probe) -> {
          events.add("probe of " + probe.size(0));
          assertThat(plan.parameters()).hasSize(4);
          return new TrainingObserver() {
            @Override
            public void afterStep(long step) {
              steps.add(step);
              network.forward(probe, (name, input, output) -> events.add(name));
            }

            @Override
            public void close() {
              events.add("closed");
            }
          };
        };
    run(KINDS.get(0), "sgd", 0.1, TrainingSettings.withDefaults(2).withBatch(4))
        .withObserver(factory)
        .run(SILENT, TrainingRunTest::never);
    assertThat(steps).containsExactly(1L, 2L);
    assertThat(events)
        .containsExactly(
            "probe of 4",
            "layers.0.weight",
            "layers.1.weight",
            "layers.0.weight",
            "layers.1.weight",
            "closed");
  }

  @Test
  void anotherTrainingInTheDirectoryIsRefused() throws Exception {
    run(KINDS.get(0), "sgd", 0.1, SETTINGS)
        .withDirectory(directory)
        .run(SILENT, TrainingRunTest::never);
    assertThatThrownBy(
            () ->
                run(KINDS.get(0), "sgd", 0.2, SETTINGS.withSeed(1))
                    .withDirectory(directory)
                    .run(SILENT, TrainingRunTest::never))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("learning_rate is 0.1 there and 0.2 here")
        .hasMessageContaining("seed is 9 there and 1 here")
        .hasMessageNotContaining("digest")
        .hasMessageContaining("choose another --out");
    Recipe withGain =
        Recipe.of(Parametrizations.SPECTRAL, UpdateRules.SGD).withLearningRate(0.1).withGain(2);
    assertThatThrownBy(
            () ->
                TrainingRun.of(
                        KINDS.get(0).architecture(),
                        withGain,
                        OptimizerSettings.withDefaults(),
                        KINDS.get(0).data(),
                        SETTINGS)
                    .withDirectory(directory)
                    .run(SILENT, TrainingRunTest::never))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("plan_digest is ");
    assertThatThrownBy(
            () ->
                run(
                        KINDS.get(0),
                        "sgd",
                        0.1,
                        TrainingSettings.withDefaults(9).withBatch(4).withSeed(9))
                    .withDirectory(directory)
                    .run(SILENT, TrainingRunTest::never))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("after step 10, beyond the 9");
    TrainingSettings longer = TrainingSettings.withDefaults(12).withBatch(4).withSeed(9);
    assertThat(
            run(KINDS.get(0), "sgd", 0.1, longer)
                .withDirectory(directory)
                .run(SILENT, TrainingRunTest::never)
                .steps())
        .isEqualTo(12);
  }

  /** That the other device is not here does not come up: nothing is moved before. */
  @Test
  void aTrainingDoesNotGoOnOnAnotherKindOfDevice() throws Exception {
    run(KINDS.get(0), "sgd", 0.1, SETTINGS)
        .withDirectory(directory)
        .run(SILENT, TrainingRunTest::never);
    assertThat(Files.readString(directory.resolve("provenance.json")))
        .contains("\"device\" : \"cpu\"");
    assertThatThrownBy(
            () ->
                run(KINDS.get(0), "sgd", 0.1, SETTINGS.withDevice(ComputeDevice.cuda(1)))
                    .withDirectory(directory)
                    .run(SILENT, TrainingRunTest::never))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("(device is \"cpu\" there and \"cuda\" here)");
    Path configuration = directory.resolve("configuration.json");
    String written = Files.readString(configuration);
    String older = written.replaceFirst("\\s*\"device\" : \"cpu\",", "");
    assertThat(older).isNotEqualTo(written);
    Files.writeString(configuration, older);
    TrainingSettings longer = TrainingSettings.withDefaults(11).withBatch(4).withSeed(9);
    assertThat(
            run(KINDS.get(0), "sgd", 0.1, longer)
                .withDirectory(directory)
                .run(SILENT, TrainingRunTest::never)
                .steps())
        .isEqualTo(11);
  }

  @Test
  void whatDependsOnTheNumberOfStepsCannotBeMadeLonger() throws Exception {
    Kind kind = KINDS.get(0);
    Recipe recipe = Recipe.of(Parametrizations.SPECTRAL, UpdateRules.SGD).withLearningRate(0.1);
    for (int steps : new int[] {4, 6}) {
      TrainingRun training =
          TrainingRun.of(
                  kind.architecture(),
                  recipe,
                  OptimizerSettings.withDefaults().withSchedule(new Schedules.Linear(0, steps, 0)),
                  kind.data(),
                  TrainingSettings.withDefaults(steps).withBatch(4))
              .withDirectory(directory);
      if (steps == 4) {
        assertThat(training.run(SILENT, TrainingRunTest::never).steps()).isEqualTo(4);
      } else {
        assertThatThrownBy(() -> training.run(SILENT, TrainingRunTest::never))
            .isInstanceOf(RunException.class)
            .hasMessageContaining("schedule is ")
            .hasMessageContaining("steps=4")
            .hasMessageContaining("steps=6");
      }
    }
  }

  @Test
  void firstWeightsMustFit() throws Exception {
    Kind kind = KINDS.get(0);
    Path wrongShape = write("layers.0.weight", new double[24_568], 8, 3071);
    TrainingRun training = run(kind, "sgd", 0.1, SETTINGS);
    assertThatThrownBy(
            () -> training.withInitialWeights(wrongShape).run(SILENT, TrainingRunTest::never))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("it lacks 'layers.0.bias' and 2 more of this network's 4 parameters")
        .hasMessageContaining("it has \"layers.0.weight\"");
    Kind linear =
        new Kind(new Architecture.Perceptron(MlpShape.of(Activation.RELU, 3072, 8)), kind.data());
    assertThatThrownBy(
            () ->
                run(linear, "sgd", 0.1, SETTINGS)
                    .withInitialWeights(wrongShape)
                    .run(SILENT, TrainingRunTest::never))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("'layers.0.weight' has shape [8, 3071] there")
        .hasMessageContaining("needs [8, 3072]");
    assertThatThrownBy(
            () ->
                training
                    .withInitialWeights(directory.resolve("none"))
                    .run(SILENT, TrainingRunTest::never))
        .hasMessageContaining("none");
  }

  @Test
  void saysWhatIsWrong() {
    Kind kind = KINDS.get(0);
    assertThatThrownBy(() -> run(kind, "sgd", 0.1, SETTINGS.withBatch(31)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a batch of 31 cannot be drawn from 30 examples");
    assertThatThrownBy(
            () ->
                TrainingRun.of(
                    kind.architecture(),
                    Recipe.of(Parametrizations.SPECTRAL, new NoDirection()),
                    OptimizerSettings.withDefaults(),
                    kind.data(),
                    SETTINGS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("unknown optimizer that can be run 'nobody'");
    assertThatThrownBy(() -> TrainingSettings.withDefaults(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least 1 step");
  }

  @Test
  void meanSquaredErrorIsThatOfPlusAndMinusOne() {
    try (PointerScope scope = new PointerScope()) {
      Tensor outputs = torch.tensor(new float[] {0.5f, -1, 2, 0, 1, -1}).reshape(2, 3);
      Tensor classes = torch.tensor(new long[] {2, 0});
      // (1.5² + 0² + 1²) and (1² + 2² + 0²) over 6.
      assertThat(Objective.MEAN_SQUARED_ERROR.of(outputs, classes).item_double())
          .isCloseTo((2.25 + 0 + 1 + 1 + 4 + 0) / 6, within(1e-6));
      assertThat(Objective.named("mse")).isEqualTo(Objective.MEAN_SQUARED_ERROR);
      assertThatThrownBy(() -> Objective.named("huber")).hasMessageContaining("cross-entropy");
    }
  }
}
