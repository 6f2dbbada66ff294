package org.widthwise.core.update;

import java.util.List;
import org.widthwise.core.Registry;

/** The update rules by name. */
public final class UpdateRules {

  /** Gradient descent, with momentum or without. */
  public static final UpdateRule SGD = new GradientRule("sgd");

  /** Adam (Kingma and Ba 2015). */
  public static final UpdateRule ADAM = new EntrywiseRule("adam", true);

  /** Adam with decoupled weight decay (Loshchilov and Hutter 2019). */
  public static final UpdateRule ADAMW = new EntrywiseRule("adamw", true);

  /** RMSProp: Adam without momentum. */
  public static final UpdateRule RMSPROP = new EntrywiseRule("rmsprop", true);

  /** Lion: the sign of an interpolated momentum (Chen et al. 2023). */
  public static final UpdateRule LION = new EntrywiseRule("lion", false);

  /** Sign descent, "the momentum-less version of Adam" (section 3.3). */
  public static final UpdateRule SIGN = new EntrywiseRule("sign", false);

  /** Muon: momentum, orthogonalised. */
  public static final UpdateRule MUON = new NormalizedRule("muon", true);

  /** The gradient over its spectral norm (eq. 17). */
  public static final UpdateRule SPECTRAL_DESCENT = new NormalizedRule("spectral-descent", true);

  /** The gradient over its Frobenius norm, the cheap form of eq. 17 (section 4). */
  public static final UpdateRule FROBENIUS_DESCENT = new NormalizedRule("frobenius-descent", true);

  /** Updates of the weights' own Frobenius norm, such as LARS (section 5.4). */
  public static final UpdateRule FROBENIUS_RELATIVE =
      new FrobeniusRelativeRule("frobenius-relative", true);

  private static final Registry<UpdateRule> ALL =
      new Registry<>(
          "optimizer",
          UpdateRule.class,
          UpdateRule::id,
          List.of(
              SGD,
              ADAM,
              ADAMW,
              RMSPROP,
              LION,
              SIGN,
              MUON,
              SPECTRAL_DESCENT,
              FROBENIUS_DESCENT,
              FROBENIUS_RELATIVE));

  private UpdateRules() {}

  /**
   * Finds a rule by name, among those above and those that other jars provide.
   *
   * @param id the name
   * @return the rule
   * @throws IllegalArgumentException if there is none; the message lists the known ones
   */
  public static UpdateRule named(String id) {
    return ALL.named(id);
  }

  /**
   * Every known rule.
   *
   * @return the rules
   */
  public static List<UpdateRule> all() {
    return ALL.all();
  }
}
