package org.widthwise.lab.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Reads CIFAR-10 (A. Krizhevsky, <i>Learning Multiple Layers of Features from Tiny Images</i>,
 * 2009) from its binary version: files of 10,000 records of 3,073 bytes, one label byte 0..9, then
 * the red, the green and the blue plane of 32×32 bytes, row by row.
 *
 * <p>A directory counts as CIFAR-10 when it, or its sub-directory {@value #FOLDER}, holds at least
 * one of the batch files. Any non-empty subset of the five training batches is read; which ones is
 * part of the {@linkplain ImageDataset#description() description}, and the {@linkplain
 * ImageDataset#digest() digest} is the SHA-256 of their concatenation in ascending order.
 */
public final class Cifar10 {
  /** The directory that the official archive unpacks to. */
  public static final String FOLDER = "cifar-10-batches-bin";

  /** The names of the ten classes, by label. */
  public static final List<String> CLASS_NAMES =
      List.of(
          "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");

  static final List<String> TRAINING_BATCHES =
      IntStream.rangeClosed(1, 5).mapToObj(k -> "data_batch_" + k + ".bin").toList();
  static final String TEST_BATCH = "test_batch.bin";
  static final int RECORD_BYTES = 3073;
  static final int RECORDS_PER_BATCH = 10_000;

  private static final int SIDE = 32;
  private static final int CHANNELS = 3;
  private static final int FEATURES = CHANNELS * SIDE * SIDE;

  private Cifar10() {}

  /**
   * Finds the directory of the batch files.
   *
   * @param directory the directory that holds them, or holds {@value #FOLDER}
   * @return the directory with the {@code .bin} files in it; empty if there is no batch file in
   *     either place
   */
  public static Optional<Path> find(Path directory) {
    for (Path candidate : List.of(directory, directory.resolve(FOLDER))) {
      if (Files.exists(candidate.resolve(TEST_BATCH))
          || TRAINING_BATCHES.stream().anyMatch(b -> Files.exists(candidate.resolve(b)))) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  /**
   * Reads the training batches or the test batch of a directory.
   *
   * @param directory the directory that holds the batch files, or holds {@value #FOLDER}
   * @param split which part
   * @return the images, {@code [3, 32, 32]} each
   * @throws DataException if the directory is missing or holds no such batch, or if a file is
   *     unreadable, of the wrong size or holds a label above 9
   */
  public static ImageDataset read(Path directory, Split split) {
    return read(
        new DataSource.Files(directory, DataSource.Origin.EXPLICIT), split, RECORDS_PER_BATCH);
  }

  static ImageDataset read(DataSource.Files source, Split split) {
    return read(source, split, RECORDS_PER_BATCH);
  }

  static ImageDataset read(DataSource.Files source, Split split, int recordsPerBatch) {
    Path given = source.directory();
    requireDirectory(given);
    Path directory = find(given).orElseThrow(() -> noBatch(given, split));
    List<String> wanted = split == Split.TRAIN ? TRAINING_BATCHES : List.of(TEST_BATCH);
    List<String> present = wanted.stream().filter(b -> Files.exists(directory.resolve(b))).toList();
    if (present.isEmpty()) {
      throw noBatch(directory, split);
    }
    long expected = (long) recordsPerBatch * RECORD_BYTES;
    for (String batch : present) {
      requireSize(directory.resolve(batch), expected);
    }
    byte[] pixels = new byte[present.size() * recordsPerBatch * FEATURES];
    byte[] labels = new byte[present.size() * recordsPerBatch];
    MessageDigest digest = Digests.sha256();
    for (int k = 0; k < present.size(); k++) {
      Path file = directory.resolve(present.get(k));
      readBatch(file, k * recordsPerBatch, recordsPerBatch, pixels, labels, digest);
    }
    String which =
        split == Split.TEST
            ? "the test batch"
            : "%d of 5 training batches (%s)".formatted(present.size(), String.join(", ", present));
    return new ImageDataset(
        "CIFAR-10",
        "CIFAR-10, binary version, " + which,
        new DataSource.Files(directory, source.origin()),
        CHANNELS,
        SIDE,
        SIDE,
        pixels,
        labels,
        CLASS_NAMES,
        Digests.hex(digest));
  }

  /** Whether all six batch files are there with the right size. */
  static boolean isComplete(Path directory, int recordsPerBatch) {
    long expected = (long) recordsPerBatch * RECORD_BYTES;
    return IntStream.rangeClosed(0, TRAINING_BATCHES.size())
        .mapToObj(k -> k == 0 ? TEST_BATCH : TRAINING_BATCHES.get(k - 1))
        .map(directory::resolve)
        .allMatch(
            file -> {
              try {
                return Files.isRegularFile(file) && Files.size(file) == expected;
              } catch (IOException e) {
                return false;
              }
            });
  }

  static void requireDirectory(Path directory) {
    if (!Files.exists(directory)) {
      throw new DataException("the data directory " + directory + " does not exist");
    }
    if (!Files.isDirectory(directory)) {
      throw new DataException(
          directory + " is a file; name the directory that holds the data instead");
    }
    if (!Files.isReadable(directory) || !Files.isExecutable(directory)) {
      throw new DataException(
          "cannot read the data directory " + directory + ": permission denied");
    }
  }

  private static DataException noBatch(Path directory, Split split) {
    String wanted =
        split == Split.TRAIN ? "any of data_batch_1.bin … data_batch_5.bin" : TEST_BATCH;
    return new DataException(
        "no %s batch of CIFAR-10 in %s: it, or its sub-directory %s, must hold %s"
            .formatted(split == Split.TRAIN ? "training" : "test", directory, FOLDER, wanted));
  }

  private static void requireSize(Path file, long expected) {
    if (!Files.isRegularFile(file)) {
      throw new DataException(
          file + " is not a regular file; a CIFAR-10 batch is a file of " + expected + " bytes");
    }
    long size;
    try {
      size = Files.size(file);
    } catch (IOException e) {
      throw DataException.inputOutput("read", file, e);
    }
    if (size != expected) {
      String verdict =
          size % RECORD_BYTES != 0
              ? "which is no multiple of the 3,073-byte record"
              : "which is %,d records".formatted(size / RECORD_BYTES);
      throw new DataException(
          "%s is %s: it has %,d bytes, %s; a CIFAR-10 batch has exactly %,d bytes"
              .formatted(
                  file, size < expected ? "truncated" : "oversized", size, verdict, expected));
    }
  }

  private static void readBatch(
      Path file, int first, int records, byte[] pixels, byte[] labels, MessageDigest digest) {
    byte[] record = new byte[RECORD_BYTES];
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 17)) {
      for (int r = 0; r < records; r++) {
        if (in.readNBytes(record, 0, RECORD_BYTES) < RECORD_BYTES) {
          throw new DataException(
              "%s ended inside record %d while being read; a CIFAR-10 batch has %,d records"
                  .formatted(file, r, records));
        }
        int label = record[0] & 0xFF;
        if (label >= CLASS_NAMES.size()) {
          throw new DataException(
              "%s has label %d at record %d (byte %,d); CIFAR-10 has labels 0..9"
                  .formatted(file, label, r, (long) r * RECORD_BYTES));
        }
        digest.update(record);
        labels[first + r] = record[0];
        System.arraycopy(record, 1, pixels, (first + r) * FEATURES, FEATURES);
      }
    } catch (IOException e) {
      throw DataException.inputOutput("read", file, e);
    }
  }
}
