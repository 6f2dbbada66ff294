package org.widthwise.lab.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.lab.data.ImageDataset;
import org.widthwise.lab.data.StandIn;
import org.widthwise.lab.data.StandInText;
import org.widthwise.lab.run.RunException;
import org.widthwise.torch.distributed.GlooProcessGroup;
import org.widthwise.torch.distributed.PeerException;
import org.widthwise.torch.distributed.ProcessGroup;
import org.widthwise.torch.distributed.RosterCall;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.engine.OneBlasThread;
import org.widthwise.torch.engine.Tensors;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.nn.ChannelNormalization;
import org.widthwise.torch.nn.MlpShape;
import org.widthwise.torch.nn.ResNetShape;
import org.widthwise.torch.nn.TransformerShape;
import org.widthwise.torch.optim.GradientClipping;
import org.widthwise.torch.optim.OptimizerSettings;

/** Processes are threads here, connected as processes are. */
@Timeout(180)
final class GroupTrainingTest {

  private static final ImageDataset IMAGES = StandIn.generate(3, 5);
  private static final TrainingSettings SETTINGS =
      TrainingSettings.withDefaults(8).withBatch(5).withSeed(9);

  private final Path directory;

  GroupTrainingTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  record Kind(
      String name, Architecture architecture, TrainingData data, int processes, double tolerance) {

    @Override
    public String toString() {
      return "%s, %d processes".formatted(name, processes);
    }

    boolean is64() {
      return tolerance < 1e-9;
    }

    /** A residual network takes long. */
    TrainingSettings settings() {
      return name.equals("resnet")
          ? TrainingSettings.withDefaults(3).withBatch(5).withSeed(9)
          : SETTINGS;
    }
  }

  /** Losses differ by the order of sums alone: some hundred roundings of the precision. */
  static final List<Kind> KINDS =
      List.of(
          new Kind("mlp", mlp(), images(true), 2, 1e-12),
          new Kind("mlp", mlp(), images(true), 3, 1e-12),
          new Kind("mlp", mlp(), images(true), 2, 2e-5),
          new Kind("transformer", decoder(text()), text(), 2, 1e-12),
          new Kind("transformer", decoder(text()), text(), 2, 2e-5),
          new Kind("resnet", resnet(new ChannelNormalization.Group(2)), images(false), 2, 1e-12));

  private static Architecture mlp() {
    return new Architecture.Perceptron(MlpShape.of(Activation.RELU, 3072, 8, 10).withBias(true));
  }

  private static Architecture resnet(ChannelNormalization normalization) {
    return new Architecture.Residual(new ResNetShape(3, 10, 4, List.of(1, 1, 1), normalization));
  }

  private static Architecture decoder(TrainingData data) {
    TransformerShape shape =
        TransformerShape.of(data.classes(), 8, 16, 1, 2).withTied(true).withBias(true);
    return new Architecture.Decoder(shape, 1.0 / shape.headWidth());
  }

  private static TrainingData images(boolean flat) {
    return TrainingData.images(IMAGES, Optional.of(StandIn.generate(1, 6)), Optional.of(24), flat);
  }

  private static TrainingData text() {
    return TrainingData.text(StandInText.generate(3000, 4), 8, Optional.of(40));
  }

  private static TrainingRun run(Kind kind, TrainingSettings settings, double rate) {
    Recipe recipe = Recipe.of(Parametrizations.SPECTRAL, UpdateRules.ADAM).withLearningRate(rate);
    // Clipped in most steps: by the size of the averaged gradients.
    return TrainingRun.of(
        kind.architecture(),
        recipe,
        OptimizerSettings.withDefaults().withClipping(new GradientClipping(0.3)),
        kind.data(),
        settings.withPrecision(kind.is64() ? Precision.FLOAT64 : Precision.FLOAT32));
  }

  /** Keeps what is spread at the start, which are the tensors of the network first. */
  private static final class Recorded implements ProcessGroup {
    final ProcessGroup group;
    final List<Tensor> spread = new ArrayList<>();

    Recorded(ProcessGroup group) {
      this.group = group;
    }

    @Override
    public int rank() {
      return group.rank();
    }

    @Override
    public int size() {
      return group.size();
    }

    @Override
    public Pending sum(Tensor tensor) {
      return group.sum(tensor);
    }

    @Override
    public void broadcast(Tensor tensor) {
      spread.add(tensor);
      group.broadcast(tensor);
    }

    @Override
    public List<String> exchange(String text) {
      return group.exchange(text);
    }

    @Override
    public void abandon(String reason) {
      group.abandon(reason);
    }

    @Override
    public void close() {
      group.close();
    }

    /** All bits of the parameters, as they are now. */
    int bits(int parameters) {
      try (PointerScope scope = new PointerScope()) {
        int bits = 17;
        for (Tensor tensor : spread.subList(0, parameters)) {
          Tensor flat = tensor.detach().to(ScalarType.Double);
          double[] values = new double[(int) flat.numel()];
          flat.contiguous().data_ptr_double().get(values);
          bits = 31 * bits + Arrays.hashCode(values) + Tensors.shape(tensor).length;
        }
        return bits;
      }
    }
  }

  /** What one process of a group does. */
  @FunctionalInterface
  private interface Work<T> {
    T of(Recorded group) throws Exception;
  }

  private static <T> List<Future<T>> together(int size, Work<T> work) throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    ExecutorService threads = Executors.newFixedThreadPool(size);
    try {
      List<Callable<T>> calls = new ArrayList<>();
      for (int r = 0; r < size; r++) {
        RosterCall call = new RosterCall(address, r, size, Duration.ofSeconds(30));
        calls.add(
            () -> {
              // The ranks would fight for the threads of an operation.
              try (OneBlasThread one = OneBlasThread.open();
                  Recorded group = new Recorded(GlooProcessGroup.of(call.gather(), "127.0.0.1"))) {
                return work.of(group);
              }
            });
      }
      return threads.invokeAll(calls, 120, TimeUnit.SECONDS);
    } finally {
      threads.shutdownNow();
    }
  }

  private static Throwable thrown(Future<?> future) throws Exception {
    try {
      Object result = future.get();
      throw new AssertionError("nothing was thrown, and the result is " + result);
    } catch (ExecutionException failed) {
      return Objects.requireNonNull(failed.getCause());
    }
  }

  private static boolean never() {
    return false;
  }

  private List<Double> losses(Path log) throws IOException {
    return Files.readAllLines(log).stream()
        .skip(1)
        .map(line -> Double.parseDouble(line.substring(line.indexOf(',') + 1)))
        .toList();
  }

  /** Batches of five: shares of two and three, or of one, two and two. */
  @ParameterizedTest
  @FieldSource("KINDS")
  void lossesAreThoseOfOneProcessAndWeightsTheSameBitsEverywhere(Kind kind) throws Exception {
    Path alone = directory.resolve("alone.csv");
    TrainingOutcome one =
        run(kind, kind.settings(), 0.05)
            .withLog(alone)
            .run(progress -> {}, GroupTrainingTest::never);
    Path shared = directory.resolve("shared.csv");
    int steps = (int) kind.settings().steps();
    int parameters = kind.architecture().parameters().size();
    List<Integer> bits = new ArrayList<>();
    List<Double> last = new ArrayList<>();
    for (Future<List<Object>> future :
        together(
            kind.processes(),
            group -> {
              List<Object> seen = new ArrayList<>();
              TrainingOutcome outcome =
                  run(kind, kind.settings(), 0.05)
                      .withLog(shared)
                      .withGroup(group)
                      .run(progress -> seen.add(group.bits(parameters)), GroupTrainingTest::never);
              seen.add(outcome);
              return seen;
            })) {
      bits.add((Integer) future.get().get(steps - 1));
      assertThat(future.get().subList(0, steps)).doesNotHaveDuplicates();
      last.add(((TrainingOutcome) future.get().get(steps)).heldOutLoss());
    }
    List<Double> expected = losses(alone);
    List<Double> found = losses(shared);
    assertThat(found).hasSize(steps);
    for (int step = 0; step < steps; step++) {
      double size = expected.get(step);
      assertThat(found.get(step))
          .as("step %d", step)
          .isCloseTo(size, within(kind.tolerance() * size));
    }
    assertThat(bits).hasSize(kind.processes()).containsOnly(bits.get(0));
    assertThat(last.get(0)).isCloseTo(one.heldOutLoss(), within(10 * kind.tolerance()));
    assertThat(last.subList(1, last.size())).containsOnly(Double.NaN);
  }

  /** Statistics are of a process' own examples: the same weights everywhere, other losses. */
  @Test
  void batchNormalisationIsOfEachProcessItsOwn() throws Exception {
    Kind kind =
        new Kind("resnet", resnet(new ChannelNormalization.Batch()), images(false), 2, 1e-12);
    Path alone = directory.resolve("alone.csv");
    run(kind, kind.settings(), 0.05).withLog(alone).run(progress -> {}, GroupTrainingTest::never);
    Path shared = directory.resolve("shared.csv");
    int steps = (int) kind.settings().steps();
    int parameters = kind.architecture().parameters().size();
    List<Integer> bits = new ArrayList<>();
    for (Future<List<Integer>> future :
        together(
            2,
            group -> {
              List<Integer> seen = new ArrayList<>();
              run(kind, kind.settings(), 0.05)
                  .withLog(shared)
                  .withGroup(group)
                  .run(progress -> seen.add(group.bits(parameters)), GroupTrainingTest::never);
              return seen;
            })) {
      bits.add(future.get().get(steps - 1));
    }
    assertThat(bits.get(0)).isEqualTo(bits.get(1));
    assertThat(Math.abs(losses(shared).get(0) / losses(alone).get(0) - 1)).isGreaterThan(1e-4);
  }

  /** Rank 1 asks for the end; two processes go on, then one. */
  @Test
  void whoIsStoppedGoesOnWithAnyNumberOfProcesses() throws Exception {
    Kind kind = KINDS.get(0);
    Path whole = directory.resolve("whole");
    Path parts = directory.resolve("parts");
    together(
        2,
        group ->
            run(kind, SETTINGS, 0.05)
                .withDirectory(whole)
                .withGroup(group)
                .run(progress -> {}, GroupTrainingTest::never));
    for (Future<TrainingOutcome> future :
        together(
            2,
            group -> {
              long[] seen = new long[1];
              return run(kind, SETTINGS, 0.05)
                  .withDirectory(parts)
                  .withGroup(group)
                  .run(
                      progress -> seen[0] = progress.step(),
                      () -> group.rank() == 1 && seen[0] == 3);
            })) {
      assertThat(future.get().stopped()).isTrue();
      assertThat(future.get().steps()).isEqualTo(4);
    }
    for (Future<TrainingOutcome> future :
        together(
            2,
            group ->
                run(kind, SETTINGS, 0.05)
                    .withDirectory(parts)
                    .withGroup(group)
                    .run(progress -> {}, GroupTrainingTest::never))) {
      assertThat(future.get().steps()).isEqualTo(8);
    }
    for (String file : List.of("model.safetensors", "optimizer.safetensors")) {
      String last = "checkpoints/step-000000008/" + file;
      assertThat(parts.resolve(last)).hasSameBinaryContentAs(whole.resolve(last));
    }
    assertThat(Files.readString(parts.resolve("provenance.json"))).contains("\"processes\" : 2");
    TrainingSettings longer = TrainingSettings.withDefaults(9).withBatch(5).withSeed(9);
    TrainingOutcome one =
        run(kind, longer, 0.05).withDirectory(parts).run(progress -> {}, GroupTrainingTest::never);
    TrainingOutcome alone = run(kind, longer, 0.05).run(progress -> {}, GroupTrainingTest::never);
    assertThat(one.trainingLoss()).isCloseTo(alone.trainingLoss(), within(1e-11));
  }

  @Test
  void whoHasOtherOptionsIsNamedEverywhere() throws Exception {
    Kind kind = KINDS.get(0);
    for (Future<TrainingOutcome> future :
        together(
            2,
            group ->
                run(
                        kind,
                        group.rank() == 0
                            ? SETTINGS
                            : TrainingSettings.withDefaults(9).withBatch(5).withSeed(8),
                        group.rank() == 0 ? 0.05 : 0.06)
                    .withGroup(group)
                    .run(progress -> {}, GroupTrainingTest::never))) {
      assertThat(thrown(future))
          .isInstanceOf(RunException.class)
          .hasMessage(
              "rank 1 has other options than rank 0 (learning_rate is 0.05 in rank 0 and 0.06 in"
                  + " rank 1; seed is 9 in rank 0 and 8 in rank 1; steps is 8 in rank 0 and 9 in"
                  + " rank 1): give every process the same");
    }
  }

  @Test
  void whoFailsIsQuotedByTheOthersWithTheLastCheckpoint() throws Exception {
    Kind kind = KINDS.get(0);
    TrainingSettings settings = SETTINGS.withCheckpointEvery(2);
    List<Future<TrainingOutcome>> futures =
        together(
            2,
            group ->
                run(kind, settings, 0.05)
                    .withDirectory(directory)
                    .withGroup(group)
                    .run(
                        progress -> {
                          if (group.rank() == 1 && progress.step() == 3) {
                            throw new IllegalStateException("out of luck\nat length");
                          }
                        },
                        GroupTrainingTest::never));
    assertThat(thrown(futures.get(1))).isInstanceOf(IllegalStateException.class);
    assertThat(thrown(futures.get(0)))
        .isInstanceOf(PeerException.class)
        .hasMessage(
            "rank 1 of 2 failed: out of luck; the last checkpoint is %s, and the same command goes on"
                    .formatted(directory.resolve("checkpoints/step-000000002"))
                + " from it");
  }

  @Test
  void aBatchHasAnExampleForEachProcess() throws Exception {
    Kind kind = KINDS.get(0);
    for (Future<TrainingRun> future :
        together(2, group -> run(kind, SETTINGS.withBatch(1), 0.05).withGroup(group))) {
      assertThatThrownBy(
              () -> {
                throw thrown(future);
              })
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("a batch of 1 cannot be shared out among 2 processes");
    }
  }
}
