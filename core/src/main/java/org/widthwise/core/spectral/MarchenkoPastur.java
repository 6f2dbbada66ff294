package org.widthwise.core.spectral;

/**
 * The law of Marchenko and Pastur: how the singular values of a large matrix of independent entries
 * of mean 0 and standard deviation σ are distributed (V. Marchenko, L. Pastur, "Distribution of
 * eigenvalues for some sets of random matrices", Math. USSR Sbornik 1, 1967). They fill the bulk
 * from σ(√long − √short) to σ(√long + √short) and none lies beyond, but for the fluctuation of the
 * largest.
 *
 * @param shortSide the smaller of the numbers of rows and columns, at least 1
 * @param longSide the larger, not below the other
 * @param sigma the standard deviation of the entries, above 0
 */
public record MarchenkoPastur(long shortSide, long longSide, double sigma) {

  /** Of the Tracy–Widom law of real matrices: the largest of 100 matrices lies beyond. */
  private static final double TRACY_WIDOM_99 = 2.0234;

  private static final int PANELS = 2048;

  /**
   * Checks the numbers.
   *
   * @param shortSide the smaller side
   * @param longSide the larger side
   * @param sigma the standard deviation of the entries
   * @throws IllegalArgumentException if they are out of order or not positive and finite
   */
  public MarchenkoPastur {
    if (shortSide < 1 || longSide < shortSide || !(sigma > 0 && Double.isFinite(sigma))) {
      throw new IllegalArgumentException(
          "the law needs 1 ≤ short side ≤ long side and σ above 0, not %d, %d and %s"
              .formatted(shortSide, longSide, sigma));
    }
  }

  /**
   * Where the bulk begins.
   *
   * @return σ(√long − √short)
   */
  public double lower() {
    return sigma * (Math.sqrt((double) longSide) - Math.sqrt((double) shortSide));
  }

  /**
   * Where the bulk ends.
   *
   * @return σ(√long + √short)
   */
  public double upper() {
    return sigma * (Math.sqrt((double) longSide) + Math.sqrt((double) shortSide));
  }

  /**
   * A bound that the largest singular value of noise exceeds once in a hundred matrices, by the law
   * of Tracy and Widom for its square with Johnstone's centre and scale (I. Johnstone, "On the
   * distribution of the largest eigenvalue in principal components analysis", Ann. Stat. 29, 2001).
   *
   * @return the bound, a little beyond {@link #upper()} for large matrices
   */
  public double edge() {
    double a = Math.sqrt(Math.max(longSide - 1.0, 1));
    double b = Math.sqrt((double) shortSide);
    double centre = (a + b) * (a + b);
    double scale = (a + b) * Math.cbrt(1 / a + 1 / b);
    return sigma * Math.sqrt(centre + TRACY_WIDOM_99 * scale);
  }

  /**
   * The part of all singular values that lie up to a value. With λ = 1 + β − 2√β cos θ, β = short /
   * long, for the squared singular value over σ² · long, the density is (2/π) sin²θ / λ in θ.
   *
   * @param value a singular value
   * @return from 0 to 1
   */
  public double cumulative(double value) {
    double beta = (double) shortSide / longSide;
    double lambda = value / sigma * (value / sigma) / longSide;
    double cosine = (1 + beta - lambda) / (2 * Math.sqrt(beta));
    if (value <= 0 || cosine >= 1) {
      return 0;
    }
    if (cosine <= -1) {
      return 1;
    }
    double end = Math.acos(cosine);
    double step = end / PANELS;
    double sum = 0;
    for (int i = 0; i < PANELS; i++) {
      double theta = (i + 0.5) * step;
      double sine = Math.sin(theta);
      sum += sine * sine / (1 + beta - 2 * Math.sqrt(beta) * Math.cos(theta));
    }
    return Math.min(1, 2 / Math.PI * sum * step);
  }
}
