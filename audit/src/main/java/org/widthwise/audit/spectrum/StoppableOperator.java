package org.widthwise.audit.spectrum;

import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.widthwise.core.spectral.LinearOperator;

/** An operator whose products end in a {@link CancellationException} once it is to stop. */
record StoppableOperator(LinearOperator operator, BooleanSupplier stop) implements LinearOperator {

  static void check(BooleanSupplier stop) {
    if (stop.getAsBoolean()) {
      throw new CancellationException("stopped");
    }
  }

  @Override
  public int rows() {
    return operator.rows();
  }

  @Override
  public int columns() {
    return operator.columns();
  }

  @Override
  public void apply(double[] x, double[] y) {
    check(stop);
    operator.apply(x, y);
  }

  @Override
  public void applyTransposed(double[] y, double[] x) {
    check(stop);
    operator.applyTransposed(y, x);
  }
}
