package org.widthwise.audit.spectrum;

import org.widthwise.core.spectral.SingularTriplet;

/** Compares leading singular vectors; those that the search for sizes found are used again. */
final class AlignmentSearch {

  private final SizeSearch search;

  AlignmentSearch(SizeSearch search) {
    this.search = search;
  }

  /** The overlaps of both sides, with sign as far as the vectors have one. */
  private record Overlap(double rows, double columns) {

    double product() {
      // Lengths are 1 up to rounding only.
      return Math.max(-1, Math.min(1, rows * columns));
    }
  }

  /**
   * Compares.
   *
   * @param weight the later weight
   * @param earlier the earlier one
   * @param update their difference
   * @throws java.util.concurrent.CancellationException if it was to stop
   */
  UpdateAlignment of(
      SizeSearch.Measured weight, SizeSearch.Measured earlier, SizeSearch.Measured update) {
    Overlap now = overlap(weight, update);
    double before = overlap(earlier, update).product();
    boolean outputRows = weight.layout().outputRows();
    double rows = Math.min(1, Math.abs(now.rows()));
    double columns = Math.min(1, Math.abs(now.columns()));
    return new UpdateAlignment(
        now.product(), outputRows ? rows : columns, outputRows ? columns : rows, before);
  }

  private Overlap overlap(SizeSearch.Measured weight, SizeSearch.Measured update) {
    int slice = update.found().slice();
    TensorLayout layout = update.layout();
    if (!(update.found().spectral() > 0) || !(weight.scan().frobenius(slice) > 0)) {
      return new Overlap(Double.NaN, Double.NaN);
    }
    if (Math.min(layout.rows(), layout.columns()) == 1) {
      double cosine = cosine(weight, update, slice);
      return layout.columns() == 1 ? new Overlap(cosine, 1) : new Overlap(1, cosine);
    }
    SingularTriplet of = search.triplet(weight, slice);
    SingularTriplet to = search.triplet(update, slice);
    return new Overlap(dot(of.left(), to.left()), dot(of.right(), to.right()));
  }

  private static double cosine(SizeSearch.Measured weight, SizeSearch.Measured update, int slice) {
    TensorLayout layout = update.layout();
    TensorValues first = layout.slice(weight.values(), slice);
    TensorValues second = layout.slice(update.values(), slice);
    double[] x = new double[TensorValues.PIECE];
    double[] y = new double[TensorValues.PIECE];
    // In units of these, of which products neither overflow nor vanish.
    double xNorm = weight.scan().frobenius(slice);
    double yNorm = update.scan().frobenius(slice);
    double sum = 0;
    for (long done = 0; done < layout.sliceElements(); ) {
      int count = (int) Math.min(TensorValues.PIECE, layout.sliceElements() - done);
      first.read(done, x, count);
      second.read(done, y, count);
      for (int i = 0; i < count; i++) {
        sum += x[i] / xNorm * (y[i] / yNorm);
      }
      done += count;
    }
    return sum;
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += x[i] * y[i];
    }
    return sum;
  }
}
