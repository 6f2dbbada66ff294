package org.widthwise.core.spectral;

/**
 * The largest singular values of a linear operator by Golub–Kahan–Lanczos bidiagonalisation.
 *
 * <p>From a start vector the method builds orthonormal bases {@code U} and {@code V} in which the
 * operator is bidiagonal, {@code A V = U B}; the singular values of the small {@code B} approach
 * the extreme ones of {@code A} (G. Golub, W. Kahan, "Calculating the singular values and
 * pseudo-inverse of a matrix", SIAM J. Numer. Anal. 2, 1965). Where power iteration needs a number
 * of products inverse to the relative gap between the two largest singular values, this needs the
 * square root of that number: for a Gaussian matrix, which has next to no gap, about a hundred
 * against thousands.
 *
 * <ul>
 *   <li>Both bases are fully reorthogonalised. (R. M. Larsen, "Lanczos bidiagonalization with
 *       partial reorthogonalization", DAIMI PB-357, 1998, does less; with a bounded basis there is
 *       little to save.)
 *   <li>At 96 vectors the process is restarted with the best Ritz vectors (J. Baglama, L. Reichel,
 *       "Augmented implicitly restarted Lanczos bidiagonalization methods", SIAM J. Sci. Comput.
 *       27, 2005), so memory stays at about {@code 96 · (rows + columns)} doubles.
 *   <li>Convergence is judged by the residual {@code ‖Aᵀu − σv‖}, made larger where the start
 *       vector lies suspiciously close to the Ritz vector: a residual alone tells that <i>a</i>
 *       singular value is near, not that it is the largest. The judgement holds with high
 *       probability over the random start (compare J. Kuczyński, H. Woźniakowski, "Estimating the
 *       largest eigenvalue by the power and Lanczos algorithms with a random start", SIAM J. Matrix
 *       Anal. Appl. 13, 1992).
 *   <li>A warm start is believed only after a second process, from a random vector orthogonal to
 *       what was found, has shown by the growth of its Lanczos polynomial that nothing larger is
 *       hidden (M. E. Hochstenbach, "Probabilistic upper bounds for the matrix two-norm", J. Sci.
 *       Comput. 57, 2013); otherwise the search starts again at random. A vector is thus free to be
 *       useless or misleading, at the price of products.
 *   <li>Magnitudes are measured first and divided out by powers of two, so entries near the ends of
 *       the range of doubles neither overflow nor vanish.
 * </ul>
 *
 * <p>An operator without rows or columns, or whose entries are all zero, has the singular value 0
 * with the first unit vectors for singular vectors. A NaN or an infinity in a product, or a
 * singular value beyond the largest double, is an {@link ArithmeticException}. Instances are
 * immutable and safe for use by several threads; equal settings give equal results.
 */
public final class GolubKahanLanczos {
  private static final double SMALLEST_TOLERANCE = 1e-14;
  private static final double LARGEST_TOLERANCE = 0.1;

  private final double relativeTolerance;
  private final int maxIterations;
  private final long seed;

  private GolubKahanLanczos(double relativeTolerance, int maxIterations, long seed) {
    this.relativeTolerance = relativeTolerance;
    this.maxIterations = maxIterations;
    this.seed = seed;
  }

  /**
   * The defaults: a relative tolerance of 1e-10, at most 5000 iterations, seed 0.
   *
   * @return a search with the defaults
   */
  public static GolubKahanLanczos withDefaults() {
    return new GolubKahanLanczos(1e-10, 5000, 0);
  }

  /**
   * Sets the relative error of the largest singular value at which to stop. An operator that
   * computes in single precision supports about 1e-6.
   *
   * @param tolerance from 1e-14 to 0.1
   * @return a search with this tolerance
   * @throws IllegalArgumentException if the tolerance is out of range
   */
  public GolubKahanLanczos withRelativeTolerance(double tolerance) {
    if (!(tolerance >= SMALLEST_TOLERANCE && tolerance <= LARGEST_TOLERANCE)) {
      throw new IllegalArgumentException(
          "The relative tolerance must lie between "
              + SMALLEST_TOLERANCE
              + " and "
              + LARGEST_TOLERANCE
              + ", but is "
              + tolerance);
    }
    return new GolubKahanLanczos(tolerance, maxIterations, seed);
  }

  /**
   * Bounds the number of bidiagonalisation steps of one search, restarts and verification included.
   * A search that reaches the bound returns what it has, marked as not converged.
   *
   * @param iterations 1 or more
   * @return a search with this bound
   * @throws IllegalArgumentException if the bound is not positive
   */
  public GolubKahanLanczos withMaxIterations(int iterations) {
    if (iterations < 1) {
      throw new IllegalArgumentException(
          "At least 1 iteration must be allowed, but the bound is " + iterations);
    }
    return new GolubKahanLanczos(relativeTolerance, iterations, seed);
  }

  /**
   * Sets the seed of the random start vectors.
   *
   * @param newSeed any number
   * @return a search with this seed
   */
  public GolubKahanLanczos withSeed(long newSeed) {
    return new GolubKahanLanczos(relativeTolerance, maxIterations, newSeed);
  }

  /**
   * Finds the largest singular value, the spectral norm, from a random start.
   *
   * @param a the operator
   * @return the singular value and its vectors
   * @throws ArithmeticException if a product has a NaN or infinite entry or the result exceeds the
   *     largest double
   */
  public SingularTriplet largest(LinearOperator a) {
    return search(a).largest(null);
  }

  /**
   * Finds the largest singular value starting from a guess, such as the right singular vector of
   * the operator before it changed a little. A good guess saves up to half of the products, the
   * more the tighter the tolerance; what remains is the evidence that nothing larger is hidden. A
   * bad guess costs products and nothing else.
   *
   * @param a the operator
   * @param startVector the guess, one entry per column, finite and not all zero, of any length in
   *     the sense of the norm
   * @return the singular value and its vectors
   * @throws IllegalArgumentException if the guess has the wrong number of entries, a NaN or
   *     infinite entry, or only zeros
   * @throws ArithmeticException if a product has a NaN or infinite entry or the result exceeds the
   *     largest double
   */
  public SingularTriplet largest(LinearOperator a, double[] startVector) {
    if (startVector.length != a.columns()) {
      throw new IllegalArgumentException(
          "A start vector has one entry per column, "
              + a.columns()
              + " here, but this one has "
              + startVector.length);
    }
    double magnitude = Vectors.largestMagnitude(startVector);
    if (startVector.length > 0 && !(magnitude > 0 && magnitude <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "A start vector must be finite and not all zero, but its largest magnitude is "
              + magnitude);
    }
    return search(a).largest(startVector);
  }

  /**
   * Finds several leading singular values, each as often as it occurs.
   *
   * @param a the operator
   * @param count how many, 1 or more
   * @return the {@code min(count, rows, columns)} largest singular values in descending order,
   *     zeros included; where the search did not converge, values not found are reported as zero
   * @throws IllegalArgumentException if the count is not positive
   * @throws ArithmeticException if a product has a NaN or infinite entry or a result exceeds the
   *     largest double
   */
  public SingularValues leading(LinearOperator a, int count) {
    if (count < 1) {
      throw new IllegalArgumentException(
          "At least 1 singular value must be asked for, but the count is " + count);
    }
    return new LeadingSearch(a, relativeTolerance, maxIterations, seed).leading(count);
  }

  private LanczosSearch search(LinearOperator a) {
    return new LanczosSearch(a, relativeTolerance, maxIterations, seed);
  }

  @Override
  public String toString() {
    return "GolubKahanLanczos[relativeTolerance="
        + relativeTolerance
        + ", maxIterations="
        + maxIterations
        + ", seed="
        + seed
        + "]";
  }
}
