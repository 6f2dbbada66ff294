package org.widthwise.audit.spectrum;

import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.widthwise.audit.checkpoint.CheckpointTensor;

/** Numbers that are read in pieces: those of a tensor, of a difference, of one kernel position. */
@FunctionalInterface
interface TensorValues {

  /** The most values that are on their way at a time. */
  int PIECE = 1 << 16;

  /** Reads {@code count} values, at most {@link #PIECE}, from the index {@code first} on. */
  void read(long first, double[] into, int count);

  /**
   * Reads any number of values, times a power of two, in single precision.
   *
   * @param exponent of the power of two
   * @param piece room for {@link #PIECE} values
   */
  default void read(long first, float[] into, int count, int exponent, double[] piece) {
    double factor = Math.scalb(1.0, exponent);
    for (int done = 0; done < count; ) {
      int now = Math.min(PIECE, count - done);
      read(first + done, piece, now);
      for (int i = 0; i < now; i++) {
        into[done + i] = (float) (factor * piece[i]);
      }
      done += now;
    }
  }

  /** The values of a tensor. */
  static TensorValues of(CheckpointTensor tensor) {
    return new TensorValues() {
      @Override
      public void read(long first, double[] into, int count) {
        tensor.read(first, into, count);
      }

      @Override
      public void read(long first, float[] into, int count, int exponent, double[] piece) {
        if (exponent == 0) {
          tensor.read(first, into, count);
        } else {
          TensorValues plain = tensor::read;
          plain.read(first, into, count, exponent, piece);
        }
      }
    };
  }

  /** What came to the earlier values to make the later ones. */
  static TensorValues difference(CheckpointTensor later, CheckpointTensor earlier) {
    return (first, into, count) -> {
      double[] subtrahend = new double[count];
      later.read(first, into, count);
      earlier.read(first, subtrahend, count);
      for (int i = 0; i < count; i++) {
        into[i] -= subtrahend[i];
      }
    };
  }

  /** The same values, until it is to stop: then reading is a {@link CancellationException}. */
  default TensorValues until(BooleanSupplier stop) {
    TensorValues plain = this;
    return new TensorValues() {
      @Override
      public void read(long first, double[] into, int count) {
        StoppableOperator.check(stop);
        plain.read(first, into, count);
      }

      @Override
      public void read(long first, float[] into, int count, int exponent, double[] piece) {
        StoppableOperator.check(stop);
        plain.read(first, into, count, exponent, piece);
      }
    };
  }

  /** Consecutive values from an index on. */
  default TensorValues from(long start) {
    return (first, into, count) -> read(start + first, into, count);
  }

  /**
   * Some columns of a matrix, row by row.
   *
   * @param all how many columns it has
   * @param from the first of those
   * @param count how many of them
   */
  default TensorValues columns(long all, long from, long count) {
    return (first, into, length) -> {
      double[] piece = new double[(int) Math.min(length, count)];
      for (int done = 0; done < length; ) {
        long row = (first + done) / count;
        long column = (first + done) % count;
        int now = (int) Math.min(length - done, count - column);
        read(row * all + from + column, piece, now);
        System.arraycopy(piece, 0, into, done, now);
        done += now;
      }
    };
  }

  /** Every value that is {@code start} after a multiple of {@code step}. */
  default TensorValues every(int step, int start) {
    return (first, into, count) -> {
      int most = Math.max(1, PIECE / step);
      double[] piece = new double[(int) Math.min(PIECE, (long) most * step)];
      for (int done = 0; done < count; ) {
        int now = Math.min(most, count - done);
        // Not up to the last one's neighbours, which the tensor may not have.
        int length = (now - 1) * step + 1;
        read((first + done) * step + start, piece, length);
        for (int i = 0; i < now; i++) {
          into[done + i] = piece[i * step];
        }
        done += now;
      }
    };
  }
}
