package org.widthwise.lab.paper;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.lab.data.ImageDataset;
import org.widthwise.lab.data.PooledImages;
import org.widthwise.lab.experiment.Preset;
import org.widthwise.lab.experiment.Settings;
import org.widthwise.lab.experiment.Study;
import org.widthwise.lab.run.Member;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.nn.MlpShape;
import org.widthwise.torch.optim.Direction;
import org.widthwise.torch.optim.Directions;
import org.widthwise.torch.plan.MlpParameters;

/**
 * Perceptrons 48–n–n–1 on shrunk images under entrywise update rules: at the rates of
 * Parametrization 1 for these rules, and Adam at gradient descent's rates as well, which are n_ℓ
 * times as large. There the global rate is divided by 64, so that both agree on hidden layers of
 * width 64.
 */
final class AdaptiveStudy implements Study {

  static final AdaptiveStudy INSTANCE = new AdaptiveStudy();

  /** Added to a rule's id: gradient descent's rates. */
  static final String WRONG = "-sgd_rates";

  /** Added to a series: at the best global rate of the narrowest width. */
  static final String TUNED = "-tuned";

  private static final int EXAMPLES = 200;
  private static final int STEPS = 30;
  private static final int NARROW = 64;
  private static final double LEARNING_RATE = 0.05;

  /**
   * Of the powers of 2, the ones with the least loss after 30 steps at width 64; for gradient
   * descent's rates before the division by 64.
   */
  private static final double TUNED_RATE = 1;

  private static final double TUNED_WRONG_RATE = 2;

  /** Its raw update starts at 1/√(1 − 0.99) = 10 times the size of the others'. */
  private static final double RMSPROP_RATE = 0.005;

  private AdaptiveStudy() {}

  @Override
  public String id() {
    return "adaptive";
  }

  @Override
  public Settings settings(Preset preset) {
    return switch (preset) {
      case QUICK -> Settings.training(List.of(64L, 128L, 256L, 512L), 4, STEPS);
      case STANDARD -> Settings.training(List.of(64L, 128L, 256L, 512L, 1024L), 10, STEPS);
      case PAPER ->
          Settings.training(List.of(64L, 128L, 256L, 512L, 1024L, 2048L, 4096L), 10, STEPS);
    };
  }

  @Override
  public Map<String, Object> constants() {
    Map<String, Object> constants = new LinkedHashMap<>();
    constants.put("examples", EXAMPLES);
    constants.put("inputs", "images averaged to 4x4");
    constants.put("learning_rate", LEARNING_RATE);
    constants.put("rmsprop_learning_rate", RMSPROP_RATE);
    constants.put("tuned_learning_rate", TUNED_RATE);
    constants.put("tuned_sgd_rates_learning_rate", TUNED_WRONG_RATE / NARROW);
    constants.put("activation", "relu");
    constants.put("loss", "mse");
    return constants;
  }

  @Override
  public List<Member> members(Settings settings, ImageDataset data) {
    UpdateRule adam = UpdateRules.ADAM;
    List<Member> members = new ArrayList<>();
    for (long width : settings.widths()) {
      int n = Math.toIntExact(width);
      MlpShape shape = MlpShape.of(Activation.RELU, PooledImages.features(data), n, n, 1);
      Map<String, RuleNetwork> networks = new LinkedHashMap<>();
      networks.put(UpdateRules.SIGN.id(), own(shape, UpdateRules.SIGN, LEARNING_RATE));
      networks.put(adam.id(), own(shape, adam, LEARNING_RATE));
      networks.put(UpdateRules.RMSPROP.id(), own(shape, UpdateRules.RMSPROP, RMSPROP_RATE));
      networks.put(adam.id() + WRONG, wrong(shape, adam, LEARNING_RATE));
      networks.put(adam.id() + TUNED, own(shape, adam, TUNED_RATE));
      networks.put(adam.id() + WRONG + TUNED, wrong(shape, adam, TUNED_WRONG_RATE));
      networks.forEach(
          (series, network) -> {
            RuleMeasure measure = series.endsWith(TUNED) ? RuleMeasure.NONE : new UpdateSizes();
            PooledClasses task = new PooledClasses(EXAMPLES);
            members.addAll(
                RuleMember.trials(series, width, network, task, EXAMPLES, measure, settings, data));
          });
    }
    return members;
  }

  private static RuleNetwork own(MlpShape shape, UpdateRule rule, double rate) {
    Direction direction = Directions.named(rule.id());
    return RuleNetwork.of(shape, recipe(rule, rate), direction);
  }

  /** The rule's own initial values and ε at gradient descent's rates. */
  private static RuleNetwork wrong(MlpShape shape, UpdateRule rule, double rate) {
    return own(shape, rule, rate)
        .withRates(
            MlpParameters.rates(
                recipe(UpdateRules.SGD, rate / NARROW).plan(MlpParameters.of(shape)), shape));
  }

  private static Recipe recipe(UpdateRule rule, double rate) {
    return Recipe.of(Parametrizations.SPECTRAL, rule).withLearningRate(rate).withGain(Math.sqrt(2));
  }
}
