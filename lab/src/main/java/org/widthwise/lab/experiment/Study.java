package org.widthwise.lab.experiment;

import java.util.List;
import java.util.Map;
import org.widthwise.lab.data.ImageDataset;
import org.widthwise.lab.run.Member;

/**
 * Networks to be trained, or matrices to be drawn, and measured: what one or more items of the
 * paper are made of. Items that name the same study share its runs.
 */
public interface Study {

  /**
   * The name of the directory of its runs.
   *
   * @return such as {@code widths}: lower case letters, digits and hyphens
   */
  String id();

  /**
   * The settings of a preset.
   *
   * @param preset the preset
   * @return the settings
   */
  Settings settings(Preset preset);

  /**
   * What else the values depend on, for the configuration that is stored with them.
   *
   * @return constants by name, in snake case
   */
  Map<String, Object> constants();

  /**
   * What must be run.
   *
   * @param settings the settings
   * @param data where examples are drawn from
   * @return the members, each with a key of its own
   * @throws IllegalArgumentException if the study cannot be made with these settings
   */
  List<Member> members(Settings settings, ImageDataset data);
}
