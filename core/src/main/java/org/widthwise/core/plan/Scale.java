package org.widthwise.core.plan;

import java.util.OptionalDouble;
import org.widthwise.core.parametrization.MultiplierFolding;
import org.widthwise.core.update.UpdateRule;

/**
 * The scale of one parameter: what an initialiser and an optimizer need to know of it.
 *
 * @param initMean the mean of its initial entries: 1 for gains, else 0
 * @param initStd the standard deviation of its initial entries
 * @param learningRate its learning rate
 * @param multiplier the number by which it is multiplied in the forward pass; for a tied embedding,
 *     where it writes the output only
 * @param branchMultiplier the number by which the residual branch that it stands in is multiplied
 *     in the forward pass; 1 outside of branches and where depth is not scaled
 * @param weightDecay its weight decay
 * @param epsilon its ε; empty if the update rule has none
 * @param targetSpectralNorm √(fan-out / fan-in), the size that Condition 1 asks of it and of its
 *     updates; for an embedding the size of a row
 */
public record Scale(
    double initMean,
    double initStd,
    double learningRate,
    double multiplier,
    double branchMultiplier,
    double weightDecay,
    OptionalDouble epsilon,
    double targetSpectralNorm) {

  /**
   * The scale of the same function written without a multiplier, which is how two parametrizations
   * can be compared.
   *
   * @param rule the update rule that the scale is for
   * @return the scale with multiplier 1
   */
  public Scale folded(UpdateRule rule) {
    return new Scale(
        initMean * multiplier,
        initStd * multiplier,
        MultiplierFolding.learningRate(multiplier, learningRate, rule),
        1,
        branchMultiplier,
        MultiplierFolding.weightDecay(multiplier, weightDecay, rule),
        epsilon.isPresent()
            ? OptionalDouble.of(MultiplierFolding.epsilon(multiplier, epsilon.getAsDouble(), rule))
            : epsilon,
        targetSpectralNorm);
  }
}
