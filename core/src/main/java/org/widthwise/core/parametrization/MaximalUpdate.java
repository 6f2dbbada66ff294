package org.widthwise.core.parametrization;

import org.widthwise.core.shape.Layer;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.core.shape.Role;
import org.widthwise.core.update.UpdateRule;

/**
 * Maximal update parametrization, μP, in the form of Tensor Programs V, table 3, which tells input,
 * hidden and output weights apart and takes the network's input and output dimensions as Θ(1).
 *
 * <p>With these dimensions put to 1 it is the spectral parametrization (section 5.1): the rates are
 * "target over raw size" of the dimensions that grow, and the variance is 1/fan-in, but 1/fan-in²
 * for the readout. The variance of input weights keeps the true fan-in, as the table does.
 *
 * <p>Appendix A of the paper further divides gradient descent's rate at the input layer by the
 * constant n₀; that is a prefactor, and Figure 2 states it as one.
 */
public final class MaximalUpdate implements Parametrization {

  /** The only instance needed: the parametrization has no state. */
  MaximalUpdate() {}

  @Override
  public String id() {
    return "mup";
  }

  @Override
  public double initStd(ParameterShape shape) {
    boolean readout = shape.isMatrixLike() && shape.layer() == Layer.READOUT;
    double std = FanInInit.std(shape);
    return readout ? std / Math.sqrt((double) shape.fans().fanIn()) : std;
  }

  @Override
  public double learningRate(ParameterShape shape, UpdateRule rule) {
    return TargetOverRaw.learningRate(shape.widthFans(), shape.groups(), rule);
  }

  @Override
  public double multiplier(ParameterShape shape) {
    return shape.role() == Role.TIED_EMBEDDING ? 1.0 / shape.fans().fanOut() : 1;
  }

  @Override
  public double attentionScale(long headDimension) {
    return 1.0 / headDimension;
  }

  @Override
  public double epsilon(ParameterShape shape, UpdateRule rule) {
    return TargetOverRaw.epsilon(shape.widthFans(), shape.groups(), rule);
  }
}
