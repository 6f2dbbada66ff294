package org.widthwise.cli;

import org.widthwise.core.plan.Recipe;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that describe a recipe, for commands that train. */
final class RecipeOptions {

  @Mixin private final RuleOptions rules = new RuleOptions();

  @Option(
      names = "--lr",
      paramLabel = "X",
      required = true,
      description = "global learning rate, which the plan turns into one for each parameter")
  private double learningRate;

  /** The name of the parametrization, in lower case. */
  String parametrization() {
    return rules.parametrization();
  }

  Recipe recipe() {
    return rules.recipe(learningRate);
  }

  /** The optimizer and parametrization in words. */
  String words() {
    return rules.words();
  }
}
