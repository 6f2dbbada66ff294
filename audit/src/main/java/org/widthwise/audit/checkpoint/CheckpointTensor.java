package org.widthwise.audit.checkpoint;

import java.util.List;

/**
 * A tensor of real floating-point numbers in a checkpoint, whose values stay in the file until they
 * are asked for.
 */
public interface CheckpointTensor {

  /**
   * Its name in the checkpoint.
   *
   * @return the name, from outside: to be escaped wherever it is shown
   */
  String name();

  /**
   * Its dimensions, as the file has them.
   *
   * @return the shape, empty for a scalar; no dimension is 0
   */
  List<Long> shape();

  /**
   * The type of its elements, as the format names it.
   *
   * @return such as {@code BF16}
   */
  String dtype();

  /**
   * How many bytes the file spends on its values.
   *
   * @return the number of bytes
   */
  long bytes();

  /**
   * Reads values in the order of the last dimension first ("row-major"), whatever the order in the
   * file. Several threads may read at a time.
   *
   * @param first the index of the first one
   * @param into where they go, from index 0
   * @param count how many
   * @throws org.widthwise.audit.MalformedFileException if they cannot be read, the file having been
   *     changed or removed, say
   */
  void read(long first, float[] into, int count);

  /**
   * Reads values in double precision, like {@link #read(long, float[], int)}: differs from it for
   * tensors of doubles alone.
   *
   * @param first the index of the first one
   * @param into where they go, from index 0
   * @param count how many
   * @throws org.widthwise.audit.MalformedFileException if they cannot be read
   */
  void read(long first, double[] into, int count);
}
