package org.widthwise.torch.nn;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * An elementwise nonlinearity φ, with the two forms training needs: one autograd can follow, and
 * one in place for a backward pass in closed form.
 */
public enum Activation {
  /** max(h, 0); the derivative at 0 is taken as 0. */
  RELU {
    @Override
    public Tensor apply(Tensor preactivation) {
      return torch.relu(preactivation);
    }

    @Override
    public void applyInto(Tensor feature, Tensor preactivation) {
      feature.copy_(preactivation).relu_();
    }

    @Override
    public void multiplyByDerivative(
        Tensor gradient, Tensor preactivation, Tensor feature, Scalar zero) {
      torch.threshold_backward_out(gradient, gradient, feature, zero);
    }
  },

  /** tanh(h). */
  TANH {
    @Override
    public Tensor apply(Tensor preactivation) {
      return torch.tanh(preactivation);
    }

    @Override
    public void applyInto(Tensor feature, Tensor preactivation) {
      feature.copy_(preactivation).tanh_();
    }

    @Override
    public void multiplyByDerivative(
        Tensor gradient, Tensor preactivation, Tensor feature, Scalar zero) {
      torch.tanh_backward_out(gradient, gradient, feature);
    }
  },

  /** h·Φ(h) with the exact Gaussian distribution function Φ, not its tanh approximation. */
  GELU {
    @Override
    public Tensor apply(Tensor preactivation) {
      return torch.gelu(preactivation);
    }

    @Override
    public void applyInto(Tensor feature, Tensor preactivation) {
      torch.gelu_out(feature, preactivation);
    }

    @Override
    public void multiplyByDerivative(
        Tensor gradient, Tensor preactivation, Tensor feature, Scalar zero) {
      torch.gelu_backward_out(gradient, gradient, preactivation);
    }
  },

  /** h itself: a deep linear network. */
  IDENTITY {
    @Override
    public Tensor apply(Tensor preactivation) {
      return preactivation;
    }

    @Override
    public void applyInto(Tensor feature, Tensor preactivation) {
      feature.copy_(preactivation);
    }

    @Override
    public void multiplyByDerivative(
        Tensor gradient, Tensor preactivation, Tensor feature, Scalar zero) {
      // The derivative is 1.
    }
  };

  /**
   * Applies φ; autograd can follow.
   *
   * @param preactivation h, of any shape
   * @return φ(h), of the same shape
   */
  public abstract Tensor apply(Tensor preactivation);

  /**
   * Writes φ(h) into a tensor there is. The two may be the same tensor if {@link
   * #derivativeNeedsPreactivation()} is false.
   *
   * @param feature takes φ(h)
   * @param preactivation h, of the same shape and type
   */
  public abstract void applyInto(Tensor feature, Tensor preactivation);

  /**
   * Multiplies by φ'(h), in place: the step back from the gradient by features to the gradient by
   * preactivations.
   *
   * @param gradient the gradient by φ(h) before, by h after
   * @param preactivation h; read only if {@link #derivativeNeedsPreactivation()} is true
   * @param feature φ(h)
   * @param zero a scalar 0, asked for so that a loop need not make one each time
   */
  public abstract void multiplyByDerivative(
      Tensor gradient, Tensor preactivation, Tensor feature, Scalar zero);

  /**
   * Whether φ'(h) cannot be had from φ(h) alone, so that h has to be kept.
   *
   * @return true if h has to be kept
   */
  public boolean derivativeNeedsPreactivation() {
    return this == GELU;
  }
}
