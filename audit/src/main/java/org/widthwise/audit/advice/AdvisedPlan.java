package org.widthwise.audit.advice;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.widthwise.audit.plan.PlanFile;
import org.widthwise.audit.spectrum.Advice;
import org.widthwise.audit.spectrum.AuditResult;
import org.widthwise.audit.spectrum.Band;
import org.widthwise.audit.spectrum.TensorAudit;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.PlannedParameter;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.plan.Scale;
import org.widthwise.core.shape.Parameter;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.core.update.UpdateRule;

/**
 * What an audit advises, as a plan to train with: everything as it was, but what was out of band.
 *
 * <p>As it was means the standard deviation that a tensor's entries have in the checkpoint, and one
 * learning rate for all, as in standard parametrization. Where a weight is out of band its standard
 * deviation is the advised one, where an update is the rate is multiplied by the advised factor.
 * Multipliers stay 1: a factor can go into one place only. Biases start at zero and gains at one,
 * whatever was learnt.
 *
 * <p>A plan has one deviation and one rate for a tensor, which are advised for it as a whole, even
 * if it holds several maps. What each of these needs is in the reason alone, for whoever draws them
 * one by one.
 */
public final class AdvisedPlan {

  private AdvisedPlan() {}

  /**
   * Makes a plan of an audit's advice.
   *
   * @param result what was found, of a tensor at least
   * @param band the multiples of a target that need no advice
   * @param rule how the network was trained and is to be trained
   * @param learningRate the rate that it was trained with, above 0 and finite
   * @return the plan, of the tensors that were measured
   * @throws IllegalArgumentException if nothing was measured or the rate is out of range
   */
  public static PlanFile of(AuditResult result, Band band, UpdateRule rule, double learningRate) {
    if (result.tensors().isEmpty()) {
      throw new IllegalArgumentException("a plan needs a tensor at least, but none was measured");
    }
    Recipe recipe = Recipe.of(Parametrizations.SP, rule).withLearningRate(learningRate);
    Map<String, TensorAudit> audits = new LinkedHashMap<>();
    Map<String, PlanFile.Origin> origins = new LinkedHashMap<>();
    for (TensorAudit audit : result.tensors()) {
      audits.put(audit.name(), audit);
      origins.put(
          audit.name(), new PlanFile.Origin(audit.shape(), Optional.of(reason(audit, band))));
    }
    Plan plain =
        recipe.plan(
            audits.values().stream().map(a -> new Parameter(a.name(), a.parameter())).toList());
    List<PlannedParameter> advised =
        audits.values().stream()
            .map(
                audit -> {
                  PlannedParameter planned = plain.get(audit.name());
                  return planned.withScale(advised(planned.scale(), audit, band));
                })
            .toList();
    return new PlanFile(Plan.of(recipe, advised), origins);
  }

  private static String reason(TensorAudit audit, Band band) {
    StringBuilder reason = new StringBuilder(audit.reason());
    for (Advice advice : Advice.of(audit, band)) {
      reason.append("; ");
      advice.map().ifPresent(map -> reason.append(map).append(": "));
      reason.append(advice.inShort());
    }
    return reason.toString();
  }

  private static Scale advised(Scale scale, TensorAudit audit, Band band) {
    double std = isDrawn(audit.parameter()) ? audit.sizes().rms() : Double.NaN;
    double rate = scale.learningRate();
    for (Advice advice : Advice.ofWhole(audit, band)) {
      if (advice.subject() == Advice.Subject.UPDATE) {
        rate *= advice.factor().orElse(1);
      } else if (isDrawn(audit.parameter())) {
        std = advice.initStd().orElse(std);
      }
    }
    return new Scale(
        scale.initMean(),
        // Of what is not finite nothing is known but what is usual.
        Double.isFinite(std) ? std : scale.initStd(),
        rate,
        scale.multiplier(),
        scale.branchMultiplier(),
        scale.weightDecay(),
        scale.epsilon(),
        scale.targetSpectralNorm());
  }

  private static boolean isDrawn(ParameterShape shape) {
    return shape.isMatrixLike() || shape.role().isTable();
  }
}
