package org.widthwise.audit.spectrum;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.widthwise.core.spectral.GolubKahanLanczos;
import org.widthwise.core.spectral.LinearOperator;
import org.widthwise.core.spectral.MarchenkoPastur;
import org.widthwise.core.spectral.SpectralDensity;
import org.widthwise.core.spectral.SymmetricEigenvalues;

/** Finds the distribution of a tensor's singular values. */
final class SpectrumSearch {

  /** A Gram matrix of this side takes a second or two. */
  private static final int LARGEST_GRAM = 768;

  /** Entries that are held in double precision for it, 64 MiB of them. */
  private static final long MOST_ENTRIES = 1L << 23;

  /** Outliers beyond these are not looked for one by one. */
  static final int MOST_OUTLIERS = 64;

  private static final int STARTS = 6;
  private static final int STEPS = 64;
  private static final int BINS = 32;

  private final int count;
  private final double relativeTolerance;
  private final BooleanSupplier stop;
  private final SpareThreads threads;

  SpectrumSearch(int count, double relativeTolerance, BooleanSupplier stop, SpareThreads threads) {
    this.count = count;
    this.relativeTolerance = relativeTolerance;
    this.stop = stop;
    this.threads = threads;
  }

  /** What is noise. */
  private record Noise(double sigma, double edge, int outliers, boolean complete) {}

  /**
   * Finds it.
   *
   * @param stored the tensor's values
   * @param layout how its matrices lie in the file
   * @return none for vectors, zeros, and where entries are not finite
   * @throws java.util.concurrent.CancellationException if it was to stop
   */
  Optional<SingularSpectrum> of(TensorValues stored, TensorLayout layout) {
    TensorValues values = stored.until(stop);
    if (Math.min(layout.rows(), layout.columns()) < 2) {
      return Optional.empty();
    }
    ValueScan scan = ValueScan.of(values, layout);
    int slice =
        IntStream.range(0, layout.slices())
            .reduce(0, (a, b) -> scan.frobenius(b) > scan.frobenius(a) ? b : a);
    if (scan.nonFinite() > 0 || scan.frobenius(slice) == 0) {
      return Optional.empty();
    }
    int exponent = -scan.exponent();
    double frobenius = Math.scalb(scan.frobenius(slice), exponent);
    TensorValues matrix = layout.slice(values, slice);
    int rows = Math.toIntExact(layout.rows());
    int columns = Math.toIntExact(layout.columns());
    SingularSpectrum spectrum =
        isByGram(layout)
            ? byGram(matrix, rows, columns, exponent, frobenius)
            : byLanczos(matrix, rows, columns, exponent, frobenius);
    return Optional.of(unscaled(spectrum, -exponent));
  }

  /** Whether all singular values are found, by the Gram matrix of the smaller side. */
  static boolean isByGram(TensorLayout layout) {
    return Math.min(layout.rows(), layout.columns()) <= LARGEST_GRAM
        && layout.sliceElements() <= MOST_ENTRIES;
  }

  private SingularSpectrum byGram(
      TensorValues matrix, int rows, int columns, int exponent, double frobenius) {
    int small = Math.min(rows, columns);
    int large = Math.max(rows, columns);
    double[] a = new double[small * large];
    double[] piece = new double[TensorValues.PIECE];
    double unit = Math.scalb(1.0, exponent);
    for (int first = 0; first < a.length; first += piece.length) {
      int length = Math.min(piece.length, a.length - first);
      matrix.read(first, piece, length);
      for (int i = 0; i < length; i++) {
        int at = first + i;
        // The smaller side's vectors lie one after another.
        int to = rows <= columns ? at : (at % columns) * large + at / columns;
        a[to] = unit * piece[i];
      }
    }
    double[] gram = new double[small * small];
    for (int i = 0; i < small; i++) {
      StoppableOperator.check(stop);
      for (int j = 0; j <= i; j++) {
        gram[i * small + j] = dot(a, i * large, j * large, large);
      }
    }
    double[] values = SymmetricEigenvalues.of(small, gram);
    for (int i = 0; i < small; i++) {
      values[i] = Math.sqrt(Math.max(0, values[i]));
    }
    Noise noise = noise(values, small, large, frobenius, small / 2);
    return spectrum(
        SingularSpectrum.Method.GRAM,
        Arrays.copyOf(values, Math.min(small, count)),
        Arrays.stream(values).mapToObj(v -> new SpectralDensity.Node(v, 1.0 / small)).toList(),
        noise,
        values,
        small,
        large,
        frobenius);
  }

  private static double dot(double[] a, int first, int second, int length) {
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
    int i = 0;
    for (; i < length - 3; i += 4) {
      sum0 += a[first + i] * a[second + i];
      sum1 += a[first + i + 1] * a[second + i + 1];
      sum2 += a[first + i + 2] * a[second + i + 2];
      sum3 += a[first + i + 3] * a[second + i + 3];
    }
    for (; i < length; i++) {
      sum0 += a[first + i] * a[second + i];
    }
    return (sum0 + sum1) + (sum2 + sum3);
  }

  private SingularSpectrum byLanczos(
      TensorValues matrix, int rows, int columns, int exponent, double frobenius) {
    LinearOperator operator =
        new StoppableOperator(CheckpointMatrix.of(rows, columns, matrix, exponent, threads), stop);
    int small = Math.min(rows, columns);
    int large = Math.max(rows, columns);
    int most = Math.max(count, Math.min(MOST_OUTLIERS, small / 2));
    GolubKahanLanczos search =
        GolubKahanLanczos.withDefaults().withRelativeTolerance(Math.max(1e-5, relativeTolerance));
    int asked = Math.min(count, most);
    double[] leading = search.leading(operator, asked).values();
    Noise noise = noise(leading, small, large, frobenius, asked - 1);
    while (!noise.complete() && asked < most) {
      asked = Math.min(most, 2 * asked + 8);
      leading = search.leading(operator, asked).values();
      noise = noise(leading, small, large, frobenius, asked - 1);
    }
    SpectralDensity density = SpectralDensity.of(operator, STARTS, STEPS, 0);
    return spectrum(
        SingularSpectrum.Method.LANCZOS,
        Arrays.copyOf(leading, Math.min(leading.length, count)),
        density.nodes(),
        noise,
        leading,
        small,
        large,
        frobenius);
  }

  /**
   * Takes outliers away until none is left beyond the edge of what remains.
   *
   * @param leading the largest singular values
   * @param most how many may be taken away
   */
  private static Noise noise(double[] leading, int small, int large, double frobenius, int most) {
    int outliers = 0;
    while (true) {
      double rest = rest(leading, outliers, frobenius);
      double sigma = Math.sqrt(rest / ((double) (small - outliers) * (large - outliers)));
      if (!(sigma > frobenius * 0x1p-26)) {
        // Of a matrix of low rank nothing remains but rounding.
        return new Noise(0, 0, outliers, true);
      }
      double edge = new MarchenkoPastur(small - outliers, large - outliers, sigma).edge();
      int beyond = outliers;
      while (beyond < leading.length && leading[beyond] > edge) {
        beyond++;
      }
      if (beyond == outliers) {
        return new Noise(sigma, edge, outliers, true);
      }
      if (beyond > most || beyond >= small) {
        return new Noise(sigma, edge, beyond, false);
      }
      outliers = beyond;
    }
  }

  private static double rest(double[] leading, int outliers, double frobenius) {
    double rest = frobenius * frobenius;
    for (int i = 0; i < outliers; i++) {
      rest -= leading[i] * leading[i];
    }
    return Math.max(0, rest);
  }

  private static SingularSpectrum spectrum(
      SingularSpectrum.Method method,
      double[] shown,
      List<SpectralDensity.Node> sample,
      Noise noise,
      double[] leading,
      int small,
      int large,
      double frobenius) {
    double rest = rest(leading, noise.outliers(), frobenius);
    return new SingularSpectrum(
        method,
        Arrays.stream(shown).boxed().toList(),
        noise.sigma(),
        noise.edge(),
        noise.outliers(),
        noise.complete(),
        rest / (frobenius * frobenius),
        1 - (double) noise.outliers() / small,
        distance(sample, noise, law(noise, small, large)),
        bins(sample, leading[0], law(noise, small, large), 1 - (double) noise.outliers() / small));
  }

  /** How what remains would be distributed; null where nothing does. */
  private static @Nullable MarchenkoPastur law(Noise noise, int small, int large) {
    return noise.sigma() == 0 || noise.outliers() >= small
        ? null
        : new MarchenkoPastur(small - noise.outliers(), large - noise.outliers(), noise.sigma());
  }

  /** Kolmogorov's, of what lies within the edge. */
  private static double distance(
      List<SpectralDensity.Node> sample, Noise noise, @Nullable MarchenkoPastur law) {
    if (law == null) {
      return Double.NaN;
    }
    double within = 0;
    for (int i = 0; i < sample.size(); i++) {
      within += sample.get(i).value() <= noise.edge() ? sample.get(i).share() : 0;
    }
    double above = 0;
    double distance = 0;
    for (int i = 0; i < sample.size(); i++) {
      if (sample.get(i).value() <= noise.edge()) {
        double share = sample.get(i).share() / within;
        // A node stands for as many below it as above.
        double below = 1 - above - 0.5 * share;
        distance = Math.max(distance, Math.abs(law.cumulative(sample.get(i).value()) - below));
        above += share;
      }
    }
    return distance;
  }

  private static List<SingularSpectrum.Bin> bins(
      List<SpectralDensity.Node> sample,
      double largest,
      @Nullable MarchenkoPastur law,
      double noiseCount) {
    double[] shares = new double[BINS];
    for (int i = 0; i < sample.size(); i++) {
      int bin = (int) (BINS * sample.get(i).value() / largest);
      shares[Math.max(0, Math.min(BINS - 1, bin))] += sample.get(i).share();
    }
    List<SingularSpectrum.Bin> bins = new ArrayList<>();
    for (int i = 0; i < BINS; i++) {
      double from = largest * i / BINS;
      double to = largest * (i + 1) / BINS;
      double noise = law == null ? 0 : noiseCount * (law.cumulative(to) - law.cumulative(from));
      bins.add(new SingularSpectrum.Bin(from, to, shares[i], noise));
    }
    return bins;
  }

  private static SingularSpectrum unscaled(SingularSpectrum s, int exponent) {
    double unit = Math.scalb(1.0, exponent);
    return new SingularSpectrum(
        s.method(),
        s.leading().stream().map(value -> unit * value).toList(),
        unit * s.noiseStd(),
        unit * s.noiseEdge(),
        s.outliers(),
        s.complete(),
        s.noiseShare(),
        s.noiseCount(),
        s.distance(),
        s.bins().stream()
            .map(
                bin ->
                    new SingularSpectrum.Bin(
                        unit * bin.from(), unit * bin.to(), bin.share(), bin.noise()))
            .toList());
  }
}
