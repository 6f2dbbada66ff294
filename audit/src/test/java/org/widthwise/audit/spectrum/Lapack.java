package org.widthwise.audit.spectrum;

import dev.ludovic.netlib.lapack.JavaLAPACK;
import org.netlib.util.intW;

/** Reference singular values from LAPACK's dgesdd. */
final class Lapack {
  private Lapack() {}

  /** All singular values, descending, of a row-major matrix. */
  static double[] singularValues(int rows, int columns, double[] matrix) {
    // LAPACK reads columns first and so sees the transpose, which has the same singular values.
    int m = columns;
    int n = rows;
    int small = Math.min(m, n);
    double[] values = new double[small];
    double[] work = new double[Math.max(1, 10 * small + 2 * Math.max(m, n) + 8 * small * small)];
    intW info = new intW(0);
    JavaLAPACK.getInstance()
        .dgesdd(
            "N",
            m,
            n,
            matrix.clone(),
            m,
            values,
            new double[1],
            1,
            new double[1],
            1,
            work,
            work.length,
            new int[8 * small],
            info);
    if (info.val != 0) {
      throw new AssertionError("dgesdd failed with info " + info.val);
    }
    return values;
  }
}
