package org.widthwise.torch.optim;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.widthwise.core.parametrization.MultiplierFolding;
import org.widthwise.core.plan.PlannedParameter;
import org.widthwise.core.plan.Scale;
import org.widthwise.core.shape.Role;

/**
 * How weight decay λ enters a step of rate η. What λ is at each width is the plan's {@link
 * org.widthwise.core.plan.WeightDecayConvention}; the two together decide what a decay means.
 */
public enum DecayForm {
  /**
   * Added to the gradient, {@code g ← g + λW}, as in libtorch's SGD and Adam. Rules that normalise
   * then take its direction and lose its size.
   */
  COUPLED,
  /** Beside the update, {@code W ← (1 − ηλ)·W − η·D}, as in AdamW, Muon and Scion. */
  DECOUPLED,
  /**
   * Beside the update and without the rate, {@code W ← (1 − sλ)·W − η·D}, where s is the schedule's
   * factor alone. A plan must then leave λ as it is ({@link
   * org.widthwise.core.plan.WeightDecayConvention#FIXED}).
   */
  RATE_FREE,
  /**
   * Decoupled, and only for entries that the update shrinks too, {@code D·W > 0}: decay never works
   * against the gradient.
   */
  CAUTIOUS;

  /**
   * The name used in files and options.
   *
   * @return the constant's name in lower case, with hyphens
   */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The decay of a parameter in a module that does not multiply its weights: {@code W = m·V} is
   * trained in place of V, and shrinks in each step as V would.
   *
   * @param planned the parameter as it was planned, with the multiplier m
   * @return what this form takes in a {@linkplain org.widthwise.core.plan.Plan#folded() folded}
   *     plan; λ itself of a tied table, which keeps its multiplier
   */
  public double folded(PlannedParameter planned) {
    Scale scale = planned.scale();
    if (planned.shape().role() == Role.TIED_EMBEDDING) {
      return scale.weightDecay();
    }
    return switch (this) {
      case DECOUPLED, CAUTIOUS -> scale.folded(planned.rule()).weightDecay();
      case RATE_FREE -> scale.weightDecay();
      case COUPLED -> MultiplierFolding.coupledWeightDecay(scale.multiplier(), scale.weightDecay());
    };
  }

  /**
   * Finds a form by its {@linkplain #id() name}.
   *
   * @param id the name, in any case
   * @return the form
   * @throws IllegalArgumentException if there is none of that name
   */
  public static DecayForm named(String id) {
    for (DecayForm form : values()) {
      if (form.id().equalsIgnoreCase(id)) {
        return form;
      }
    }
    throw new IllegalArgumentException(
        "unknown form of weight decay '%s': known are %s"
            .formatted(
                id, Arrays.stream(values()).map(DecayForm::id).collect(Collectors.joining(", "))));
  }
}
