package org.widthwise.lab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MnistTest {
  private static final byte[] PIXELS = {1, 2, 3, 4, 5, 6, (byte) 200, 8, 9, 10, 11, 12};
  private static final byte[] LABELS = {7, 0};

  private final Path dir;

  MnistTest(@TempDir Path dir) {
    this.dir = dir;
  }

  @Test
  void readsPlainAndCompressedFilesAlike() throws IOException {
    Path plain = dir.resolve("plain");
    Path packed = dir.resolve("packed/mnist");
    byte[] images = idx(0x803, new int[] {2, 2, 3}, PIXELS);
    byte[] labels = idx(0x801, new int[] {2}, LABELS);
    CifarFiles.write(plain, "train-images-idx3-ubyte", images);
    CifarFiles.write(plain, "train-labels-idx1-ubyte", labels);
    CifarFiles.write(packed, "train-images-idx3-ubyte.gz", gzip(images));
    CifarFiles.write(packed, "train-labels-idx1-ubyte.gz", gzip(labels));

    ImageDataset a = Mnist.read(plain, Split.TRAIN);
    ImageDataset b = Mnist.read(dir.resolve("packed"), Split.TRAIN);

    assertThat(a.count()).isEqualTo(2);
    assertThat(new int[] {a.channels(), a.height(), a.width()}).containsExactly(1, 2, 3);
    assertThat(a.label(0)).isEqualTo(7);
    float[] image = new float[6];
    b.copyPixels(1, image, 0);
    assertThat(image).containsExactly(200, 8, 9, 10, 11, 12);
    assertThat(b.digest()).isEqualTo(a.digest());
    assertThatThrownBy(() -> Mnist.read(plain, Split.TEST))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte");
  }

  @Test
  void refusesWrongMagicSizesLabelsAndCounts() throws IOException {
    byte[] labels = idx(0x801, new int[] {2}, LABELS);
    check(idx(0x802, new int[] {2, 2, 3}, PIXELS), labels, "0x00000802", "0x00000803");
    check(
        idx(0x803, new int[] {2, 2, 3}, Arrays.copyOf(PIXELS, 11)),
        labels,
        "truncated",
        "promises 12 bytes of data, it has 11");
    check(idx(0x803, new int[] {2, 2, 3}, Arrays.copyOf(PIXELS, 13)), labels, "oversized");
    check(idx(0x803, new int[] {3, 2, 2}, PIXELS), labels, "3 images", "2 labels");
    check(idx(0x803, new int[] {2, -2, 3}, PIXELS), labels, "size -2 in dimension 1");
    check(idx(0x803, new int[] {1 << 20, 1 << 20, 1}, PIXELS), labels, "under 2 GiB");
    // A header that promises nearly 2 GiB must cost no more than what is there.
    check(idx(0x803, new int[] {2_000_000_000, 1, 1}, PIXELS), labels, "2,000,000,000", "12");
    byte[] images = idx(0x803, new int[] {2, 2, 3}, PIXELS);
    check(images, idx(0x801, new int[] {2}, new byte[] {1, 10}), "label 10 at record 1");
    check(new byte[] {0, 0}, labels, "truncated");
  }

  @Test
  void refusesADamagedCompressedFile() throws IOException {
    byte[] packed = gzip(idx(0x803, new int[] {2, 2, 3}, PIXELS));
    CifarFiles.write(dir, "t10k-labels-idx1-ubyte", idx(0x801, new int[] {2}, LABELS));
    CifarFiles.write(dir, "t10k-images-idx3-ubyte.gz", Arrays.copyOf(packed, 20));
    assertThatThrownBy(() -> Mnist.read(dir, Split.TEST))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("t10k-images-idx3-ubyte.gz is truncated");
    CifarFiles.write(dir, "t10k-images-idx3-ubyte.gz", new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
    assertThatThrownBy(() -> Mnist.read(dir, Split.TEST))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("t10k-images-idx3-ubyte.gz");
  }

  private void check(byte[] images, byte[] labels, String... parts) throws IOException {
    CifarFiles.write(dir, "t10k-images-idx3-ubyte", images);
    CifarFiles.write(dir, "t10k-labels-idx1-ubyte", labels);
    assertThatThrownBy(() -> Mnist.read(dir, Split.TEST))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll(parts);
    Files.delete(dir.resolve("t10k-images-idx3-ubyte"));
  }

  private static byte[] idx(int magic, int[] sizes, byte[] data) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(magic);
    for (int size : sizes) {
      out.writeInt(size);
    }
    out.write(data);
    return bytes.toByteArray();
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(plain);
    }
    return bytes.toByteArray();
  }
}
