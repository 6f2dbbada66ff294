package org.widthwise.lab.data;

import java.security.MessageDigest;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Synthetic images that stand in for CIFAR-10 where its files are not at hand: 32×32×3, ten
 * classes, every pixel the same on every machine. Nobody's photographs, but the statistics that
 * decide how full-batch gradient descent behaves.
 *
 * <p>An image is its class's mean, a few low cosine frequencies in brightness and colour, plus a
 * random field: for brightness and two opponent colours, cosine coefficients at squared frequency
 * f² with variance ∝ (f² + 1.2)^−γ · exp(−f²/c²), γ ≈ 1.1, the 1/f² power of natural images with
 * the low-pass of small photographs. A log-normal factor shared by all coefficients of an image
 * makes contrast heavy-tailed; the balance of variation across and down depends on the class;
 * pixels saturate smoothly at 0 and 255. The constants were fitted to 20,000 training images.
 *
 * <p>Measured on CIFAR-10 (training batches 1 and 2) and on the stand-in, by the same code; the
 * Gram matrix is that of B = 200 jointly standardised images, averaged over 10 draws:
 *
 * <table>
 * <caption>How near the stand-in comes</caption>
 * <thead>
 * <tr><th>statistic</th><th>CIFAR-10</th><th>stand-in</th></tr>
 * </thead>
 * <tbody>
 * <tr><td>mean of all pixels, 0..1</td><td>0.474</td><td>0.481</td></tr>
 * <tr><td>standard deviation of all pixels</td><td>0.252</td><td>0.243</td></tr>
 * <tr><td>correlation of red with green</td><td>0.911</td><td>0.905</td></tr>
 * <tr><td>correlation of red with blue</td><td>0.787</td><td>0.781</td></tr>
 * <tr><td>slope of log luminance power on log frequency</td><td>−2.79</td><td>−2.73</td></tr>
 * <tr><td>spread of log contrast between images</td><td>0.278</td><td>0.256</td></tr>
 * <tr><td>top eigenvalue of the Gram matrix over its trace, two classes</td><td>0.320</td><td>0.325</td></tr>
 * <tr><td>second eigenvalue likewise</td><td>0.135</td><td>0.133</td></tr>
 * <tr><td>twenty top eigenvalues likewise</td><td>0.796</td><td>0.805</td></tr>
 * <tr><td>100th eigenvalue over the mean eigenvalue</td><td>0.145</td><td>0.131</td></tr>
 * <tr><td>top eigenvalue over the trace, ten classes</td><td>0.292</td><td>0.285</td></tr>
 * <tr><td>share of the ±1 targets in the five top eigenvectors</td><td>0.30</td><td>0.24</td></tr>
 * <tr><td>yᵀK⁻¹y/B, the norm that a linear fit must build</td><td>7.43</td><td>7.66</td></tr>
 * <tr><td>airplane or automobile by the nearer class mean</td><td>0.712</td><td>0.662</td></tr>
 * </tbody>
 * </table>
 *
 * <p>It is a stand-in for dynamics, not for learning to see: accuracies on it say nothing about
 * photographs.
 */
public final class StandIn {
  /** The seed of the images that {@link #generate(Split)} returns. */
  public static final long SEED = 231017813L;

  /** The number of images per class that {@link #generate(Split)} returns. */
  public static final int PER_CLASS = 1000;

  private static final int SIDE = 32;
  private static final int PLANE = SIDE * SIDE;
  private static final int CHANNELS = 3;
  private static final int FEATURES = CHANNELS * PLANE;

  /** Level scale, exponent γ, cut-off c and standard deviation at frequency 0, per component. */
  private static final double[][] SPECTRUM = {
    {1.78e6, 1.09, 20, 1887}, {1.05e5, 1.16, 16, 675}, {2.5e4, 1.15, 17, 320}
  };

  private static final double CONTRAST_SPREAD = 0.30;
  private static final double SHOULDER_LOW = 20;
  private static final double SHOULDER_HIGH = 12;

  private final CosineTransform transform = new CosineTransform(SIDE);
  private final double[][][] deviations = new double[StandInClass.ALL.size()][CHANNELS][];
  private final double[][][] means = new double[StandInClass.ALL.size()][CHANNELS][];

  private StandIn() {
    for (int c = 0; c < StandInClass.ALL.size(); c++) {
      for (int k = 0; k < CHANNELS; k++) {
        deviations[c][k] = deviations(StandInClass.ALL.get(c), SPECTRUM[k]);
        means[c][k] = new double[PLANE];
        List<int[]> frequencies = StandInClass.FREQUENCIES.get(k);
        for (int f = 0; f < frequencies.size(); f++) {
          int[] at = frequencies.get(f);
          means[c][k][at[0] * SIDE + at[1]] = StandInClass.ALL.get(c).means(k).get(f);
        }
      }
    }
  }

  /**
   * Makes the stand-in of the usual size, in about a second.
   *
   * @param split which part; the two come from different seeds
   * @return 1,000 images in each of ten classes, {@code [3, 32, 32]} each
   */
  public static ImageDataset generate(Split split) {
    return generate(PER_CLASS, split == Split.TRAIN ? SEED : SEED + 1);
  }

  /**
   * Makes a stand-in. Image i depends on the seed and i alone, and has label i mod 10.
   *
   * @param perClass images per class, 1..10,000
   * @param seed the seed
   * @return the images; their digest is that of the records CIFAR-10's binary format would hold
   * @throws IllegalArgumentException if {@code perClass} is out of range
   */
  public static ImageDataset generate(int perClass, long seed) {
    if (perClass < 1 || perClass > 10_000) {
      throw new IllegalArgumentException(
          "the stand-in has 1..10000 images per class, not " + perClass);
    }
    int classes = StandInClass.ALL.size();
    int count = perClass * classes;
    byte[] pixels = new byte[count * FEATURES];
    byte[] labels = new byte[count];
    StandIn maker = new StandIn();
    IntStream.range(0, count)
        .parallel()
        .forEach(
            i -> {
              labels[i] = (byte) (i % classes);
              maker.render(i % classes, SplitMix64.of(seed, i), pixels, i * FEATURES);
            });
    MessageDigest digest = Digests.sha256();
    for (int i = 0; i < count; i++) {
      digest.update(labels[i]);
      digest.update(pixels, i * FEATURES, FEATURES);
    }
    return new ImageDataset(
        "stand-in for CIFAR-10",
        "embedded stand-in for CIFAR-10: synthetic images with its second-order statistics, %d per class"
            .formatted(perClass),
        new DataSource.Embedded(seed),
        CHANNELS,
        SIDE,
        SIDE,
        pixels,
        labels,
        StandInClass.ALL.stream().map(c -> c.name() + "-like").toList(),
        Digests.hex(digest));
  }

  private void render(int label, SplitMix64 random, byte[] pixels, int offset) {
    double variance = CONTRAST_SPREAD * CONTRAST_SPREAD;
    double contrast = StrictMath.exp(CONTRAST_SPREAD * random.nextNearlyGaussian() - variance);
    double[][] planes = new double[CHANNELS][];
    for (int k = 0; k < CHANNELS; k++) {
      double[] deviation = deviations[label][k];
      double[] coefficients = means[label][k].clone();
      coefficients[0] += deviation[0] * random.nextNearlyGaussian();
      for (int j = 1; j < PLANE; j++) {
        coefficients[j] += contrast * deviation[j] * random.nextNearlyGaussian();
      }
      planes[k] = transform.inverse(coefficients);
    }
    double third = (1 / Math.sqrt(3));
    double half = (1 / Math.sqrt(2));
    double sixth = (1 / Math.sqrt(6));
    for (int j = 0; j < PLANE; j++) {
      double grey = 127.5 + third * planes[0][j];
      double redBlue = half * planes[1][j];
      double green = sixth * planes[2][j];
      pixels[offset + j] = toByte(grey + redBlue + green);
      pixels[offset + PLANE + j] = toByte(grey - 2 * green);
      pixels[offset + 2 * PLANE + j] = toByte(grey - redBlue + green);
    }
  }

  /** Hyperbolic shoulders: slope 1 where they begin, never beyond 0 and 255. */
  private static byte toByte(double value) {
    double v = value;
    if (v < SHOULDER_LOW) {
      v = SHOULDER_LOW * SHOULDER_LOW / (2 * SHOULDER_LOW - v);
    }
    double room = 255 - v;
    if (room < SHOULDER_HIGH) {
      v = 255 - SHOULDER_HIGH * SHOULDER_HIGH / (2 * SHOULDER_HIGH - room);
    }
    return (byte) Math.rint(v);
  }

  /** Standard deviation of each cosine coefficient of one component in one class. */
  private static double[] deviations(StandInClass type, double[] spectrum) {
    double anisotropy = (1 - type.acrossOverDown()) / (1 + type.acrossOverDown());
    double[] result = new double[PLANE];
    for (int v = 0; v < SIDE; v++) {
      for (int u = 0; u < SIDE; u++) {
        double squared = Math.max(1, u * u + v * v);
        double power =
            spectrum[0]
                * StrictMath.pow(squared + 1.2, -spectrum[1])
                * StrictMath.exp(-squared / (spectrum[2] * spectrum[2]));
        double direction = 1 + anisotropy * (v * v - u * u) / squared;
        // Objects are centred, which favours what is even from left to right; and the edges of
        // things, like those of the frame, favour the axes.
        double symmetry = u % 2 == 0 ? 1.25 : 0.85;
        double axes = u == 0 || v == 0 ? 1.4 : 1;
        result[v * SIDE + u] = Math.sqrt(type.contrast() * power * direction * symmetry * axes);
      }
    }
    result[0] = (type.brightness() * spectrum[3]);
    return result;
  }
}
