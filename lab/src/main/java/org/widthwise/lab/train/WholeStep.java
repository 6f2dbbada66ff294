package org.widthwise.lab.train;

import java.util.function.BooleanSupplier;
import org.bytedeco.pytorch.Tensor;

/** Steps that one process takes alone. */
final class WholeStep implements StepShare {

  @Override
  public int[] of(int[] batch) {
    return batch;
  }

  @Override
  public double backward(Tensor loss, BooleanSupplier stop) {
    double number = loss.item_double();
    if (Double.isFinite(number)) {
      loss.backward();
    }
    return number;
  }

  @Override
  public boolean stops(BooleanSupplier stop) {
    return Thread.currentThread().isInterrupted() || stop.getAsBoolean();
  }

  @Override
  public void close() {}
}
