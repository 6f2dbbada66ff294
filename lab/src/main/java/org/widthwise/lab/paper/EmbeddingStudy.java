package org.widthwise.lab.paper;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.shape.Parameter;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.lab.data.ImageDataset;
import org.widthwise.lab.experiment.Preset;
import org.widthwise.lab.experiment.Settings;
import org.widthwise.lab.experiment.Study;
import org.widthwise.lab.run.Member;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.nn.MlpShape;
import org.widthwise.torch.optim.Directions;
import org.widthwise.torch.plan.MlpParameters;

/**
 * Perceptrons V–n–n–1 on tokens ({@link PixelTokens}). Against width: 256 tokens, gradient descent
 * at the rates of Parametrization 1, the first layer planned as an embedding, with n₀ = 1. Against
 * the vocabulary, at a fixed width above it: Adam, that layer planned so and as a dense one, with
 * n₀ = V. There it is Adam, because gradient descent moves a token by how often it occurs.
 */
final class EmbeddingStudy implements Study {

  static final EmbeddingStudy INSTANCE = new EmbeddingStudy();

  /** The series against width. */
  static final String WIDTH = "width";

  /** The series against the vocabulary with n₀ = 1. */
  static final String SPARSE = "vocabulary";

  /** The series against the vocabulary with n₀ = V. */
  static final String DENSE = "vocabulary-dense";

  private static final int EXAMPLES = 256;
  private static final int STEPS = 10;
  private static final int TOKENS = 256;
  private static final List<Integer> VOCABULARIES = List.of(4, 8, 16, 32, 64);
  private static final int VOCABULARY_WIDTH = 512;
  private static final double SGD_RATE = 0.1;
  private static final double ADAM_RATE = 0.05;

  private EmbeddingStudy() {}

  @Override
  public String id() {
    return "embeddings";
  }

  @Override
  public Settings settings(Preset preset) {
    return switch (preset) {
      case QUICK -> Settings.training(List.of(64L, 128L, 256L, 512L), 16, STEPS);
      case STANDARD -> Settings.training(List.of(64L, 128L, 256L, 512L, 1024L), 20, STEPS);
      case PAPER ->
          Settings.training(List.of(64L, 128L, 256L, 512L, 1024L, 2048L, 4096L), 20, STEPS);
    };
  }

  @Override
  public Map<String, Object> constants() {
    Map<String, Object> constants = new LinkedHashMap<>();
    constants.put("examples", EXAMPLES);
    constants.put("inputs", "pixel intensities as tokens");
    constants.put("vocabulary", TOKENS);
    constants.put("learning_rate", SGD_RATE);
    constants.put("vocabularies", VOCABULARIES);
    constants.put("vocabularies_width", VOCABULARY_WIDTH);
    constants.put("vocabularies_learning_rate", ADAM_RATE);
    constants.put("activation", "relu");
    constants.put("loss", "mse");
    return constants;
  }

  @Override
  public List<Member> members(Settings settings, ImageDataset data) {
    List<Member> members = new ArrayList<>();
    for (long width : settings.widths()) {
      RuleNetwork network =
          embedding(shape(TOKENS, Math.toIntExact(width)), UpdateRules.SGD, SGD_RATE);
      members.addAll(trials(WIDTH, width, network, TOKENS, settings, data));
    }
    for (int vocabulary : VOCABULARIES) {
      MlpShape shape = shape(vocabulary, VOCABULARY_WIDTH);
      RuleNetwork sparse = embedding(shape, UpdateRules.ADAM, ADAM_RATE);
      members.addAll(trials(SPARSE, vocabulary, sparse, vocabulary, settings, data));
      RuleNetwork dense =
          RuleNetwork.of(
              shape, recipe(UpdateRules.ADAM, ADAM_RATE), Directions.named(UpdateRules.ADAM.id()));
      members.addAll(trials(DENSE, vocabulary, dense, vocabulary, settings, data));
    }
    return members;
  }

  private static List<Member> trials(
      String series,
      long x,
      RuleNetwork network,
      int vocabulary,
      Settings settings,
      ImageDataset data) {
    PixelTokens task = new PixelTokens(vocabulary, EXAMPLES);
    return RuleMember.trials(
        series, x, network, task, EXAMPLES, new NaturalSizes(), settings, data);
  }

  private static MlpShape shape(int vocabulary, int n) {
    return MlpShape.of(Activation.RELU, vocabulary, n, n, 1);
  }

  private static Recipe recipe(UpdateRule rule, double rate) {
    return Recipe.of(Parametrizations.SPECTRAL, rule).withLearningRate(rate).withGain(Math.sqrt(2));
  }

  /** The first layer planned as the table that it is. */
  private static RuleNetwork embedding(MlpShape shape, UpdateRule rule, double rate) {
    List<Parameter> parameters = new ArrayList<>(MlpParameters.of(shape));
    parameters.set(
        0,
        new Parameter(
            parameters.get(0).name(), ParameterShape.embedding(shape.fanIn(0), shape.fanOut(0))));
    Plan plan = recipe(rule, rate).plan(parameters);
    return RuleNetwork.of(shape, plan, Directions.named(rule.id()));
  }
}
