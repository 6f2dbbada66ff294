package org.widthwise.core.spectral;

/**
 * An operator whose products are counted, checked for NaN and infinity, and brought near one in
 * magnitude by powers of two, so that nothing downstream overflows or drowns among denormals.
 *
 * <p>The scaled operator is {@code 2^(in + out) · A}, applied as {@code 2^out · A (2^in · x)}:
 * scaling the input keeps the products inside {@code A} in range, scaling the output brings them
 * back. Powers of two change no digit.
 */
final class MeteredOperator {
  /** Magnitudes within 2^±100 are left as they are; squares of squares of them are still finite. */
  private static final int COMFORT = 100;

  /** Above this exponent the products are themselves near overflow. */
  private static final int NEAR_OVERFLOW = 900;

  /** First step of input scaling: fits single precision too, in which an operator may compute. */
  private static final int FIRST_SCALING = 60;

  private static final int SCALING_STEP = 120;
  private static final int LARGEST_SCALING = 540;

  private final LinearOperator operator;
  private final double[] scaledRight;
  private final double[] scaledLeft;
  private int inputExponent;
  private int outputExponent;
  private int products;

  MeteredOperator(LinearOperator operator) {
    this.operator = operator;
    this.scaledRight = new double[operator.columns()];
    this.scaledLeft = new double[operator.rows()];
  }

  int rows() {
    return operator.rows();
  }

  int columns() {
    return operator.columns();
  }

  int products() {
    return products;
  }

  /**
   * Chooses the scaling by the image of a vector in general position.
   *
   * @param probe a unit vector
   * @return false if the image is zero however the probe is scaled
   * @throws ArithmeticException if the image is not finite however the probe is scaled
   */
  boolean measure(double[] probe) {
    double[] image = new double[rows()];
    double magnitude = tryScaling(0, probe, image);
    if (!Double.isFinite(magnitude)) {
      String seen = describe(image, "A x");
      for (int e = FIRST_SCALING; e <= LARGEST_SCALING && !Double.isFinite(magnitude); ) {
        magnitude = tryScaling(-e, probe, image);
        e += SCALING_STEP;
      }
      if (!Double.isFinite(magnitude)) {
        throw new ArithmeticException(seen);
      }
    } else if (Math.getExponent(magnitude) > COMFORT) {
      boolean nearOverflow = Math.getExponent(magnitude) > NEAR_OVERFLOW;
      magnitude = tryScaling(nearOverflow ? -5 * FIRST_SCALING : -FIRST_SCALING, probe, image);
    } else {
      int e = FIRST_SCALING;
      while (Math.getExponent(magnitude) < -COMFORT && e <= LARGEST_SCALING) {
        int previous = inputExponent;
        double larger = tryScaling(e, probe, image);
        if (!Double.isFinite(larger)) {
          // An operator in single precision cannot take an input this large.
          inputExponent = previous;
          break;
        }
        magnitude = larger;
        e += SCALING_STEP;
      }
    }
    boolean comfortable = inputExponent == 0 && Math.abs(Math.getExponent(magnitude)) <= COMFORT;
    outputExponent = magnitude == 0 || comfortable ? 0 : -Math.getExponent(magnitude);
    return magnitude > 0;
  }

  private double tryScaling(int exponent, double[] probe, double[] image) {
    inputExponent = exponent;
    operator.apply(scaledCopy(probe, scaledRight), image);
    products++;
    return Vectors.largestMagnitude(image);
  }

  /** Writes the scaled {@code A x} to {@code y}. */
  void apply(double[] x, double[] y) {
    operator.apply(scaledCopy(x, scaledRight), y);
    products++;
    finish(y, "A x");
  }

  /** Writes the scaled {@code Aᵀ y} to {@code x}. */
  void applyTransposed(double[] y, double[] x) {
    operator.applyTransposed(scaledCopy(y, scaledLeft), x);
    products++;
    finish(x, "Aᵀ x");
  }

  /**
   * Takes a singular value of the scaled operator back to the given one.
   *
   * @throws ArithmeticException if it is no finite double
   */
  double unscale(double value) {
    double result = Math.scalb(value, -(inputExponent + outputExponent));
    if (!Double.isFinite(result)) {
      throw new ArithmeticException(
          "The singular value "
              + value
              + " · 2^"
              + -(inputExponent + outputExponent)
              + " exceeds the largest double; divide the operator by a power of two first");
    }
    return result;
  }

  private double[] scaledCopy(double[] x, double[] copy) {
    double factor = Math.scalb(1.0, inputExponent);
    for (int i = 0; i < x.length; i++) {
      copy[i] = factor * x[i];
    }
    return copy;
  }

  private void finish(double[] image, String what) {
    double factor = Math.scalb(1.0, outputExponent);
    double poison = 0;
    for (int i = 0; i < image.length; i++) {
      poison += 0 * image[i];
      image[i] *= factor;
    }
    if (poison != 0) {
      throw new ArithmeticException(describe(image, what));
    }
  }

  private static String describe(double[] image, String what) {
    int index = 0;
    while (index < image.length - 1 && Double.isFinite(image[index])) {
      index++;
    }
    return "The operator must map finite vectors to finite vectors, but entry "
        + index
        + " of "
        + what
        + " is "
        + image[index]
        + " for a unit vector x: look for NaN or infinite entries in the operator";
  }
}
