package org.widthwise.core.spectral;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * The distribution of an operator's singular values, estimated from a few products by stochastic
 * Lanczos quadrature: from a random start a Golub–Kahan–Lanczos process gives Ritz values, and the
 * squared first components of their vectors say how much of the distribution each stands for (L.
 * Lin, Y. Saad, C. Yang, "Approximating spectral densities of large matrices", SIAM Review 58,
 * 2016). Averaged over starts the first {@code 2 · steps} moments of the squared singular values
 * are right in expectation.
 *
 * @param nodes singular values with the part of all that each stands for, in descending order
 */
public record SpectralDensity(List<Node> nodes) {

  /**
   * A singular value that stands for others near it.
   *
   * @param value the singular value
   * @param share the part of all singular values, from 0 to 1; all shares sum to 1
   */
  public record Node(double value, double share) {}

  /**
   * Copies the list.
   *
   * @param nodes singular values and shares
   */
  public SpectralDensity {
    nodes = List.copyOf(nodes);
  }

  /**
   * Estimates the distribution of the {@code min(rows, columns)} singular values.
   *
   * @param a the operator, with a row and a column at least
   * @param starts how many random starts to average over, 1 or more
   * @param steps how many bidiagonalisation steps to make from each, 1 or more
   * @param seed of the starts
   * @return the distribution
   * @throws IllegalArgumentException if there are no rows or columns, or a number is below 1
   * @throws ArithmeticException if a product has a NaN or infinite entry
   */
  public static SpectralDensity of(LinearOperator a, int starts, int steps, long seed) {
    if (Math.min(a.rows(), a.columns()) < 1 || starts < 1 || steps < 1) {
      throw new IllegalArgumentException(
          "a spectral density needs a row, a column, a start and a step at least, but shape is [%d, %d], starts %d and steps %d"
              .formatted(a.rows(), a.columns(), starts, steps));
    }
    // On the longer side most singular values would be zeros that are none of the operator's.
    LinearOperator tall = a.columns() > a.rows() ? new Transposed(a) : a;
    MeteredOperator metered = new MeteredOperator(tall);
    Random random = new Random(seed);
    List<Node> nodes = new ArrayList<>();
    for (int start = 0; start < starts; start++) {
      double[] unit = Vectors.randomUnit(tall.columns(), random);
      Bidiagonalization basis =
          new Bidiagonalization(
              metered, List.of(), List.of(), Math.min(steps, tall.columns()), 0, unit);
      while (basis.size() < basis.capacity() && !basis.invariant()) {
        basis.step();
      }
      SmallSvd ritz = basis.ritz();
      for (int i = 0; i < ritz.size(); i++) {
        double component = ritz.right(i)[0];
        nodes.add(new Node(ritz.value(i), component * component / starts));
      }
    }
    nodes.sort(Comparator.comparing(Node::value, Comparator.reverseOrder()));
    return new SpectralDensity(nodes);
  }

  private record Transposed(LinearOperator plain) implements LinearOperator {

    @Override
    public int rows() {
      return plain.columns();
    }

    @Override
    public int columns() {
      return plain.rows();
    }

    @Override
    public void apply(double[] x, double[] y) {
      plain.applyTransposed(x, y);
    }

    @Override
    public void applyTransposed(double[] y, double[] x) {
      plain.apply(y, x);
    }
  }
}
