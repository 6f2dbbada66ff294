package org.widthwise.lab.data;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/**
 * Reads MNIST (Y. LeCun, C. Cortes, C. Burges) from its IDX files, plain or gzip-compressed: {@code
 * train-images-idx3-ubyte}, {@code train-labels-idx1-ubyte}, and the same with {@code t10k} for the
 * test split; in a directory or in its sub-directory {@value #FOLDER}. A file begins with a magic
 * number and its dimensions as big-endian 32-bit integers, which must agree with its length.
 *
 * <p>The digest is the SHA-256 of the uncompressed image file followed by the uncompressed label
 * file, so that compressed and plain copies have the same one.
 */
public final class Mnist {
  /** The sub-directory that may hold the files. */
  public static final String FOLDER = "mnist";

  private static final int IMAGE_MAGIC = 0x00000803;
  private static final int LABEL_MAGIC = 0x00000801;
  private static final int CLASSES = 10;

  private Mnist() {}

  /**
   * Finds the directory of the files of a split.
   *
   * @param directory the directory that holds them, or holds {@value #FOLDER}
   * @param split which part
   * @return the directory with that split's image and label file in it, or empty
   */
  public static Optional<Path> find(Path directory, Split split) {
    return List.of(directory, directory.resolve(FOLDER)).stream()
        .filter(d -> file(d, imageName(split)).isPresent())
        .filter(d -> file(d, labelName(split)).isPresent())
        .findFirst();
  }

  /**
   * Reads a split.
   *
   * @param directory the directory that holds the files, or holds {@value #FOLDER}
   * @param split which part
   * @return the images, {@code [1, rows, columns]} each
   * @throws DataException if the directory or a file is missing or unreadable, if a magic number,
   *     length or label is wrong, or if images and labels differ in number
   */
  public static ImageDataset read(Path directory, Split split) {
    return read(new DataSource.Files(directory, DataSource.Origin.EXPLICIT), split);
  }

  static ImageDataset read(DataSource.Files source, Split split) {
    Path given = source.directory();
    Cifar10.requireDirectory(given);
    Path directory =
        find(given, split)
            .orElseThrow(
                () ->
                    new DataException(
                        "no MNIST %s split in %s: it, or its sub-directory %s, must hold %s and"
                                .formatted(
                                    split == Split.TRAIN ? "training" : "test",
                                    given,
                                    FOLDER,
                                    imageName(split))
                            + " "
                            + labelName(split)
                            + ", plain or with .gz"));
    Path imageFile = file(directory, imageName(split)).orElseThrow();
    Path labelFile = file(directory, labelName(split)).orElseThrow();
    MessageDigest digest = Digests.sha256();
    Idx images = readIdx(imageFile, IMAGE_MAGIC, 3, digest);
    Idx labels = readIdx(labelFile, LABEL_MAGIC, 1, digest);
    int count = images.sizes[0];
    if (count != labels.sizes[0]) {
      throw new DataException(
          "%s holds %,d images but %s holds %,d labels; there must be one label for each image"
              .formatted(imageFile, count, labelFile, labels.sizes[0]));
    }
    for (int i = 0; i < count; i++) {
      int label = labels.data[i] & 0xFF;
      if (label >= CLASSES) {
        throw new DataException(
            "%s has label %d at record %d; MNIST has labels 0..9".formatted(labelFile, label, i));
      }
    }
    return new ImageDataset(
        "MNIST",
        "MNIST, " + (split == Split.TRAIN ? "training" : "test") + " split",
        new DataSource.Files(directory, source.origin()),
        1,
        images.sizes[1],
        images.sizes[2],
        images.data,
        labels.data,
        IntStream.range(0, CLASSES).mapToObj(Integer::toString).toList(),
        Digests.hex(digest));
  }

  private static String imageName(Split split) {
    return (split == Split.TRAIN ? "train" : "t10k") + "-images-idx3-ubyte";
  }

  private static String labelName(Split split) {
    return (split == Split.TRAIN ? "train" : "t10k") + "-labels-idx1-ubyte";
  }

  private static Optional<Path> file(Path directory, String name) {
    return List.of(directory.resolve(name), directory.resolve(name + ".gz")).stream()
        .filter(Files::isRegularFile)
        .findFirst();
  }

  /** What an IDX file holds. */
  private static final class Idx {
    final int[] sizes;
    final byte[] data;

    Idx(int[] sizes, byte[] data) {
      this.sizes = sizes;
      this.data = data;
    }
  }

  private static Idx readIdx(Path file, int magic, int dimensions, MessageDigest digest) {
    try (DataInputStream in = new DataInputStream(open(file))) {
      ByteBuffer header = ByteBuffer.allocate(4 + 4 * dimensions);
      in.readFully(header.array());
      int found = header.getInt();
      if (found != magic) {
        throw new DataException(
            "%s begins with magic number 0x%08x; an IDX file of this kind begins with 0x%08x"
                .formatted(file, found, magic));
      }
      int[] sizes = new int[dimensions];
      long bytes = 1;
      for (int d = 0; d < dimensions; d++) {
        sizes[d] = header.getInt();
        if (sizes[d] < 1 || bytes > Integer.MAX_VALUE / sizes[d]) {
          throw new DataException(
              "%s states size %d in dimension %d; sizes are at least 1 and all data under 2 GiB"
                  .formatted(file, sizes[d], d));
        }
        bytes *= sizes[d];
      }
      // readNBytes grows as it reads, so a header that promises too much costs no memory.
      byte[] data = in.readNBytes((int) bytes);
      if (data.length < bytes) {
        throw new DataException(
            "%s is truncated: its header promises %,d bytes of data, it has %,d"
                .formatted(file, bytes, data.length));
      }
      if (in.read() >= 0) {
        throw new DataException(
            "%s is oversized: there is more than the %,d bytes of data its header promises"
                .formatted(file, bytes));
      }
      digest.update(header.array());
      digest.update(data);
      return new Idx(sizes, data);
    } catch (EOFException e) {
      throw new DataException(file + " is truncated: it ends before its header or data does", e);
    } catch (IOException e) {
      throw DataException.inputOutput("read", file, e);
    }
  }

  private static InputStream open(Path file) throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    if (!file.toString().endsWith(".gz")) {
      return in;
    }
    try {
      return new GZIPInputStream(in, 1 << 16);
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }
}
