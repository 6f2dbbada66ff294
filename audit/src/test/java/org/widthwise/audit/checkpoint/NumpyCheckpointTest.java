package org.widthwise.audit.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.widthwise.audit.SafetensorsBytes.write;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.widthwise.audit.MalformedFileException;
import org.widthwise.audit.model.SkippedTensor;

class NumpyCheckpointTest {

  private static final int ENTRY = 0x02014b50;

  private final Path directory;

  NumpyCheckpointTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void listsWhatIsNoArrayOfFloats() {
    try (Checkpoint checkpoint = Checkpoints.open(Fixtures.copy("stored.npz", directory))) {
      assertThat(checkpoint.skipped())
          .containsExactly(
              new SkippedTensor("integers", "elements of \"<i8\", parameters are real floats"),
              new SkippedTensor("names", "elements of \"<U2\", parameters are real floats"),
              new SkippedTensor("flags", "elements of \"|b1\", parameters are real floats"),
              new SkippedTensor("empty", "shape [0, 3], which has no elements"),
              new SkippedTensor("complex", "elements of \"<c8\", parameters are real floats"),
              new SkippedTensor(
                  "fields",
                  "elements of \"[('a', '<f4'), ('b', '<i4', (2, 2))]\", parameters are real"
                      + " floats"));
      assertThat(checkpoint.tensors().get(3).dtype()).isEqualTo(">f4");
    }
  }

  @Test
  void runsNoPickleForObjects() {
    try (Checkpoint checkpoint = Checkpoints.open(Fixtures.copy("objects.npz", directory))) {
      assertThat(checkpoint.skipped())
          .containsExactly(
              new SkippedTensor("thing", "objects, which only running a pickle could make"));
    }
    Path single = Fixtures.copy("objects.npy", directory);
    assertThatThrownBy(() -> Checkpoints.open(single))
        .isInstanceOf(MalformedFileException.class)
        .hasMessage(
            single
                + ": at byte 0: is an array of objects of type \"|O\", which only running a pickle"
                + " could make; must be of floats");
  }

  @Test
  void refusesArraysOfAnotherLength() {
    byte[] whole = Fixtures.bytes("single.npy");
    byte[] shorter = Arrays.copyOf(whole, whole.length - 1);
    Path file = write(directory, "m.npy", shorter);
    assertThatThrownBy(() -> Checkpoints.open(file))
        .isInstanceOf(MalformedFileException.class)
        .hasMessage(
            file
                + ": at byte 0: the array has 95 bytes of values, must have the 96 of shape [4, 6]"
                + " of \"<f4\"");
    byte[] huge =
        new String(whole, StandardCharsets.ISO_8859_1)
            .replace("(4, 6), }                  ", "(4611686018427387904, 6), }")
            .getBytes(StandardCharsets.ISO_8859_1);
    assertThat(huge).hasSameSizeAs(whole);
    Path overflowing = write(directory, "n.npy", huge);
    assertThatThrownBy(() -> Checkpoints.open(overflowing))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("must have the 2^63 or more of shape [4611686018427387904, 6]");
  }

  @Test
  void refusesSizesThatDeflateCannotReach() {
    byte[] bytes = Fixtures.bytes("deflated.npz");
    entry(bytes).putInt(24, 500_000_000);
    Path file = write(directory, "m.npz", bytes);
    assertThatThrownBy(() -> Checkpoints.open(file))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("bytes inflate to 500000000, deflate gains at most a factor of 1032");
  }

  @Test
  void refusesBytesThatWereChanged() {
    byte[] bytes = Fixtures.bytes("deflated.npz");
    ByteBuffer entry = entry(bytes);
    entry.putInt(16, entry.getInt(16) ^ 1);
    try (Checkpoint checkpoint = Checkpoints.open(write(directory, "m.npz", bytes))) {
      CheckpointTensor tensor = checkpoint.tensors().get(0);
      assertThatThrownBy(() -> tensor.read(0, new float[1], 1))
          .isInstanceOf(MalformedFileException.class)
          .hasMessageContaining("the zip entry \"single.npy\" has the checksum ");
    }
  }

  @Test
  void refusesEntriesThatInflateToMoreOrLess() {
    byte[] bytes = Fixtures.bytes("deflated.npz");
    ByteBuffer entry = entry(bytes);
    int size = entry.getInt(24);
    for (int wrong : new int[] {size - 1, size + 1}) {
      entry.putInt(24, wrong);
      Path file = write(directory, "m.npz", bytes);
      // The header says another length than the directory, which is seen first.
      assertThatThrownBy(() -> Checkpoints.open(file))
          .isInstanceOf(MalformedFileException.class)
          .hasMessageContaining("bytes of values, must have the 96 of shape [4, 6]");
    }
  }

  /** The central directory's first entry. */
  private static ByteBuffer entry(byte[] bytes) {
    ByteBuffer all = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < bytes.length - 4; i++) {
      if (all.getInt(i) == ENTRY) {
        return all.slice(i, bytes.length - i).order(ByteOrder.LITTLE_ENDIAN);
      }
    }
    throw new AssertionError("no directory");
  }
}
