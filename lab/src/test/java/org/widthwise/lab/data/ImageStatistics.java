package org.widthwise.lab.data;

import dev.ludovic.netlib.lapack.JavaLAPACK;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.netlib.util.intW;

/**
 * The statistics by which the stand-in is held against CIFAR-10, computed alike for both from the
 * first {@code images} of a data set.
 *
 * @param mean of all pixels, 0..1
 * @param deviation standard deviation of all pixels, 0..1
 * @param redGreen correlation of the red and the green of a pixel
 * @param redBlue correlation of the red and the blue of a pixel
 * @param powerSlope slope of log power on log frequency of the mean luminance spectrum, radially
 *     averaged, frequencies 1..16 cycles an image
 * @param contrastSpread standard deviation over images of the logarithm of an image's standard
 *     deviation
 * @param topShare largest eigenvalue of the Gram matrix of 200 standardised airplanes and
 *     automobiles over its trace, mean of 10 draws
 * @param secondShare the second largest likewise
 * @param topTwentyShare the twenty largest likewise
 * @param medianEigenvalue the 100th largest eigenvalue relative to the mean eigenvalue
 * @param tenClassTopShare as topShare, over 200 images of all classes
 * @param targetInTopFive share of the ±1 targets' square norm within the five top eigenvectors
 * @param hardness yᵀK⁻¹y/B with K the Gram matrix over 3072: the norm that a linear fit must build
 * @param nearestMean accuracy of telling airplanes from automobiles by the nearer class mean, means
 *     from the even members of each class, accuracy on the odd ones
 */
record ImageStatistics(
    double mean,
    double deviation,
    double redGreen,
    double redBlue,
    double powerSlope,
    double contrastSpread,
    double topShare,
    double secondShare,
    double topTwentyShare,
    double medianEigenvalue,
    double tenClassTopShare,
    double targetInTopFive,
    double hardness,
    double nearestMean) {

  private static final int SIDE = 32;
  private static final int PLANE = SIDE * SIDE;
  private static final int B = 200;
  private static final int DRAWS = 10;

  static ImageStatistics of(ImageDataset data, int images) {
    double[] moments = new double[9];
    double[] logDeviations = new double[images];
    double[] power = new double[PLANE];
    float[] pixels = new float[data.features()];
    for (int i = 0; i < images; i++) {
      data.copyPixels(i, pixels, 0);
      double sum = 0;
      double squares = 0;
      for (int j = 0; j < PLANE; j++) {
        double r = pixels[j];
        double g = pixels[PLANE + j];
        double b = pixels[2 * PLANE + j];
        double[] terms = {r, g, b, r * r, g * g, b * b, r * g, r * b};
        for (int k = 0; k < terms.length; k++) {
          moments[k] += terms[k];
        }
        sum += r + g + b;
        squares += r * r + g * g + b * b;
      }
      double m = sum / pixels.length;
      logDeviations[i] = 0.5 * Math.log(squares / pixels.length - m * m);
      addLuminancePower(pixels, power);
    }
    double n = (double) images * PLANE;
    for (int k = 0; k < 8; k++) {
      moments[k] /= n;
    }
    double mean = (moments[0] + moments[1] + moments[2]) / 3;
    double meanSquare = (moments[3] + moments[4] + moments[5]) / 3;
    double[] red = {moments[0], Math.sqrt(moments[3] - moments[0] * moments[0])};
    double[] green = {moments[1], Math.sqrt(moments[4] - moments[1] * moments[1])};
    double[] blue = {moments[2], Math.sqrt(moments[5] - moments[2] * moments[2])};
    double meanLog = Arrays.stream(logDeviations).average().orElseThrow();
    double varianceLog =
        Arrays.stream(logDeviations)
            .map(x -> (x - meanLog) * (x - meanLog))
            .average()
            .orElseThrow();
    double[] gram = new double[6];
    for (int trial = 0; trial < DRAWS; trial++) {
      TwoClassTask task = TwoClassTask.draw(data, B, 1, trial);
      addGram(task.inputs(), task.targets(), data.features(), gram);
    }
    double tenClassTop = 0;
    for (int trial = 0; trial < DRAWS; trial++) {
      double[] one = new double[6];
      addGram(ImageBatch.draw(data, B, 2, trial).inputs(), new float[B], data.features(), one);
      tenClassTop += one[0];
    }
    return new ImageStatistics(
        mean / 255,
        Math.sqrt(meanSquare - mean * mean) / 255,
        (moments[6] - red[0] * green[0]) / (red[1] * green[1]),
        (moments[7] - red[0] * blue[0]) / (red[1] * blue[1]),
        slope(power),
        Math.sqrt(varianceLog),
        gram[0] / DRAWS,
        gram[1] / DRAWS,
        gram[2] / DRAWS,
        gram[3] / DRAWS,
        tenClassTop / DRAWS,
        gram[4] / DRAWS,
        gram[5] / DRAWS,
        nearestMean(data));
  }

  /** Adds shares of the top 1, the second, the top 20; the median; target share; hardness. */
  private static void addGram(float[] x, float[] targets, int features, double[] sums) {
    double[] k = new double[B * B];
    IntStream.range(0, B)
        .parallel()
        .forEach(
            i -> {
              for (int j = 0; j < B; j++) {
                double dot = 0;
                for (int f = 0; f < features; f++) {
                  dot += (double) x[i * features + f] * x[j * features + f];
                }
                k[i * B + j] = dot / features;
              }
            });
    double[] eigenvalues = new double[B];
    double[] work = new double[34 * B];
    intW info = new intW(0);
    JavaLAPACK.getInstance().dsyev("V", "U", B, k, B, eigenvalues, work, work.length, info);
    if (info.val != 0) {
      throw new IllegalStateException("dsyev: " + info.val);
    }
    double trace = Arrays.stream(eigenvalues).sum();
    sums[0] += eigenvalues[B - 1] / trace;
    sums[1] += eigenvalues[B - 2] / trace;
    sums[3] += eigenvalues[B / 2] * B / trace;
    for (int e = 0; e < B; e++) {
      double projection = 0;
      for (int i = 0; i < B; i++) {
        projection += k[e * B + i] * targets[i];
      }
      sums[2] += e >= B - 20 ? eigenvalues[e] / trace : 0;
      sums[4] += e >= B - 5 ? projection * projection / B : 0;
      sums[5] += projection * projection / eigenvalues[e] / B;
    }
  }

  private static double nearestMean(ImageDataset data) {
    int features = data.features();
    float[] pixels = new float[features];
    double[][] means = new double[2][features];
    int[] seen = new int[2];
    int[] trained = new int[2];
    for (int i = 0; i < data.count(); i++) {
      int label = data.label(i);
      if (label < 2 && seen[label]++ % 2 == 0) {
        data.copyPixels(i, pixels, 0);
        trained[label]++;
        for (int f = 0; f < features; f++) {
          means[label][f] += pixels[f];
        }
      }
    }
    double[] direction = new double[features];
    double threshold = 0;
    for (int f = 0; f < features; f++) {
      double a = means[0][f] / trained[0];
      double b = means[1][f] / trained[1];
      direction[f] = a - b;
      threshold += (a - b) * (a + b) / 2;
    }
    int[] right = new int[2];
    int[] tested = new int[2];
    seen = new int[2];
    for (int i = 0; i < data.count(); i++) {
      int label = data.label(i);
      if (label < 2 && seen[label]++ % 2 == 1) {
        data.copyPixels(i, pixels, 0);
        double score = -threshold;
        for (int f = 0; f < features; f++) {
          score += direction[f] * pixels[f];
        }
        tested[label]++;
        right[label] += score > 0 == (label == 0) ? 1 : 0;
      }
    }
    return 0.5 * right[0] / tested[0] + 0.5 * right[1] / tested[1];
  }

  /** Adds |DFT|² of the image's mean over channels, by rows and then columns. */
  private static void addLuminancePower(float[] pixels, double[] power) {
    double[] re = new double[PLANE];
    double[] im = new double[PLANE];
    double[] grey = new double[PLANE];
    for (int j = 0; j < PLANE; j++) {
      grey[j] = (pixels[j] + pixels[PLANE + j] + pixels[2 * PLANE + j]) / 3.0;
    }
    for (int y = 0; y < SIDE; y++) {
      for (int u = 0; u < SIDE; u++) {
        for (int x = 0; x < SIDE; x++) {
          int turn = u * x % SIDE;
          re[y * SIDE + u] += grey[y * SIDE + x] * COS[turn];
          im[y * SIDE + u] -= grey[y * SIDE + x] * COS[(turn + 3 * SIDE / 4) % SIDE];
        }
      }
    }
    for (int v = 0; v < SIDE; v++) {
      for (int u = 0; u < SIDE; u++) {
        double a = 0;
        double b = 0;
        for (int y = 0; y < SIDE; y++) {
          double c = COS[v * y % SIDE];
          double s = COS[(v * y + 3 * SIDE / 4) % SIDE];
          a += re[y * SIDE + u] * c + im[y * SIDE + u] * s;
          b += im[y * SIDE + u] * c - re[y * SIDE + u] * s;
        }
        power[v * SIDE + u] += a * a + b * b;
      }
    }
  }

  private static final double[] COS =
      IntStream.range(0, SIDE).mapToDouble(k -> Math.cos(2 * Math.PI * k / SIDE)).toArray();

  private static double slope(double[] power) {
    double[] sums = new double[17];
    int[] counts = new int[17];
    for (int v = 0; v < SIDE; v++) {
      for (int u = 0; u < SIDE; u++) {
        int ring = (int) Math.rint(Math.hypot(Math.min(v, SIDE - v), Math.min(u, SIDE - u)));
        if (ring >= 1 && ring <= 16) {
          sums[ring] += power[v * SIDE + u];
          counts[ring]++;
        }
      }
    }
    double meanX = IntStream.rangeClosed(1, 16).mapToDouble(Math::log).average().orElseThrow();
    double meanY =
        IntStream.rangeClosed(1, 16)
            .mapToDouble(k -> Math.log(sums[k] / counts[k]))
            .average()
            .orElseThrow();
    double xy = 0;
    double xx = 0;
    for (int k = 1; k <= 16; k++) {
      double dx = Math.log(k) - meanX;
      xy += dx * (Math.log(sums[k] / counts[k]) - meanY);
      xx += dx * dx;
    }
    return xy / xx;
  }
}
