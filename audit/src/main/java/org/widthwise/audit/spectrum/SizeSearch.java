package org.widthwise.audit.spectrum;

import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.core.spectral.GolubKahanLanczos;
import org.widthwise.core.spectral.LinearOperator;
import org.widthwise.core.spectral.SingularTriplet;

/** Measures one tensor. */
final class SizeSearch {

  /** What products in single precision leave of a relative error, whatever the search attains. */
  static final double SINGLE_PRECISION = 0x1p-22;

  /** Values within these powers of two are used as they are. */
  private static final int COMFORT = 40;

  private final GolubKahanLanczos lanczos;
  private final BooleanSupplier stop;
  private final SpareThreads threads;

  SizeSearch(double relativeTolerance, BooleanSupplier stop, SpareThreads threads) {
    this.stop = stop;
    this.threads = threads;
    lanczos = GolubKahanLanczos.withDefaults().withRelativeTolerance(relativeTolerance);
  }

  /**
   * What was measured, with what is needed to look further.
   *
   * @param values the values, until it is to stop
   * @param layout how its matrices lie in them
   * @param scan what a pass over them told
   * @param found the largest matrix; of numbers that are none where values are not finite
   * @param sizes the sizes
   */
  record Measured(
      TensorValues values,
      TensorLayout layout,
      ValueScan scan,
      TensorSizes.Found found,
      TensorSizes sizes) {}

  /**
   * Measures.
   *
   * @param stored the tensor's values in the file's order
   * @param shape what it is, output axis first
   * @param layout how its matrices lie in the file
   * @throws java.util.concurrent.CancellationException if it was to stop
   */
  Measured measure(TensorValues stored, ParameterShape shape, TensorLayout layout) {
    TensorValues values = stored.until(stop);
    ValueScan scan = ValueScan.of(values, layout);
    if (scan.nonFinite() > 0) {
      TensorSizes.Found none = new TensorSizes.Found(0, Double.NaN, Double.NaN, Double.NaN, null);
      return new Measured(values, layout, scan, none, TensorSizes.undefined(scan));
    }
    TensorSizes.Found found = largest(values, layout, scan);
    TensorSizes sizes = TensorSizes.of(found, scan, shape.fans(), (double) layout.elements());
    if (shape.role().isTable()) {
      sizes = sizes.withNaturalNorm(scan.largestRow() / Math.sqrt((double) layout.columns()));
    } else if (shape.role().isConvolution()) {
      sizes = sizes.withOperatorNormBound(bound(values, shape, layout, scan, found));
    }
    return new Measured(values, layout, scan, found, sizes);
  }

  private double bound(
      TensorValues values,
      ParameterShape shape,
      TensorLayout layout,
      ValueScan scan,
      TensorSizes.Found found) {
    if (layout.positions() == 1 || scan.frobenius() == 0) {
      // A convolution of one position is its matrix.
      return found.spectral();
    }
    List<Long> kernel = shape.dimensions().subList(2, shape.dimensions().size());
    return new ConvolutionBound(stop, threads).of(values, layout, kernel, scan, exponent(scan));
  }

  /**
   * The leading singular vectors of a slice that is no vector: the ones at hand if they are its.
   *
   * @throws java.util.concurrent.CancellationException if it was to stop
   */
  SingularTriplet triplet(Measured measured, int slice) {
    SingularTriplet known = measured.found().triplet();
    return known != null && measured.found().slice() == slice
        ? known
        : lanczos.largest(operator(measured.values(), measured.layout(), measured.scan(), slice));
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
    TensorSizes.Found best = new TensorSizes.Found(order[0], 0, 0, 0, null);
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
    return new TensorSizes.Found(
        best.slice(), best.spectral(), error, best.frobenius(), best.triplet());
  }

  private TensorSizes.Found search(
      TensorValues values, TensorLayout layout, ValueScan scan, int slice) {
    double frobenius = scan.frobenius(slice);
    if (Math.min(layout.rows(), layout.columns()) == 1) {
      return new TensorSizes.Found(slice, frobenius, 0, frobenius, null);
    }
    SingularTriplet triplet = lanczos.largest(operator(values, layout, scan, slice));
    // Rounding must not make a matrix of rank one have a stable rank below 1.
    double spectral = Math.min(Math.scalb(triplet.value(), -exponent(scan)), frobenius);
    return new TensorSizes.Found(
        slice, spectral, triplet.relativeErrorEstimate() + SINGLE_PRECISION, frobenius, triplet);
  }

  private LinearOperator operator(
      TensorValues values, TensorLayout layout, ValueScan scan, int slice) {
    return new StoppableOperator(
        CheckpointMatrix.of(
            Math.toIntExact(layout.rows()),
            Math.toIntExact(layout.columns()),
            layout.slice(values, slice),
            exponent(scan),
            threads),
        stop);
  }

  private static int exponent(ValueScan scan) {
    return Math.abs(scan.exponent()) <= COMFORT ? 0 : -scan.exponent();
  }
}
