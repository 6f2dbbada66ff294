package org.widthwise.lab.experiment;

import java.util.List;

/**
 * A part of the paper that can be reproduced: a figure, a table, a claim or a section. It says
 * which runs it needs, how to read them, and what the paper predicts.
 *
 * <p>To add one, implement this interface in a public final class, annotate it with
 * {@code @AutoService(PaperItem.class)} and give it an entry in {@code docs/paper-map.md}; running,
 * storing, resuming, fitting, judging, drawing, the report and the command line come with it.
 */
public interface PaperItem {

  /**
   * The name used in files and options.
   *
   * @return such as {@code fig2}, in lower case
   */
  String id();

  /**
   * Other names that a reader may try.
   *
   * @return such as {@code figure2}, in lower case
   */
  List<String> aliases();

  /**
   * Where in the paper it stands, which is its place in lists and in the report.
   *
   * @return ascending with the section: 320 for section 3.2, 600 for section 6, 1010 for the first
   *     item of appendix A, 1110 for the first of appendix B
   */
  int place();

  /**
   * The title, beginning with the label in the paper.
   *
   * @return a line such as {@code Figure 2: …}
   */
  String title();

  /**
   * What it is to show.
   *
   * @return a sentence
   */
  String claim();

  /**
   * The equations at stake.
   *
   * @return each in Unicode with its label, such as {@code (21) σ = Θ(1/√n₋₁), η = Θ(1)}
   */
  List<String> equations();

  /**
   * The runs that it is made of.
   *
   * @return the study, perhaps that of other items too
   */
  Study study();

  /**
   * What is drawn and judged.
   *
   * @return the panels in order
   */
  List<PanelSpec> panels();
}
