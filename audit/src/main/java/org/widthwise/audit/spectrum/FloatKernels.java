package org.widthwise.audit.spectrum;

/**
 * Products of a block of a matrix in single precision with vectors. Sums of eight terms are formed
 * in single precision, in loops without a dependence from one turn to the next so that the compiler
 * makes them vector instructions; everything beyond that is summed in double precision.
 */
final class FloatKernels {

  /** How many floats two passes over them still find in the processor's first cache. */
  static final int LANES = 512;

  private static final int TERMS = 8;

  private FloatKernels() {}

  /** {@code y[yFrom + i] += Σ_j a[i · columns + j] · x[xFrom + j]} for some rows. */
  static void dotRows(
      float[] a, int rowFrom, int rowTo, int columns, float[] x, int xFrom, double[] y, int yFrom) {
    float[] lanes = new float[LANES];
    for (int i = rowFrom; i < rowTo; i++) {
      int row = i * columns;
      double sum = 0;
      int j = 0;
      while (columns - j >= TERMS) {
        int width = Math.min(LANES, (columns - j) / TERMS);
        multiply(a, row + j, x, xFrom + j, width, lanes);
        sum += total(lanes, width);
        j += TERMS * width;
      }
      for (; j < columns; j++) {
        sum += (double) a[row + j] * x[xFrom + j];
      }
      y[yFrom + i] += sum;
    }
  }

  private static void multiply(float[] a, int aFrom, float[] x, int xFrom, int width, float[] sum) {
    int a1 = aFrom + width;
    int a2 = a1 + width;
    int a3 = a2 + width;
    int a4 = a3 + width;
    int a5 = a4 + width;
    int a6 = a5 + width;
    int a7 = a6 + width;
    int x1 = xFrom + width;
    int x2 = x1 + width;
    int x3 = x2 + width;
    int x4 = x3 + width;
    int x5 = x4 + width;
    int x6 = x5 + width;
    int x7 = x6 + width;
    for (int k = 0; k < width; k++) {
      sum[k] =
          ((a[aFrom + k] * x[xFrom + k] + a[a1 + k] * x[x1 + k])
                  + (a[a2 + k] * x[x2 + k] + a[a3 + k] * x[x3 + k]))
              + ((a[a4 + k] * x[x4 + k] + a[a5 + k] * x[x5 + k])
                  + (a[a6 + k] * x[x6 + k] + a[a7 + k] * x[x7 + k]));
    }
  }

  private static double total(float[] terms, int count) {
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
    int k = 0;
    for (; k < count - 3; k += 4) {
      sum0 += terms[k];
      sum1 += terms[k + 1];
      sum2 += terms[k + 2];
      sum3 += terms[k + 3];
    }
    for (; k < count; k++) {
      sum0 += terms[k];
    }
    return (sum0 + sum1) + (sum2 + sum3);
  }

  /** {@code x[xFrom + j] += Σ_i y[yFrom + i] · a[i · columns + j]} for some columns. */
  static void addRows(
      float[] a,
      int rows,
      int columns,
      int columnFrom,
      int columnTo,
      float[] y,
      int yFrom,
      double[] x,
      int xFrom) {
    float[] lanes = new float[LANES];
    float[] factors = new float[TERMS];
    int[] starts = new int[TERMS];
    for (int i = 0; i < rows; i += TERMS) {
      for (int term = 0; term < TERMS; term++) {
        boolean there = i + term < rows;
        factors[term] = there ? y[yFrom + i + term] : 0;
        starts[term] = there ? (i + term) * columns : i * columns;
      }
      for (int j = columnFrom; j < columnTo; j += LANES) {
        int width = Math.min(LANES, columnTo - j);
        combine(a, starts, j, factors, width, lanes);
        int to = xFrom + j;
        for (int k = 0; k < width; k++) {
          x[to + k] += lanes[k];
        }
      }
    }
  }

  private static void combine(
      float[] a, int[] starts, int column, float[] factors, int width, float[] sum) {
    int a0 = starts[0] + column;
    int a1 = starts[1] + column;
    int a2 = starts[2] + column;
    int a3 = starts[3] + column;
    int a4 = starts[4] + column;
    int a5 = starts[5] + column;
    int a6 = starts[6] + column;
    int a7 = starts[7] + column;
    float f0 = factors[0];
    float f1 = factors[1];
    float f2 = factors[2];
    float f3 = factors[3];
    float f4 = factors[4];
    float f5 = factors[5];
    float f6 = factors[6];
    float f7 = factors[7];
    for (int k = 0; k < width; k++) {
      sum[k] =
          ((f0 * a[a0 + k] + f1 * a[a1 + k]) + (f2 * a[a2 + k] + f3 * a[a3 + k]))
              + ((f4 * a[a4 + k] + f5 * a[a5 + k]) + (f6 * a[a6 + k] + f7 * a[a7 + k]));
    }
  }
}
