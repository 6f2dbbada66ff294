package org.widthwise.torch.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.engine.OneBlasThread;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.nn.Mlp;
import org.widthwise.torch.nn.MlpShape;

/** Trains in one of several ways and prints the resident memory after every 2,000 steps. */
final class MemoryMain {
  static final Path STATUS = Path.of("/proc/self/status");

  private static final MlpShape SHAPE = MlpShape.of(Activation.RELU, 100, 32, 32, 32);
  private static final int EXAMPLES = 64;
  private static final TrainingLength LENGTH = new TrainingLength(22_000, 2_000);

  private MemoryMain() {}

  public static void main(String[] arguments) throws InterruptedException {
    Libtorch.load();
    try (PointerScope scope = new PointerScope();
        OneBlasThread oneThread = OneBlasThread.open()) {
      FullBatch batch = Problems.batch(ScalarType.Float, EXAMPLES, SHAPE, 1);
      MlpWeights start = Problems.weights(ScalarType.Float, SHAPE, 2);
      LayerRates rates = Problems.rates(SHAPE, 0.1);
      switch (arguments[0]) {
        case "autograd" -> {
          Mlp mlp = Problems.mlp(ScalarType.Float, SHAPE, start);
          SgdOptions options = SgdOptions.plain().withMomentum(0.5);
          Sgd sgd = new Sgd(mlp, rates.byParameterName(), options);
          AutogradTrainer.train(mlp, batch, sgd, LENGTH, (point, weights) -> print(weights.get()));
        }
        case "compressed" ->
            CompressedMlpTrainer.train(
                start,
                SHAPE.activation(),
                batch,
                rates,
                LENGTH,
                (point, weights) -> print(weights.get()));
        case "leaking" -> leak(start);
        default -> throw new IllegalArgumentException(arguments[0]);
      }
    }
  }

  /** What a step would do that left one of its smallest temporaries behind. */
  private static void leak(MlpWeights start) {
    Tensor inputs = torch.randn(EXAMPLES, SHAPE.fanIn(2));
    for (long step = 0; step <= LENGTH.steps(); step++) {
      inputs.mm(start.weights().get(2));
      if (LENGTH.reportsAfter(step)) {
        print(start);
      }
    }
  }

  private static void print(MlpWeights weights) {
    if (weights.depth() != SHAPE.depth()) {
      throw new IllegalStateException("weights of depth " + weights.depth());
    }
    try {
      String resident =
          Files.readAllLines(STATUS).stream()
              .filter(line -> line.startsWith("VmRSS:"))
              .findFirst()
              .orElseThrow();
      System.out.println(resident.replaceAll("\\D", ""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
