package org.widthwise.audit.spectrum;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.widthwise.audit.checkpoint.Checkpoint;
import org.widthwise.audit.checkpoint.CheckpointTensor;
import org.widthwise.audit.model.SkippedTensor;

/** Tensors and checkpoints in memory, for tests. */
public final class Matrices {

  private Matrices() {}

  /**
   * Entries that are floats, so that nothing is lost on the way into one.
   *
   * @param count how many
   * @param seed of the generator
   * @return standard normal numbers
   */
  public static double[] gaussian(int count, long seed) {
    Random random = new Random(seed);
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /**
   * A product of Gaussian factors, row by row.
   *
   * @param rank its rank
   * @param rows its rows
   * @param columns its columns
   * @param seed of the generator
   * @return the entries
   */
  public static double[] ofRank(int rank, int rows, int columns, long seed) {
    double[] left = gaussian(rows * rank, seed);
    double[] right = gaussian(rank * columns, seed + 1);
    double[] product = new double[rows * columns];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        double sum = 0;
        for (int k = 0; k < rank; k++) {
          sum += left[i * rank + k] * right[k * columns + j];
        }
        product[i * columns + j] = (float) sum;
      }
    }
    return product;
  }

  /**
   * The Frobenius norm.
   *
   * @param values the entries
   * @return the root of their sum of squares
   */
  public static double norm(double[] values) {
    return Math.sqrt(Arrays.stream(values).map(v -> v * v).sum());
  }

  /**
   * A tensor.
   *
   * @param name its name
   * @param values its values
   * @param shape its dimensions
   * @return the tensor
   */
  public static CheckpointTensor tensor(String name, double[] values, long... shape) {
    return new Stored(name, Arrays.stream(shape).boxed().toList(), values);
  }

  /**
   * A checkpoint that also has an integer.
   *
   * @param tensors its tensors
   * @return the checkpoint
   */
  public static Checkpoint checkpoint(CheckpointTensor... tensors) {
    return new Checkpoint() {
      @Override
      public List<CheckpointTensor> tensors() {
        return List.of(tensors);
      }

      @Override
      public List<SkippedTensor> skipped() {
        return List.of(new SkippedTensor("steps", "elements of I64"));
      }

      @Override
      public Map<String, String> metadata() {
        return Map.of();
      }

      @Override
      public void close() {}
    };
  }

  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Stored(String name, List<Long> shape, double[] values)
      implements CheckpointTensor {

    @Override
    public String dtype() {
      return "F64";
    }

    @Override
    public long bytes() {
      return 8L * values.length;
    }

    @Override
    public void read(long first, float[] into, int count) {
      for (int i = 0; i < count; i++) {
        into[i] = (float) values[Math.toIntExact(first) + i];
      }
    }

    @Override
    public void read(long first, double[] into, int count) {
      System.arraycopy(values, Math.toIntExact(first), into, 0, count);
    }
  }
}
