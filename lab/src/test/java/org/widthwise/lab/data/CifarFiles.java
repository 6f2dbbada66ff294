package org.widthwise.lab.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes small files in CIFAR-10's format. */
final class CifarFiles {
  static final int RECORDS = 4;

  private CifarFiles() {}

  /** Labels 3, 4, 5, 6; the pixels are noise from {@code seed}. */
  static byte[] batch(long seed) {
    byte[] bytes = new byte[RECORDS * Cifar10.RECORD_BYTES];
    SplitMix64 random = new SplitMix64(seed);
    for (int k = 0; k < bytes.length; k++) {
      bytes[k] = (byte) random.nextLong();
    }
    for (int r = 0; r < RECORDS; r++) {
      bytes[r * Cifar10.RECORD_BYTES] = (byte) (3 + r);
    }
    return bytes;
  }

  static Path write(Path directory, String name, byte[] bytes) throws IOException {
    Files.createDirectories(directory);
    return Files.write(directory.resolve(name), bytes);
  }

  static ImageDataset read(Path directory, Split split) {
    return Cifar10.read(
        new DataSource.Files(directory, DataSource.Origin.EXPLICIT), split, RECORDS);
  }
}
