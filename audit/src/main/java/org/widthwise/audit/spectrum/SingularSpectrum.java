package org.widthwise.audit.spectrum;

import java.util.List;
import java.util.Locale;

/**
 * How a weight's singular values are distributed, and how much of it is what noise alone would be.
 *
 * <p>Noise is a matrix of independent entries of one variance, as drawn at the start: its singular
 * values fill the bulk of Marchenko and Pastur and stay within its edge. What lies beyond was
 * learnt, or put there. The variance is that of what remains when the outliers are taken away, each
 * with the row and the column that it uses up; edge and outliers are found together, by repetition.
 *
 * <p>Of a convolution the kernel position with the largest Frobenius norm is meant.
 *
 * @param method how the distribution was found
 * @param leading the largest singular values in descending order
 * @param noiseStd the standard deviation of the entries of the noise
 * @param noiseEdge what the largest singular value of the noise exceeds once in a hundred matrices
 * @param outliers how many singular values lie beyond the edge
 * @param complete whether these are all; false where more than can be looked for, or than half of
 *     the singular values, lie beyond, when noise is not what the matrix is about
 * @param noiseShare the part of ‖W‖_F² that the singular values within the edge have
 * @param noiseCount the part of all singular values that lie within the edge
 * @param distance the largest difference between the cumulative distribution of the singular values
 *     within the edge and that of noise: near 0 where they are noise, whatever lies beyond
 * @param bins the distribution of all singular values
 */
public record SingularSpectrum(
    Method method,
    List<Double> leading,
    double noiseStd,
    double noiseEdge,
    int outliers,
    boolean complete,
    double noiseShare,
    double noiseCount,
    double distance,
    List<Bin> bins) {

  /** How the distribution of all singular values was found. */
  public enum Method {
    /** As eigenvalues of the Gram matrix of the smaller side. */
    GRAM,
    /** Estimated by stochastic Lanczos quadrature; the leading ones are found one by one. */
    LANCZOS;

    /**
     * The name used in files.
     *
     * @return the constant's name in lower case
     */
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A part of the range of singular values.
   *
   * @param from its lower end
   * @param to its upper end
   * @param share the part of all singular values in it
   * @param noise the part of all singular values that would be in it were those within the edge
   *     distributed as Marchenko and Pastur say; 0 where nothing remains within
   */
  public record Bin(double from, double to, double share, double noise) {}

  /**
   * Copies the lists.
   *
   * @param method how the distribution was found
   * @param leading the largest singular values
   * @param noiseStd the standard deviation of the noise
   * @param noiseEdge the end of the noise
   * @param outliers how many lie beyond
   * @param complete whether these are all
   * @param noiseShare the part of the squared Frobenius norm within
   * @param noiseCount the part of singular values within
   * @param distance how unlike noise the part within is distributed
   * @param bins the distribution
   */
  public SingularSpectrum {
    leading = List.copyOf(leading);
    bins = List.copyOf(bins);
  }
}
