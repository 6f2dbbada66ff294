package org.widthwise.lab.paper;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.global.torch;
import org.widthwise.lab.data.ImageDataset;
import org.widthwise.lab.experiment.Preset;
import org.widthwise.lab.experiment.Settings;
import org.widthwise.lab.experiment.Study;
import org.widthwise.lab.run.Member;
import org.widthwise.lab.run.MemberKey;

/**
 * The networks and data of Figure 2 under μP and, from the same draws, under NTP with its output
 * and rates rescaled or not. Widths are no powers of 4: there √n is a power of 2, by which rounding
 * commutes, so that the difference would be exactly 0 and not to be drawn.
 */
final class RescaleStudy implements Study {

  static final RescaleStudy INSTANCE = new RescaleStudy();

  /** The series in double precision. */
  static final String DOUBLE = "float64";

  /** The series in single precision. */
  static final String SINGLE = "float32";

  private RescaleStudy() {}

  @Override
  public String id() {
    return "rescale";
  }

  @Override
  public Settings settings(Preset preset) {
    return switch (preset) {
      case QUICK -> Settings.training(List.of(72L, 96L, 128L, 192L), 4, 500);
      case STANDARD -> Settings.training(List.of(72L, 96L, 128L, 192L, 384L), 5, 2_000);
      case PAPER -> Settings.training(List.of(72L, 96L, 128L, 192L, 384L, 768L), 10, 10_000);
    };
  }

  @Override
  public Map<String, Object> constants() {
    Map<String, Object> constants = WidthStudy.networkConstants();
    constants.put("reports", RescaleMember.REPORTS);
    return constants;
  }

  @Override
  public List<Member> members(Settings settings, ImageDataset data) {
    List<Member> members = new ArrayList<>();
    for (long width : settings.widths()) {
      for (int trial = 0; trial < settings.trials(); trial++) {
        members.add(
            new RescaleMember(
                new MemberKey(DOUBLE, width, trial),
                torch.ScalarType.Double,
                true,
                settings,
                data));
        members.add(
            new RescaleMember(
                new MemberKey(SINGLE, width, trial),
                torch.ScalarType.Float,
                false,
                settings,
                data));
      }
    }
    return members;
  }
}
