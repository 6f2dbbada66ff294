package org.widthwise.audit.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.widthwise.audit.checkpoint.Checkpoint;
import org.widthwise.audit.checkpoint.Checkpoints;

final class SafetensorsWriterTest {

  private final Path file;

  SafetensorsWriterTest(@TempDir Path directory) {
    this.file = directory.resolve("written.safetensors");
  }

  private static WritableTensor tensor(String name, Dtype dtype, byte[] bytes, Long... shape) {
    return new WritableTensor(
        name,
        dtype,
        List.of(shape),
        (offset, into) -> into.put(bytes, (int) offset, into.remaining()));
  }

  private static byte[] floats(float... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return bytes.array();
  }

  private void write(Map<String, String> metadata, WritableTensor... tensors) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    SafetensorsWriter.write(bytes, List.of(tensors), metadata);
    Files.write(file, bytes.toByteArray());
  }

  @Test
  void laysOutTheBytesOfTheFormat() throws IOException {
    write(Map.of(), tensor("w", Dtype.F32, floats(1, -2), 2L, 1L));
    // The format's own example in small: length, header filled up with spaces, data.
    String header = "{\"w\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]}}";
    int padded = (header.length() + 7) / 8 * 8;
    byte[] expected =
        ByteBuffer.allocate(8 + padded + 8)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(padded)
            .put((header + " ".repeat(padded - header.length())).getBytes(StandardCharsets.UTF_8))
            .putFloat(1)
            .putFloat(-2)
            .array();
    assertThat(file).hasBinaryContent(expected);
  }

  @Test
  void readersFindWhatWasWritten() throws IOException {
    byte[] half = {1, 2};
    write(
        Map.of("step", "12", "wörds \"quoted\"\n", "…"),
        tensor("odd", Dtype.U8, new byte[] {7, 8, 9}, 3L),
        tensor("b.weight", Dtype.F32, floats(0.5f, Float.NaN, -0f), 1L, 3L),
        tensor("half", Dtype.F16, half),
        tensor("none", Dtype.F64, new byte[0], 0L, 4L),
        tensor("a \"name\" … \u0007", Dtype.I64, new byte[] {1, 0, 0, 0, 0, 0, 0, 0}));

    SafetensorsHeader header = SafetensorsHeader.read(file);
    assertThat(header.metadata()).isEqualTo(Map.of("step", "12", "wörds \"quoted\"\n", "…"));
    assertThat(header.tensors())
        .extracting(TensorEntry::name)
        .containsExactly("odd", "b.weight", "half", "none", "a \"name\" … \u0007");
    assertThat(header.dataStart() % 8).isZero();
    for (TensorEntry entry : header.tensors()) {
      int size = Math.max(1, entry.dtype().bits() / 8);
      assertThat(entry.begin() % size).as(entry.name()).isZero();
    }
    try (Checkpoint checkpoint = Checkpoints.open(file)) {
      float[] values = new float[3];
      checkpoint.tensors().get(0).read(0, values, 3);
      assertThat(checkpoint.tensors().get(0).name()).isEqualTo("b.weight");
      assertThat(checkpoint.tensors().get(0).shape()).containsExactly(1L, 3L);
      assertThat(values).containsExactly(0.5f, Float.NaN, -0f);
    }
  }

  @Test
  void writesTensorsLongerThanAPiece() throws IOException {
    byte[] values = new byte[(1 << 20) * 2 + 12];
    new Random(4).nextBytes(values);
    write(Map.of(), tensor("long", Dtype.I32, values, (long) values.length / 4));
    byte[] all = Files.readAllBytes(file);
    int start = Math.toIntExact(SafetensorsHeader.read(file).dataStart());
    assertThat(Arrays.copyOfRange(all, start, all.length)).isEqualTo(values);
  }

  @Test
  void writesAModelOfNoTensors() throws IOException {
    write(Map.of());
    assertThat(SafetensorsHeader.read(file).tensors()).isEmpty();
  }

  @Test
  void saysWhatIsWrong() {
    byte[] one = floats(1);
    assertThatThrownBy(
            () -> write(Map.of(), tensor("a", Dtype.F32, one), tensor("a", Dtype.F32, one)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("two tensors are named 'a'");
    assertThatThrownBy(() -> tensor("__metadata__", Dtype.F32, one))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("__metadata__");
    assertThatThrownBy(() -> tensor("a", Dtype.F32, one, 2L, -1L))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[2, -1]");
    assertThatThrownBy(() -> tensor("a", Dtype.F4, one, 3L))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("whole byte");
    assertThatThrownBy(
            () ->
                new WritableTensor("a", Dtype.F32, Collections.nCopies(65, 1L), (from, into) -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at most 64 dimensions");
  }
}
