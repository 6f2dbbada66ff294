package org.widthwise.torch.plan;

import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.PlannedParameter;
import org.widthwise.core.plan.Scale;
import org.widthwise.core.shape.Role;
import org.widthwise.torch.init.ConstantInitializer;
import org.widthwise.torch.init.GaussianInitializer;
import org.widthwise.torch.init.Initializer;
import org.widthwise.torch.init.SemiOrthogonalInitializer;
import org.widthwise.torch.init.SpectrallyNormalizedInitializer;
import org.widthwise.torch.init.StackedInitializer;
import org.widthwise.torch.init.TruncatedGaussianInitializer;
import org.widthwise.torch.measure.TensorNorms;

/**
 * How weights are drawn at the size that a plan gives them, each of several stacked maps by itself.
 * Vectors, embeddings and scalars are Gaussian under every scheme, or constant where their
 * deviation is 0.
 */
public enum InitScheme {
  /** Independent Gaussian entries of the plan's standard deviation. */
  GAUSSIAN {
    @Override
    Initializer matrix(PlannedParameter parameter) {
      return new GaussianInitializer(parameter.scale().initStd());
    }
  },
  /** As {@link #GAUSSIAN}, without entries beyond two standard deviations. */
  TRUNCATED_GAUSSIAN {
    @Override
    Initializer matrix(PlannedParameter parameter) {
      return new TruncatedGaussianInitializer(parameter.scale().initStd());
    }
  },
  /**
   * A random semi-orthogonal matrix times its spectral norm: √(fan-out / fan-in) under
   * Parametrization 1 (section 4).
   */
  SEMI_ORTHOGONAL {
    @Override
    Initializer matrix(PlannedParameter parameter) {
      return new SemiOrthogonalInitializer(spectralNorm(parameter));
    }
  },
  /** A Gaussian matrix divided by its spectral norm, times that of the plan (eq. 16). */
  SPECTRALLY_NORMALIZED {
    @Override
    Initializer matrix(PlannedParameter parameter) {
      return new SpectrallyNormalizedInitializer(
          new GaussianInitializer(1), spectralNorm(parameter), TensorNorms::spectral);
    }
  };

  abstract Initializer matrix(PlannedParameter parameter);

  /**
   * The initialiser of a parameter.
   *
   * @param parameter the parameter with its scale
   * @return what draws its first values
   */
  public Initializer initializer(PlannedParameter parameter) {
    Scale scale = parameter.scale();
    if (scale.initStd() == 0) {
      return new ConstantInitializer(scale.initMean());
    }
    if (!parameter.shape().isMatrixLike()) {
      return new GaussianInitializer(scale.initMean(), scale.initStd());
    }
    int maps = parameter.shape().maps();
    boolean inputFirst = parameter.shape().role() == Role.TRANSPOSED_CONVOLUTION;
    Initializer map = matrix(parameter);
    return maps == 1 && !inputFirst ? map : new StackedInitializer(map, maps, inputFirst);
  }

  /** The target, times how far the plan's standard deviation departs from Parametrization 1. */
  private static double spectralNorm(PlannedParameter parameter) {
    return parameter.scale().targetSpectralNorm()
        * parameter.scale().initStd()
        / Parametrizations.SPECTRAL.initStd(parameter.shape());
  }
}
