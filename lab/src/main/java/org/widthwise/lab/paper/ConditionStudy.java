package org.widthwise.lab.paper;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.widthwise.lab.data.ImageDataset;
import org.widthwise.lab.experiment.Preset;
import org.widthwise.lab.experiment.Settings;
import org.widthwise.lab.experiment.Study;
import org.widthwise.lab.run.Member;
import org.widthwise.lab.run.MemberKey;

/** A network for each scheme of sections 4 and 5, each width and trial, trained for some steps. */
final class ConditionStudy implements Study {

  static final ConditionStudy INSTANCE = new ConditionStudy();

  static final int STEPS = 100;

  private static final int QUICK_TRIALS = 12;
  private static final int STANDARD_TRIALS = 20;

  private ConditionStudy() {}

  @Override
  public String id() {
    return "condition";
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
    constants.put("input_rate_factor", ConditionScheme.INPUT_RATE);
    for (ConditionScheme scheme : ConditionScheme.ALL) {
      constants.put("learning_rate_" + scheme.id(), scheme.learningRate());
    }
    constants.put("activation", "relu");
    constants.put("loss", "mse");
    return constants;
  }

  @Override
  public List<Member> members(Settings settings, ImageDataset data) {
    List<Member> members = new ArrayList<>();
    for (ConditionScheme scheme : ConditionScheme.ALL) {
      for (long width : settings.widths()) {
        for (int trial = 0; trial < settings.trials(); trial++) {
          MemberKey key = new MemberKey(scheme.id(), width, trial);
          members.add(new StepwiseMember(key, scheme.recipe(), scheme.init(), settings, data));
        }
      }
    }
    return members;
  }
}
