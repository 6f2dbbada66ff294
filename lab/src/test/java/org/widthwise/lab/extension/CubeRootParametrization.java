package org.widthwise.lab.extension;

import com.google.auto.service.AutoService;
import org.widthwise.core.parametrization.Parametrization;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.core.update.UpdateRule;

/**
 * A parametrization of one's own, which nothing speaks for: everything as the cube root of fans.
 */
@AutoService(Parametrization.class)
public final class CubeRootParametrization implements Parametrization {

  /** Found by the service loader. */
  public CubeRootParametrization() {}

  @Override
  public String id() {
    return "cube-root";
  }

  @Override
  public double initStd(ParameterShape shape) {
    return 1 / Math.cbrt((double) shape.fans().fanIn());
  }

  @Override
  public double learningRate(ParameterShape shape, UpdateRule rule) {
    return Math.cbrt((double) shape.fans().fanOut()) / rule.rawSpectralNorm(shape.fans());
  }

  @Override
  public double multiplier(ParameterShape shape) {
    return 1;
  }

  @Override
  public double epsilon(ParameterShape shape, UpdateRule rule) {
    return 1;
  }

  @Override
  public double attentionScale(long headDimension) {
    return 1.0 / headDimension;
  }
}
