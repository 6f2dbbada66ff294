package org.widthwise.lab.data;

import java.util.List;
import java.util.Objects;

/**
 * Images of one size with one label each, held in memory as bytes. Pixels are channel-planar: image
 * {@code i} is {@code [channels, height, width]}, row-major, values 0..255.
 */
public final class ImageDataset {
  private final String name;
  private final String description;
  private final DataSource source;
  private final int height;
  private final int width;
  private final int channels;
  private final byte[] pixels;
  private final byte[] labels;
  private final List<String> classNames;
  private final String digest;

  /** Takes the arrays over without a copy: the readers of this package make them for it alone. */
  ImageDataset(
      String name,
      String description,
      DataSource source,
      int channels,
      int height,
      int width,
      byte[] pixels,
      byte[] labels,
      List<String> classNames,
      String digest) {
    if (pixels.length != (long) labels.length * channels * height * width) {
      throw new IllegalArgumentException(
          "%d labels of %d×%d×%d images need %d pixels, not %d"
              .formatted(
                  labels.length,
                  channels,
                  height,
                  width,
                  (long) labels.length * channels * height * width,
                  pixels.length));
    }
    this.name = name;
    this.description = description;
    this.source = source;
    this.channels = channels;
    this.height = height;
    this.width = width;
    this.pixels = pixels;
    this.labels = labels;
    this.classNames = List.copyOf(classNames);
    this.digest = digest;
  }

  /**
   * Returns the name of the data set.
   *
   * @return a short name such as {@code "CIFAR-10"}
   */
  public String name() {
    return name;
  }

  /**
   * Returns what exactly was read or made.
   *
   * @return one line, such as which batches of CIFAR-10
   */
  public String description() {
    return description;
  }

  /**
   * Returns where the images came from.
   *
   * @return real files or the embedded stand-in
   */
  public DataSource source() {
    return source;
  }

  /**
   * Returns the number of rows of an image.
   *
   * @return height in pixels
   */
  public int height() {
    return height;
  }

  /**
   * Returns the number of columns of an image.
   *
   * @return width in pixels
   */
  public int width() {
    return width;
  }

  /**
   * Returns the number of colour planes.
   *
   * @return 3 for RGB, 1 for grey
   */
  public int channels() {
    return channels;
  }

  /**
   * Returns the number of images.
   *
   * @return the count, at least 1
   */
  public int count() {
    return labels.length;
  }

  /**
   * Returns the number of values of one image, a network's input dimension.
   *
   * @return channels · height · width, 3072 for CIFAR-10
   */
  public int features() {
    return channels * height * width;
  }

  /**
   * Returns the names of the classes.
   *
   * @return unmodifiable; the name of label k is at index k
   */
  public List<String> classNames() {
    return classNames;
  }

  /**
   * Returns the digest of what was read, by which a result names its data.
   *
   * @return SHA-256 in 64 lower-case hexadecimal digits
   */
  public String digest() {
    return digest;
  }

  /**
   * Returns the label of an image.
   *
   * @param index which image, 0..count−1
   * @return the label, 0..classNames().size()−1
   * @throws IndexOutOfBoundsException if there is no such image
   */
  public int label(int index) {
    return labels[Objects.checkIndex(index, labels.length)] & 0xFF;
  }

  /**
   * Copies an image's raw pixels.
   *
   * @param index which image, 0..count−1
   * @param target receives {@link #features()} values 0..255 as {@code [channels, height, width]}
   * @param offset where in {@code target} the image begins
   * @throws IndexOutOfBoundsException if there is no such image or it does not fit
   */
  public void copyPixels(int index, float[] target, int offset) {
    Objects.checkIndex(index, labels.length);
    int features = features();
    Objects.checkFromIndexSize(offset, features, target.length);
    int start = index * features;
    for (int k = 0; k < features; k++) {
      target[offset + k] = pixels[start + k] & 0xFF;
    }
  }

  /**
   * Describes the data set in one line.
   *
   * @return name, count, shape, source and the head of the digest
   */
  @Override
  public String toString() {
    return "%s: %d images of %d×%d×%d, %s, SHA-256 %s…"
        .formatted(
            name, count(), channels, height, width, source.description(), digest.substring(0, 12));
  }
}
