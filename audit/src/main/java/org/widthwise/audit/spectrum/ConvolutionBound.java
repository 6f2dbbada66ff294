package org.widthwise.audit.spectrum;

import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.widthwise.core.spectral.GolubKahanLanczos;
import org.widthwise.core.spectral.SingularTriplet;

/**
 * An upper bound on the norm of a convolution as a map of whole images, which is the largest of
 * {@code Σ_p e^(iω·p) W_p} over all frequencies ω, with the matrix {@code W_p} of each kernel
 * position.
 *
 * <p>Any way to put some of the kernel's axes beside the channels of outputs and the rest beside
 * those of inputs makes one matrix M of the kernel. The sum is M between vectors of phases, whose
 * lengths are the square roots of the numbers of positions on either side, so its norm is at most
 * √(number of positions) · ‖M‖₂; the best of all ways is taken, of two axes the best of four (S.
 * Singla, S. Feizi, "Fantastic Four: Differentiable and Efficient Bounds on Singular Values of
 * Convolution Layers", ICLR 2021). It holds for padding that is circular or with zeros, for any
 * stride and dilation, for groups, and for the transposed convolution.
 */
final class ConvolutionBound {

  /** The bound itself is loose by more, and what a search may miss is added. */
  private static final double TOLERANCE = 1e-3;

  private final GolubKahanLanczos lanczos =
      GolubKahanLanczos.withDefaults().withRelativeTolerance(TOLERANCE);
  private final BooleanSupplier stop;
  private final SpareThreads threads;

  ConvolutionBound(BooleanSupplier stop, SpareThreads threads) {
    this.stop = stop;
    this.threads = threads;
  }

  /**
   * The bound.
   *
   * @param values the kernel's values in the file's order, all finite
   * @param layout how its slices lie in them
   * @param kernel the lengths of its axes, the last one's positions side by side
   * @param scan what a pass over the values told
   * @param exponent of the power of two by which values are brought near 1
   * @return the bound; NaN for kernels too large to be held
   * @throws java.util.concurrent.CancellationException if it was to stop
   */
  double of(
      TensorValues values, TensorLayout layout, List<Long> kernel, ValueScan scan, int exponent) {
    if (layout.elements() > CheckpointMatrix.MOST_HELD) {
      return Double.NaN;
    }
    float[] all = new float[Math.toIntExact(layout.elements())];
    values.read(0, all, all.length, exponent, new double[TensorValues.PIECE]);
    double[] frobenius = new double[layout.maps()];
    for (int slice = 0; slice < layout.slices(); slice++) {
      int map = slice / layout.positions();
      frobenius[map] = Math.hypot(frobenius[map], Math.scalb(scan.frobenius(slice), exponent));
    }
    // The largest group first, beside which the others are mostly known to be small.
    int[] groups =
        IntStream.range(0, layout.maps())
            .boxed()
            .sorted(Comparator.comparing(map -> -frobenius[map]))
            .mapToInt(Integer::intValue)
            .toArray();
    double largest = 0;
    for (int map : groups) {
      if (frobenius[map] <= largest) {
        break;
      }
      largest = Math.max(largest, least(all, layout, map, kernel));
    }
    return Math.scalb(Math.sqrt(layout.positions()) * largest, -exponent);
  }

  private double least(float[] all, TensorLayout layout, int map, List<Long> kernel) {
    double least = Double.POSITIVE_INFINITY;
    for (int outside = 0; outside < 1 << kernel.size(); outside++) {
      if (isNew(kernel, outside)) {
        least = Math.min(least, norm(Unfolding.of(all, layout, map, kernel, outside)));
      }
    }
    return least;
  }

  /** An axis of length 1 may stay where it is. */
  private static boolean isNew(List<Long> kernel, int outside) {
    for (int axis = 0; axis < kernel.size(); axis++) {
      if ((outside >> axis & 1) == 1 && kernel.get(axis) == 1) {
        return false;
      }
    }
    return true;
  }

  private double norm(Unfolding unfolding) {
    SingularTriplet triplet =
        lanczos.largest(
            new StoppableOperator(
                CheckpointMatrix.of(unfolding.rows(), unfolding.columns(), unfolding, 0, threads),
                stop));
    return triplet.value() / (1 - triplet.relativeErrorEstimate() - SizeSearch.SINGLE_PRECISION);
  }

  /**
   * The kernel as one matrix, row by row.
   *
   * @param all the kernel as the file has it
   * @param layout how it lies there
   * @param map the group
   * @param rowPositions the kernel position of each that goes with the rows
   * @param columnPositions the same for columns; positions are sums of both
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Unfolding(
      float[] all, TensorLayout layout, int map, int[] rowPositions, int[] columnPositions)
      implements TensorValues {

    static Unfolding of(float[] all, TensorLayout layout, int map, List<Long> kernel, int outside) {
      int[] rows = {0};
      int[] columns = {0};
      int step = 1;
      for (int axis = kernel.size() - 1; axis >= 0; axis--) {
        int length = Math.toIntExact(kernel.get(axis));
        if ((outside >> axis & 1) == 1) {
          rows = with(rows, length, step);
        } else {
          columns = with(columns, length, step);
        }
        step *= length;
      }
      return new Unfolding(all, layout, map, rows, columns);
    }

    private static int[] with(int[] positions, int length, int step) {
      int[] more = new int[positions.length * length];
      for (int i = 0; i < more.length; i++) {
        more[i] = positions[i % positions.length] + i / positions.length * step;
      }
      return more;
    }

    int rows() {
      return Math.toIntExact(layout.rows() * rowPositions.length);
    }

    int columns() {
      return Math.toIntExact(layout.columns() * columnPositions.length);
    }

    @Override
    public void read(long first, double[] into, int count) {
      int columns = columns();
      for (int i = 0; i < count; i++) {
        int row = (int) ((first + i) / columns);
        int column = (int) ((first + i) % columns);
        int position =
            rowPositions[row % rowPositions.length]
                + columnPositions[column % columnPositions.length];
        into[i] =
            all[
                (int)
                    layout.index(
                        map, position, row / rowPositions.length, column / columnPositions.length)];
      }
    }
  }
}
