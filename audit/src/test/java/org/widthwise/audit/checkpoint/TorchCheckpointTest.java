package org.widthwise.audit.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.widthwise.audit.MalformedFileException;
import org.widthwise.audit.model.SkippedTensor;

class TorchCheckpointTest {

  private final Path directory;

  TorchCheckpointTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void listsWhatIsNoTensorOfFloats() {
    try (Checkpoint checkpoint = Checkpoints.open(Fixtures.copy("state.pt", directory))) {
      assertThat(checkpoint.skipped())
          .containsExactly(
              new SkippedTensor("steps", "elements of int64, parameters are real floats"),
              new SkippedTensor("mask", "elements of bool, parameters are real floats"),
              new SkippedTensor("empty", "shape [0, 5], which has no elements"),
              new SkippedTensor(
                  "repeated", "a view that repeats 1 elements to make 6; save it contiguous"));
      assertThat(checkpoint.tensors())
          .filteredOn(tensor -> tensor.name().equals("brain"))
          .singleElement()
          .satisfies(
              tensor -> {
                assertThat(tensor.dtype()).isEqualTo("bfloat16");
                assertThat(tensor.bytes()).isEqualTo(24);
              });
    }
  }

  @Test
  void keepsWhatTheCheckpointSaysOfItself() {
    try (Checkpoint checkpoint = Checkpoints.open(Fixtures.copy("nested.pth", directory))) {
      assertThat(checkpoint.metadata())
          .isEqualTo(Map.of("epoch", "3", "loss", "0.25", "arch", "résnet", "best", "true"));
    }
  }

  @Test
  void leavesNumbersAndArraysOfNumpyAside() {
    try (Checkpoint checkpoint = Checkpoints.open(Fixtures.copy("arrays.pt", directory))) {
      assertThat(checkpoint.tensors())
          .extracting(CheckpointTensor::name)
          .containsExactly("model.weight");
      assertThat(checkpoint.skipped())
          .containsExactly(new SkippedTensor("generator.1", "an array of NumPy's, no tensor"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "big.pt|the zip entry \"archive/byteorder\" says \"big\", must say \"little\"",
        "deflated.pt|the zip entry \"archive/data/0\" is compressed, must be stored",
        "legacy.pt|is a bare pickle, PyTorch's format before version 1.6, which is not read; save"
            + " it again with torch 1.6 or newer, or as safetensors"
      })
  void refuses(String name, String message) {
    Path file = Fixtures.copy(name, directory);
    assertThatThrownBy(() -> Checkpoints.open(file))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContaining(message);
  }

  @Test
  void readsDirectoriesOf64Bits() throws Exception {
    byte[] bytes = Fixtures.bytes("state.pt");
    int end = bytes.length - 22;
    ByteBuffer old = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer made = ByteBuffer.allocate(bytes.length + 76).order(ByteOrder.LITTLE_ENDIAN);
    made.put(bytes, 0, end);
    made.putInt(0x06064b50).putLong(44).putShort((short) 45).putShort((short) 45);
    made.putInt(0).putInt(0);
    made.putLong(old.getShort(end + 10)).putLong(old.getShort(end + 10));
    made.putLong(old.getInt(end + 12)).putLong(old.getInt(end + 16));
    made.putInt(0x07064b50).putInt(0).putLong(end).putInt(1);
    made.put(bytes, end, 22);
    made.putInt(made.limit() - 22 + 12, -1).putInt(made.limit() - 22 + 16, -1);

    Fixtures.compare(
        Files.write(directory.resolve("big.pt"), made.array()),
        Fixtures.expected(Fixtures.bytes(Fixtures.EXPECTED)).get("state.pt"));
  }

  @Test
  void refusesTensorsThatReachBeyondTheirStorage() {
    byte[] bytes = Fixtures.bytes("float8.bin");
    // The shape (5,) of the first tensor: BININT1 5, TUPLE1. The number of elements comes first.
    int at = indexOf(bytes, new byte[] {'K', 5, (byte) 0x85});
    bytes[at + 1] = 6;
    Path file = write("m.pt", bytes);
    assertThatThrownBy(() -> Checkpoints.open(file))
        .isInstanceOf(MalformedFileException.class)
        .hasMessage(
            file
                + ": tensor \"e4m3\" of shape [6], strides [1] and offset 0 reaches beyond its"
                + " storage's 5 elements");
  }

  @Test
  void refusesListsThatHoldThemselvesOrTooMuch() throws Exception {
    Path itself =
        write(
            "m.pt", TorchBytes.archive(new byte[] {(byte) 0x80, 2, ']', 'q', 0, 'h', 0, 'a', '.'}));
    assertThatThrownBy(() -> Checkpoints.open(itself))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("deeper than 64 containers, the most allowed, or one holds itself");

    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    bomb.write(new byte[] {(byte) 0x80, 2, ')'});
    for (int i = 0; i < 40; i++) {
      bomb.write(new byte[] {'q', 0, 'h', 0, (byte) 0x86});
    }
    bomb.write('.');
    Path many = write("n.pt", TorchBytes.archive(bomb.toByteArray()));
    assertThatThrownBy(() -> Checkpoints.open(many))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("more than 4000000 values, the most allowed");
  }

  private Path write(String name, byte[] bytes) {
    try {
      return Files.write(directory.resolve(name), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int indexOf(byte[] bytes, byte[] wanted) {
    for (int i = 0; i <= bytes.length - wanted.length; i++) {
      if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
        return i;
      }
    }
    throw new AssertionError("not found");
  }
}
