package org.widthwise.lab.figure;

import java.util.List;
import java.util.Map;
import org.widthwise.lab.data.ImageDataset;
import org.widthwise.lab.run.Member;

/**
 * A figure of the paper: the networks that must be trained for it, and how to read them.
 *
 * <p>To add a figure, implement this interface, annotate the class with
 * {@code @AutoService(FigureExperiment.class)} and give it an entry in {@code docs/paper-map.md};
 * running, storing, resuming, fitting, drawing and the command line come with it.
 */
public interface FigureExperiment {

  /**
   * The name used in files and options.
   *
   * @return such as {@code fig2}
   */
  String id();

  /**
   * Other names that a reader may try.
   *
   * @return such as {@code figure2}
   */
  List<String> aliases();

  /**
   * The figure's title.
   *
   * @return a line
   */
  String title();

  /**
   * What the figure is to show.
   *
   * @return a sentence
   */
  String claim();

  /**
   * The figure's panels.
   *
   * @return the panels in order
   */
  List<PanelSpec> panels();

  /**
   * The figure's curves.
   *
   * @return the series in order
   */
  List<SeriesSpec> series();

  /**
   * The settings of a preset.
   *
   * @param preset the preset
   * @return the settings
   */
  FigureSettings settings(Preset preset);

  /**
   * What else the values depend on, for the configuration that is stored with them.
   *
   * @return constants by name, in snake case
   */
  Map<String, Object> constants();

  /**
   * The networks that must be trained.
   *
   * @param settings the settings
   * @param data where examples are drawn from
   * @return the members
   */
  List<Member> members(FigureSettings settings, ImageDataset data);
}
