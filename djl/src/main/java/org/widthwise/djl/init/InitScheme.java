package org.widthwise.djl.init;

/** How matrices and kernels are drawn; everything else is Gaussian or constant. */
public enum InitScheme {
  /** Independent Gaussian entries of the plan's standard deviation. */
  GAUSSIAN,
  /**
   * A random semi-orthogonal matrix, for each map one, times its spectral norm: √(fan-out / fan-in)
   * under Parametrization 1 (section 4). A kernel is filled as the matrix of all its positions.
   */
  SEMI_ORTHOGONAL
}
