package org.widthwise.lab.paper;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.lab.data.ImageDataset;
import org.widthwise.lab.experiment.Preset;
import org.widthwise.lab.experiment.Settings;
import org.widthwise.lab.experiment.Study;
import org.widthwise.lab.run.Member;
import org.widthwise.lab.run.MemberKey;
import org.widthwise.torch.plan.InitScheme;

/**
 * Networks at Parametrization 1 and beside it: one exponent off by ¼ or ½ at one layer. Matrices
 * are semi-orthogonal (section 4), for then their norms do not vary from draw to draw, and quarters
 * are told apart with few trials.
 */
final class ShiftStudy implements Study {

  static final ShiftStudy INSTANCE = new ShiftStudy();

  static final double LEARNING_RATE = 0.25;
  static final int STEPS = 10;

  private static final int QUICK_TRIALS = 12;
  private static final int STANDARD_TRIALS = 20;

  private ShiftStudy() {}

  /** Parametrization 1, from which the exponents are shifted. */
  static Recipe spectral() {
    return Recipe.of(Parametrizations.SPECTRAL, UpdateRules.SGD)
        .withLearningRate(LEARNING_RATE)
        .withGain(Math.sqrt(2));
  }

  @Override
  public String id() {
    return "shifts";
  }

  @Override
  public Settings settings(Preset preset) {
    return switch (preset) {
      case QUICK ->
          Settings.training(List.of(64L, 96L, 128L, 192L, 256L, 384L, 512L), QUICK_TRIALS, STEPS);
      case STANDARD ->
          Settings.training(
              List.of(64L, 96L, 128L, 192L, 256L, 384L, 512L, 768L, 1024L), STANDARD_TRIALS, STEPS);
      case PAPER ->
          Settings.training(
              List.of(64L, 128L, 256L, 512L, 1024L, 2048L, 4096L), STANDARD_TRIALS, STEPS);
    };
  }

  @Override
  public Map<String, Object> constants() {
    Map<String, Object> constants = new LinkedHashMap<>();
    constants.put("examples", StepwiseMember.EXAMPLES);
    constants.put("learning_rate", LEARNING_RATE);
    constants.put("reference_width", Shift.REFERENCE_WIDTH);
    constants.put("init", "semi-orthogonal");
    constants.put("activation", "relu");
    constants.put("loss", "mse");
    return constants;
  }

  @Override
  public List<Member> members(Settings settings, ImageDataset data) {
    List<Member> members = new ArrayList<>();
    for (Shift shift : Shift.all()) {
      for (long width : settings.widths()) {
        Recipe recipe = shift.applyTo(spectral(), width);
        for (int trial = 0; trial < settings.trials(); trial++) {
          MemberKey key = new MemberKey(shift.series(), width, trial);
          members.add(new StepwiseMember(key, recipe, InitScheme.SEMI_ORTHOGONAL, settings, data));
        }
      }
    }
    return members;
  }
}
