package org.widthwise.lab.paper;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.LongStream;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.lab.data.ImageDataset;
import org.widthwise.lab.experiment.Preset;
import org.widthwise.lab.experiment.Settings;
import org.widthwise.lab.experiment.Study;
import org.widthwise.lab.run.Member;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.nn.MlpShape;

/**
 * The networks of Figures 1 and 3: single gradient steps on batches of growing size.
 *
 * <p>Perceptrons 3072–300–300–10 without biases, ReLU and tanh, on subsets of all ten classes
 * (appendix A). The paper leaves open the loss, the initial weights and what "after training"
 * means. Here: mean squared error against targets ±1, initial weights of Parametrization 1 with a
 * gain of √2 for ReLU and 1 for tanh, and {@value #STEPS} steps of gradient descent at
 * Parametrization 1's rates on minibatches of {@value #MINIBATCH} from {@value #TRAINING_EXAMPLES}
 * images. Each subset that is measured is a draw of its own.
 */
final class BatchStudy implements Study {

  static final BatchStudy INSTANCE = new BatchStudy();

  /** n₁ = n₂, the paper's. */
  static final int WIDTH = 300;

  static final int TRAINING_EXAMPLES = 4096;
  static final int MINIBATCH = 64;
  static final int STEPS = 500;
  static final double LEARNING_RATE = 0.5;

  private static final int PAPER_TRIALS = 10;
  private static final int QUICK_TRIALS = 4;
  private static final int STANDARD_DOUBLINGS = 12;
  private static final int PAPER_DOUBLINGS = 13;

  private BatchStudy() {}

  @Override
  public String id() {
    return "batches";
  }

  @Override
  public Settings settings(Preset preset) {
    return switch (preset) {
      case QUICK -> settings(List.of(1L, 4L, 16L, 64L, 256L, 1024L), QUICK_TRIALS);
      case STANDARD -> settings(doublings(STANDARD_DOUBLINGS), PAPER_TRIALS);
      case PAPER -> settings(doublings(PAPER_DOUBLINGS), PAPER_TRIALS);
    };
  }

  private static Settings settings(List<Long> batches, int trials) {
    return Settings.training(List.of((long) WIDTH), trials, STEPS).withBatches(batches);
  }

  private static List<Long> doublings(int greatest) {
    return LongStream.rangeClosed(0, greatest).map(power -> 1L << power).boxed().toList();
  }

  @Override
  public Map<String, Object> constants() {
    Map<String, Object> constants = new LinkedHashMap<>();
    constants.put("parametrization", Parametrizations.SPECTRAL.id());
    constants.put("training_examples", TRAINING_EXAMPLES);
    constants.put("minibatch", MINIBATCH);
    constants.put("learning_rate", LEARNING_RATE);
    constants.put("loss", "mse");
    return constants;
  }

  @Override
  public List<Member> members(Settings settings, ImageDataset data) {
    requireOneWidth(settings);
    requireImages(settings, data);
    int n = Math.toIntExact(settings.widths().get(0));
    List<Member> members = new ArrayList<>();
    for (Activation activation : List.of(Activation.RELU, Activation.TANH)) {
      MlpShape shape = MlpShape.of(activation, data.features(), n, n, data.classNames().size());
      for (int trial = 0; trial < settings.trials(); trial++) {
        members.add(
            new BatchMember(series(activation), recipe(activation), shape, trial, settings, data));
      }
    }
    return members;
  }

  /** The series of the members with a nonlinearity. */
  static String series(Activation activation) {
    return activation.name().toLowerCase(Locale.ROOT);
  }

  /** Parametrization 1, with the gain that keeps the features' size from layer to layer. */
  static Recipe recipe(Activation activation) {
    return Recipe.of(Parametrizations.SPECTRAL, UpdateRules.SGD)
        .withLearningRate(LEARNING_RATE)
        .withGain(activation == Activation.RELU ? Math.sqrt(2) : 1);
  }

  private static void requireOneWidth(Settings settings) {
    List<Long> widths = settings.widths();
    if (widths.size() != 1) {
      throw new IllegalArgumentException(
          "the study of batch sizes has one hidden width, %d in the paper, not %s: give one by"
                  .formatted(WIDTH, widths)
              + " --widths, or none");
    }
  }

  private static void requireImages(Settings settings, ImageDataset data) {
    long greatest = settings.batches().get(settings.batches().size() - 1);
    if (greatest > data.count()) {
      throw new IllegalArgumentException(
          "a batch of %,d different images cannot be drawn from the %,d of %s: choose --batches up"
                  .formatted(greatest, data.count(), data.description())
              + " to %d".formatted(data.count()));
    }
    if (TRAINING_EXAMPLES > data.count()) {
      throw new IllegalArgumentException(
          "the study of batch sizes trains on %,d different images, but %s has %,d"
              .formatted(TRAINING_EXAMPLES, data.description(), data.count()));
    }
  }
}
