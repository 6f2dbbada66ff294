package org.widthwise.audit.spectrum;

import java.util.Comparator;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.core.spectral.GolubKahanLanczos;
import org.widthwise.core.spectral.SingularTriplet;

/** Measures one tensor. */
final class SizeSearch {

  /** What products in single precision leave of a relative error, whatever the search attains. */
  static final double SINGLE_PRECISION = 0x1p-22;

  /** Values within these powers of two are used as they are. */
  private static final int COMFORT = 40;

  private final GolubKahanLanczos lanczos;
  private final BooleanSupplier stop;

  SizeSearch(double relativeTolerance, BooleanSupplier stop) {
    this.stop = stop;
    lanczos = GolubKahanLanczos.withDefaults().withRelativeTolerance(relativeTolerance);
  }

  /**
   * Measures.
   *
   * @param stored the tensor's values in the file's order
   * @param shape what it is, output axis first
   * @param layout how its matrices lie in the file
   * @throws java.util.concurrent.CancellationException if it was to stop
   */
  TensorSizes sizes(TensorValues stored, ParameterShape shape, TensorLayout layout) {
    TensorValues values = stored.until(stop);
    ValueScan scan = ValueScan.of(values, layout);
    if (scan.nonFinite() > 0) {
      return TensorSizes.undefined(scan);
    }
    TensorSizes sizes =
        TensorSizes.of(
            largest(values, layout, scan), scan, shape.fans(), (double) layout.elements());
    return shape.role().isTable()
        ? sizes.withNaturalNorm(scan.largestRow() / Math.sqrt((double) layout.columns()))
        : sizes;
  }

  /**
   * The largest over all slices, of which those with the smaller Frobenius norms need no search.
   */
  private TensorSizes.Found largest(TensorValues values, TensorLayout layout, ValueScan scan) {
    int[] order =
        IntStream.range(0, layout.slices())
            .boxed()
            .sorted(Comparator.comparing(scan::frobenius, Comparator.reverseOrder()))
            .mapToInt(Integer::intValue)
            .toArray();
    TensorSizes.Found best = new TensorSizes.Found(0, 0, 0);
    double error = 0;
    for (int slice : order) {
      double frobenius = scan.frobenius(slice);
      if (frobenius <= best.spectral()) {
        break;
      }
      TensorSizes.Found found = search(values, layout, scan, slice);
      error = Math.max(error, found.relativeError());
      best = found.spectral() > best.spectral() ? found : best;
    }
    return new TensorSizes.Found(best.spectral(), error, best.frobenius());
  }

  private TensorSizes.Found search(
      TensorValues values, TensorLayout layout, ValueScan scan, int slice) {
    double frobenius = scan.frobenius(slice);
    if (Math.min(layout.rows(), layout.columns()) == 1) {
      return new TensorSizes.Found(frobenius, 0, frobenius);
    }
    int exponent = Math.abs(scan.exponent()) <= COMFORT ? 0 : -scan.exponent();
    CheckpointMatrix matrix =
        CheckpointMatrix.of(
            Math.toIntExact(layout.rows()),
            Math.toIntExact(layout.columns()),
            layout.slice(values, slice),
            exponent);
    SingularTriplet triplet = lanczos.largest(new StoppableOperator(matrix, stop));
    // Rounding must not make a matrix of rank one have a stable rank below 1.
    double spectral = Math.min(Math.scalb(triplet.value(), -exponent), frobenius);
    return new TensorSizes.Found(
        spectral, triplet.relativeErrorEstimate() + SINGLE_PRECISION, frobenius);
  }
}
