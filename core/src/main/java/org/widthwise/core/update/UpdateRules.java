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

  /** Adafactor: RMSProp with a factored second moment (Shazeer and Stern 2018). */
  public static final UpdateRule ADAFACTOR = new EntrywiseRule("adafactor", true);

  /** Muon: momentum, orthogonalised, and nothing else. */
  public static final UpdateRule MUON = new MuonRule(MuonScale.UNIT);

  /** Muon as its author scales it. */
  public static final UpdateRule MUON_KELLER_JORDAN = new MuonRule(MuonScale.KELLER_JORDAN);

  /** Muon with updates of the size of Adam's. */
  public static final UpdateRule MUON_ADAM_RMS = new MuonRule(MuonScale.ADAM_RMS);

  /** Muon with updates of the size that Condition 1 asks for. */
  public static final UpdateRule MUON_SPECTRAL = new MuonRule(MuonScale.SPECTRAL);

  /** Scion over the spectral norm: averaged gradients, orthogonalised (Pethick et al. 2025). */
  public static final UpdateRule SCION_SPECTRAL = new TargetSizedRule("scion-spectral", true);

  /** Scion over the largest entry: signs over the fan-in. */
  public static final UpdateRule SCION_SIGN = new TargetSizedRule("scion-sign", false);

  /** Scion over the largest column. */
  public static final UpdateRule SCION_COLUMN = new TargetSizedRule("scion-column", true);

  /** Shampoo with its two preconditioners to the power of −1/4 (Gupta et al. 2018). */
  public static final UpdateRule SHAMPOO = new ShampooRule(ShampooRule.USUAL_EXPONENT);

  /** Shampoo over its spectral norm (Qiu et al. 2025). */
  public static final UpdateRule SHAMPOO_SPECTRAL = new NormalizedRule("shampoo-spectral", true);

  /** Adam in the eigenbasis of Shampoo's preconditioners (Vyas et al. 2024). */
  public static final UpdateRule SOAP = new SoapRule();

  /** SOAP over its spectral norm (Qiu et al. 2025). */
  public static final UpdateRule SOAP_SPECTRAL = new NormalizedRule("soap-spectral", true);

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
              ADAFACTOR,
              MUON,
              MUON_KELLER_JORDAN,
              MUON_ADAM_RMS,
              MUON_SPECTRAL,
              SCION_SPECTRAL,
              SCION_SIGN,
              SCION_COLUMN,
              SHAMPOO,
              SHAMPOO_SPECTRAL,
              SOAP,
              SOAP_SPECTRAL,
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
