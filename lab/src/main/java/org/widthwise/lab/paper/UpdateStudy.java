package org.widthwise.lab.paper;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Prefactor;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.shape.ParameterGroup;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.lab.data.ImageDataset;
import org.widthwise.lab.experiment.Preset;
import org.widthwise.lab.experiment.Settings;
import org.widthwise.lab.experiment.Study;
import org.widthwise.lab.run.Member;
import org.widthwise.lab.run.MemberKey;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.nn.MlpShape;

/**
 * Networks of a few steps whose initial weights and updates are measured, of Table 1, Claim 2 and
 * Lemma 1: perceptrons without biases under Parametrization 1, on images of two classes with
 * targets ±1.
 *
 * <ul>
 *   <li>48–n–n–1 under three update rules: its matrices are n × n and 1 × n.
 *   <li>√n–n–√n, for matrices whose sides grow at different rates: n × √n and √n × n. Its inputs
 *       are as many pixels, and each of its outputs has the example's target. They must be the ends
 *       of a network: within one, a layer whose fan-out is the smaller by more than a constant
 *       makes features smaller than Desideratum 1 asks, and the layer before it gradients smaller
 *       than eq. 20 says (the proviso of Claim 1, forward and backward).
 *   <li>48–n–n–1 in batches of one example, linear and with ReLU, in double precision.
 * </ul>
 *
 * <p>Gaussian n × √n weights have spectral norm σ√n·(1 + n^−¼), which is near its limit only where
 * n is large; so they are measured at sixteen times the widths of the others.
 */
final class UpdateStudy implements Study {

  static final UpdateStudy INSTANCE = new UpdateStudy();

  /** The update rules of the network 48–n–n–1; the rule's name is the members' series. */
  static final List<UpdateRule> RULES =
      List.of(UpdateRules.SGD, UpdateRules.ADAM, UpdateRules.SIGN);

  /** The series of the network √n–n–√n. */
  static final String RECTANGLES = "rectangles";

  /** The series of the linear network under batches of one example. */
  static final String SINGLE_LINEAR = "single-linear";

  /** The series of the network with ReLU under batches of one example. */
  static final String SINGLE_RELU = "single-relu";

  private static final int EXAMPLES = 32;
  private static final int INPUTS = 48;
  private static final double LEARNING_RATE = 0.2;

  /** Smaller, for a single bright image makes a much larger step than a batch. */
  private static final double SINGLE_LEARNING_RATE = 0.05;

  private static final int STEPS = 16;
  private static final int TRIALS = 10;

  /** The readout's initial scale in Parametrization 1's. */
  private static final double READOUT_INIT = 0.125;

  private static final int RECTANGLE_FACTOR = 16;

  private UpdateStudy() {}

  @Override
  public String id() {
    return "updates";
  }

  @Override
  public Settings settings(Preset preset) {
    return switch (preset) {
      case QUICK -> Settings.training(List.of(64L, 128L, 256L, 512L, 1024L), TRIALS, STEPS);
      case STANDARD, PAPER ->
          Settings.training(List.of(64L, 128L, 256L, 512L, 1024L, 2048L, 4096L), TRIALS, STEPS);
    };
  }

  @Override
  public Map<String, Object> constants() {
    Map<String, Object> constants = new LinkedHashMap<>();
    constants.put("examples", EXAMPLES);
    constants.put("pixels", INPUTS);
    constants.put("learning_rate", LEARNING_RATE);
    constants.put("single_learning_rate", SINGLE_LEARNING_RATE);
    constants.put("readout_init", READOUT_INIT);
    constants.put("rectangle_factor", RECTANGLE_FACTOR);
    constants.put("loss", "mse");
    return constants;
  }

  @Override
  public List<Member> members(Settings settings, ImageDataset data) {
    List<Member> members = new ArrayList<>();
    for (long width : settings.widths()) {
      for (int trial = 0; trial < settings.trials(); trial++) {
        for (UpdateRule rule : RULES) {
          MemberKey key = new MemberKey(rule.id(), width, trial);
          MlpShape shape = square(Activation.RELU, width);
          members.add(
              new UpdateMember(
                  new PixelNetwork(key, shape, recipe(rule, shape), settings, data, EXAMPLES)));
        }
        MemberKey key = new MemberKey(RECTANGLES, RECTANGLE_FACTOR * width, trial);
        MlpShape shape = rectangles(key.x());
        RandomPixels.require(data, shape.fanIn(0), width);
        members.add(
            new UpdateMember(
                new PixelNetwork(
                    key, shape, recipe(UpdateRules.SGD, shape), settings, data, EXAMPLES)));
        members.add(single(SINGLE_LINEAR, Activation.IDENTITY, width, trial, settings, data));
        members.add(single(SINGLE_RELU, Activation.RELU, width, trial, settings, data));
      }
    }
    return members;
  }

  private static Member single(
      String series,
      Activation activation,
      long width,
      int trial,
      Settings settings,
      ImageDataset data) {
    MlpShape shape = square(activation, width);
    return new SingleExampleMember(
        new PixelNetwork(
            new MemberKey(series, width, trial),
            shape,
            recipe(UpdateRules.SGD, shape).withLearningRate(SINGLE_LEARNING_RATE),
            settings,
            data,
            EXAMPLES));
  }

  private static MlpShape square(Activation activation, long width) {
    int n = Math.toIntExact(width);
    return MlpShape.of(activation, INPUTS, n, n, 1);
  }

  private static MlpShape rectangles(long side) {
    int n = Math.toIntExact(side);
    int m = Math.toIntExact(shortSide(side));
    return MlpShape.of(Activation.RELU, m, n, m);
  }

  /** √n, the nearest integer. */
  static long shortSide(long side) {
    return Math.round(Math.sqrt((double) side));
  }

  /**
   * Parametrization 1 with the gain of the activation. The readout starts at an eighth of its
   * scale: initial outputs vanish as the width grows, and so they are small beside the targets at
   * every width, and residuals are as they are in the limit.
   */
  static Recipe recipe(UpdateRule rule, MlpShape shape) {
    Recipe recipe =
        Recipe.of(Parametrizations.SPECTRAL, rule)
            .withLearningRate(LEARNING_RATE)
            .withPrefactor(ParameterGroup.READOUT, Prefactor.ONE.withInit(READOUT_INIT));
    return shape.activation() == Activation.RELU ? recipe.withGain(Math.sqrt(2)) : recipe;
  }
}
