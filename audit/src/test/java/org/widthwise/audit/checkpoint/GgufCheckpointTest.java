package org.widthwise.audit.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.widthwise.audit.SafetensorsBytes.write;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.widthwise.audit.MalformedFileException;
import org.widthwise.audit.model.SkippedTensor;

/** The values are {@link OtherProgramsTest}'s. */
class GgufCheckpointTest {

  private static final String FILE = "ggml.gguf";
  private static final int VERSION = 4;

  private final Path directory;

  GgufCheckpointTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void listsWhatIsQuantizedOrWholeNumbersAndKeepsTexts() {
    try (Checkpoint checkpoint = Checkpoints.open(Fixtures.copy(FILE, directory))) {
      assertThat(checkpoint.skipped())
          .containsExactly(
              new SkippedTensor(
                  "quantized.weight",
                  "elements of Q8_0, which mean nothing without the scales of their blocks; save"
                      + " the model dequantized"),
              new SkippedTensor("steps", "elements of I32, parameters are real floats"));
      assertThat(checkpoint.metadata())
          .containsOnlyKeys("general.architecture", "general.name")
          .containsEntry("general.name", "Fixture ü");
      assertThat(checkpoint.tensors().get(0).dtype()).isEqualTo("F16");
    }
  }

  @ParameterizedTest
  @CsvSource({
    // The version, from the other end first; the first of the counts.
    "4, 0x03000000, at byte 4: the file has the highest byte first",
    "4, 1, 'at byte 4: the version of the format is 1, must be 2 or 3'",
    "8, 0x7fffffff, 'at byte 8: the number of tensors is 2147483647, but at most'",
    "16, 0x7fffffff, 'at byte 16: the number of values is 2147483647, but at most'",
    "24, 0x7fffffff, 'at byte 24: the length of a key is 2147483647, but at most '",
  })
  void namesTheOffsetOfWhatIsWrong(int at, String value, String message) {
    assertRefused(bytes -> bytes.putInt(at, Integer.decode(value)), message);
  }

  @Test
  void refusesTensorsThatOverlapOrLeaveTheFile() {
    byte[] whole = Fixtures.bytes(FILE);
    String name = "blk.0.attn_q.weight";
    int entry = new String(whole, StandardCharsets.ISO_8859_1).indexOf(name) + name.length();
    int firstDimension = entry + Integer.BYTES;
    int offset = entry + Integer.BYTES + 2 * Long.BYTES + Integer.BYTES;

    assertRefused(
        bytes -> bytes.putLong(offset, 0),
        "tensor \"blk.0.attn_q.weight\" begins within tensor \"token_embd.weight\"");
    assertRefused(
        bytes -> bytes.putLong(offset, 33),
        "at byte " + offset + ": tensor \"blk.0.attn_q.weight\" begins at byte 33 of the data");
    assertRefused(
        bytes -> bytes.putLong(firstDimension, 1L << 40),
        "tensor \"blk.0.attn_q.weight\" of shape [3, 1099511627776] of F32 ends after the file's");
    assertRefused(
        bytes -> bytes.putLong(firstDimension, Long.MAX_VALUE),
        "at byte " + (firstDimension + Long.BYTES) + ": tensor \"blk.0.attn_q.weight\" has a");
  }

  @Test
  void refusesAFileThatEndsWithinItsHeader() {
    byte[] whole = Fixtures.bytes(FILE);
    for (int length = VERSION; length < whole.length / 2; length++) {
      Path file = write(directory, "cut.gguf", Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> Checkpoints.open(file))
          .isInstanceOf(MalformedFileException.class)
          .hasMessageContaining("at byte ");
    }
  }

  @Test
  void alignsTheDataAsTheFileSays() {
    byte[] name = "w.weight".getBytes(StandardCharsets.US_ASCII);
    byte[] key = "general.alignment".getBytes(StandardCharsets.US_ASCII);
    ByteBuffer file = ByteBuffer.allocate(1024 + 2 * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    file.put("GGUF".getBytes(StandardCharsets.US_ASCII)).putInt(2).putLong(1).putLong(1);
    file.putLong(key.length).put(key).putInt(4).putInt(1024);
    file.putLong(name.length).put(name).putInt(2).putLong(2).putLong(1).putInt(0).putLong(0);
    file.putFloat(1024, 5).putFloat(1024 + Float.BYTES, -7);

    try (Checkpoint checkpoint = Checkpoints.open(write(directory, "a.gguf", file.array()))) {
      CheckpointTensor tensor = checkpoint.tensors().get(0);
      float[] values = new float[2];
      tensor.read(0, values, 2);
      assertThat(tensor.shape()).containsExactly(1L, 2L);
      assertThat(values).containsExactly(5, -7);
    }
  }

  private void assertRefused(Consumer<ByteBuffer> change, String message) {
    byte[] bytes = Fixtures.bytes(FILE);
    change.accept(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
    Path file = write(directory, "m.gguf", bytes);
    assertThatThrownBy(() -> Checkpoints.open(file))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining(message);
  }
}
