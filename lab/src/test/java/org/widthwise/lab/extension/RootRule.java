package org.widthwise.lab.extension;

import com.google.auto.service.AutoService;
import java.util.OptionalDouble;
import org.widthwise.core.shape.Fans;
import org.widthwise.core.update.UpdateRule;

/** An update rule of one's own, whose raw update has spectral norm √fan-out. */
@AutoService(UpdateRule.class)
public final class RootRule implements UpdateRule {

  /** Found by the service loader. */
  public RootRule() {}

  @Override
  public String id() {
    return "root";
  }

  @Override
  public double rawSpectralNorm(Fans fans) {
    return Math.sqrt((double) fans.fanOut());
  }

  @Override
  public double gradientDegree() {
    return 0;
  }

  @Override
  public int weightDegree() {
    return 0;
  }

  @Override
  public OptionalDouble epsilonReference(Fans fans) {
    return OptionalDouble.empty();
  }
}
