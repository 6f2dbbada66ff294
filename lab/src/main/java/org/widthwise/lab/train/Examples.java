package org.widthwise.lab.train;

/** Examples by their number, made into tensors as they are asked for. */
public interface Examples {

  /**
   * How many there are.
   *
   * @return at least 1
   */
  int count();

  /**
   * Some of them.
   *
   * @param precision the type of inputs that are no tokens
   * @param indices which, each 0..count−1
   * @return the examples in that order, in tensors on the CPU that belong to the scope that is open
   *     at the call
   * @throws IndexOutOfBoundsException if there is no such example
   */
  ExampleBatch batch(Precision precision, int... indices);
}
