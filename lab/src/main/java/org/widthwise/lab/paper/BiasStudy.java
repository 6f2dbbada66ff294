package org.widthwise.lab.paper;

import java.util.ArrayList;
import java.util.Collections;
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
import org.widthwise.lab.data.PooledImages;
import org.widthwise.lab.experiment.Preset;
import org.widthwise.lab.experiment.Settings;
import org.widthwise.lab.experiment.Study;
import org.widthwise.lab.run.Member;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.nn.MlpShape;
import org.widthwise.torch.optim.Directions;
import org.widthwise.torch.train.LayerRates;

/**
 * Perceptrons 48–n–n–1 with biases of σ = 1 on shrunk images, under gradient descent and Adam at
 * the rates of Parametrization 1, and under gradient descent with one rate for all biases.
 */
final class BiasStudy implements Study {

  static final BiasStudy INSTANCE = new BiasStudy();

  /** The series of gradient descent with η_b = Θ(1). */
  static final String GLOBAL = "sgd-global";

  private static final int EXAMPLES = 200;
  private static final int STEPS = 10;
  private static final double SGD_RATE = 0.1;
  private static final double ADAM_RATE = 0.02;

  private BiasStudy() {}

  @Override
  public String id() {
    return "biases";
  }

  @Override
  public Settings settings(Preset preset) {
    return switch (preset) {
      case QUICK -> Settings.training(List.of(64L, 128L, 256L, 512L), 10, STEPS);
      case STANDARD -> Settings.training(List.of(64L, 128L, 256L, 512L, 1024L), 20, STEPS);
      case PAPER ->
          Settings.training(List.of(64L, 128L, 256L, 512L, 1024L, 2048L, 4096L), 20, STEPS);
    };
  }

  @Override
  public Map<String, Object> constants() {
    Map<String, Object> constants = new LinkedHashMap<>();
    constants.put("examples", EXAMPLES);
    constants.put("inputs", "images averaged to 4x4");
    constants.put("sgd_learning_rate", SGD_RATE);
    constants.put("adam_learning_rate", ADAM_RATE);
    constants.put("activation", "relu");
    constants.put("loss", "mse");
    return constants;
  }

  @Override
  public List<Member> members(Settings settings, ImageDataset data) {
    List<Member> members = new ArrayList<>();
    for (long width : settings.widths()) {
      int n = Math.toIntExact(width);
      MlpShape shape =
          MlpShape.of(Activation.RELU, PooledImages.features(data), n, n, 1).withBias(true);
      RuleNetwork sgd = network(shape, UpdateRules.SGD, SGD_RATE);
      Map<String, RuleNetwork> networks = new LinkedHashMap<>();
      networks.put(UpdateRules.SGD.id(), sgd);
      networks.put(
          GLOBAL,
          sgd.withRates(
              new LayerRates(sgd.rates().weights(), Collections.nCopies(shape.depth(), SGD_RATE))));
      networks.put(UpdateRules.ADAM.id(), network(shape, UpdateRules.ADAM, ADAM_RATE));
      networks.forEach(
          (series, network) ->
              members.addAll(
                  RuleMember.trials(
                      series,
                      width,
                      network,
                      new PooledClasses(EXAMPLES),
                      EXAMPLES,
                      new BiasSizes(),
                      settings,
                      data)));
    }
    return members;
  }

  private static RuleNetwork network(MlpShape shape, UpdateRule rule, double rate) {
    Recipe recipe =
        Recipe.of(Parametrizations.SPECTRAL, rule)
            .withLearningRate(rate)
            .withGain(Math.sqrt(2))
            .withPrefactor(ParameterGroup.BIAS, Prefactor.ONE);
    return RuleNetwork.of(shape, recipe, Directions.named(rule.id()));
  }
}
