package org.widthwise.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** One batch of CIFAR-10's format with noise for images: read in a moment, unlike the stand-in. */
final class FewImages {

  private static final int IMAGES = 10_000;
  private static final int RECORD = 3073;

  private FewImages() {}

  static String in(Path directory) throws IOException {
    byte[] batch = new byte[IMAGES * RECORD];
    new Random(1).nextBytes(batch);
    for (int i = 0; i < IMAGES; i++) {
      batch[i * RECORD] = (byte) (i % 10);
    }
    Path folder = Files.createDirectories(directory.resolve("images/cifar-10-batches-bin"));
    Files.write(folder.resolve("data_batch_1.bin"), batch);
    return directory.resolve("images").toString();
  }
}
