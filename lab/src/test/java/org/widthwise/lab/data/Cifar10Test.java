package org.widthwise.lab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Cifar10Test {
  private final Path dir;

  Cifar10Test(@TempDir Path dir) {
    this.dir = dir;
  }

  @Test
  void readsLabelsAndPlanesOfTheBatchesThatAreThere() throws Exception {
    byte[] second = CifarFiles.batch(2);
    byte[] fourth = CifarFiles.batch(4);
    CifarFiles.write(dir, "data_batch_4.bin", fourth);
    CifarFiles.write(dir, "data_batch_2.bin", second);

    ImageDataset data = CifarFiles.read(dir, Split.TRAIN);

    assertThat(data.count()).isEqualTo(8);
    assertThat(data.features()).isEqualTo(3072);
    assertThat(data.label(1)).isEqualTo(4);
    assertThat(data.label(7)).isEqualTo(6);
    float[] target = new float[3074];
    data.copyPixels(6, target, 1);
    for (int k = 0; k < 3072; k++) {
      assertThat(target[k + 1]).isEqualTo((float) (fourth[2 * 3073 + 1 + k] & 0xFF));
    }
    assertThat(target[0]).isZero();
    assertThat(target[3073]).isZero();
    MessageDigest sha = MessageDigest.getInstance("SHA-256");
    sha.update(second);
    sha.update(fourth);
    assertThat(data.digest()).isEqualTo(HexFormat.of().formatHex(sha.digest()));
    assertThat(data.description()).contains("2 of 5", "data_batch_2.bin, data_batch_4.bin");
    assertThat(data.source().isReal()).isTrue();
    assertThat(data.classNames().get(1)).isEqualTo("automobile");
  }

  @Test
  void looksIntoTheArchivesFolderAndKeepsTheSplitsApart() throws IOException {
    Path folder = dir.resolve("cifar-10-batches-bin");
    CifarFiles.write(folder, "test_batch.bin", CifarFiles.batch(9));
    assertThat(CifarFiles.read(dir, Split.TEST).count()).isEqualTo(4);
    assertThat(CifarFiles.read(dir, Split.TEST).source())
        .isEqualTo(new DataSource.Files(folder, DataSource.Origin.EXPLICIT));
    assertThatThrownBy(() -> CifarFiles.read(dir, Split.TRAIN))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("no training batch of CIFAR-10 in " + folder)
        .hasMessageContaining("data_batch_1.bin");
  }

  @Test
  void namesFileSizeAndRightSizeOfATruncatedBatch() throws IOException {
    Path file = CifarFiles.write(dir, "data_batch_1.bin", new byte[3072]);
    assertThatThrownBy(() -> Cifar10.read(dir, Split.TRAIN))
        .isInstanceOf(DataException.class)
        .hasMessage(
            file
                + " is truncated: it has 3,072 bytes, which is no multiple of the 3,073-byte"
                + " record; a CIFAR-10 batch has exactly 30,730,000 bytes");
  }

  @Test
  void refusesABatchOfWholeButTooManyRecords() throws IOException {
    Path file = dir.resolve("data_batch_5.bin");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(30_730_000 + 3073);
    }
    assertThatThrownBy(() -> Cifar10.read(dir, Split.TRAIN))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("oversized")
        .hasMessageContaining("30,733,073 bytes, which is 10,001 records");
  }

  @Test
  void refusesALabelAboveNine() throws IOException {
    byte[] bytes = CifarFiles.batch(1);
    bytes[2 * 3073] = 10;
    CifarFiles.write(dir, "data_batch_1.bin", bytes);
    assertThatThrownBy(() -> CifarFiles.read(dir, Split.TRAIN))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("label 10 at record 2 (byte 6,146)")
        .hasMessageContaining("labels 0..9");
  }

  @Test
  void refusesWhatIsNoDirectoryOrNoFile() throws IOException {
    Path absent = dir.resolve("absent");
    assertThatThrownBy(() -> Cifar10.read(absent, Split.TRAIN))
        .isInstanceOf(DataException.class)
        .hasMessage("the data directory " + absent + " does not exist");
    Path file = Files.writeString(dir.resolve("file"), "x");
    assertThatThrownBy(() -> Cifar10.read(file, Split.TRAIN))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("is a file");
    assertThatThrownBy(() -> Cifar10.read(dir, Split.TRAIN))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("no training batch");
    Files.createDirectory(dir.resolve("data_batch_1.bin"));
    assertThatThrownBy(() -> Cifar10.read(dir, Split.TRAIN))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("is not a regular file");
  }

  @Test
  void everyMessageIsOneLine() {
    assertThat(new DataException("first\n  second\r\nthird\n")).hasMessage("first second third");
  }
}
