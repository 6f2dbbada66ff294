package org.widthwise.audit.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.widthwise.audit.SafetensorsBytes.layOut;
import static org.widthwise.audit.SafetensorsBytes.write;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.widthwise.audit.MalformedFileException;
import org.widthwise.audit.model.SkippedTensor;

class SafetensorsCheckpointTest {

  private final Path directory;

  SafetensorsCheckpointTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void readsValuesAndListsTheRest() {
    byte[] bytes =
        layOut(
            """
            {"__metadata__":{"format":"pt"},
             "w":{"dtype":"F32","shape":[2,3],"data_offsets":[8,32]},
             "h":{"dtype":"BF16","shape":[4],"data_offsets":[0,8]},
             "n":{"dtype":"I64","shape":[],"data_offsets":[32,40]},
             "e":{"dtype":"F32","shape":[0,2],"data_offsets":[40,40]},
             "q":{"dtype":"F4","shape":[4],"data_offsets":[40,42]}}\
            """,
            42);
    ByteBuffer data = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int start = bytes.length - 42;
    for (int i = 0; i < 4; i++) {
      data.putShort(start + 2 * i, (short) (Float.floatToRawIntBits(-1 - i) >> 16));
    }
    for (int i = 0; i < 6; i++) {
      data.putFloat(start + 8 + 4 * i, i + 0.5f);
    }
    Path file = write(directory, "m.safetensors", bytes);

    try (Checkpoint checkpoint = Checkpoints.open(file)) {
      assertThat(checkpoint.metadata()).isEqualTo(Map.of("format", "pt"));
      assertThat(checkpoint.skipped())
          .containsExactly(
              new SkippedTensor("n", "elements of I64, parameters are real floats"),
              new SkippedTensor("e", "shape [0, 2], which has no elements"),
              new SkippedTensor(
                  "q",
                  "elements of F4, which mean nothing without the scales of their blocks; save the"
                      + " model dequantized"));
      assertThat(checkpoint.tensors()).extracting(CheckpointTensor::name).containsExactly("w", "h");
      CheckpointTensor matrix = checkpoint.tensors().get(0);
      assertThat(matrix.shape()).isEqualTo(List.of(2L, 3L));
      assertThat(matrix.dtype()).isEqualTo("F32");
      assertThat(matrix.bytes()).isEqualTo(24);
      float[] values = new float[6];
      matrix.read(0, values, 6);
      assertThat(values).containsExactly(0.5f, 1.5f, 2.5f, 3.5f, 4.5f, 5.5f);
      matrix.read(4, values, 2);
      assertThat(values).containsExactly(4.5f, 5.5f, 2.5f, 3.5f, 4.5f, 5.5f);
      double[] halves = new double[2];
      checkpoint.tensors().get(1).read(2, halves, 2);
      assertThat(halves).containsExactly(-3, -4);
    }
  }

  @Test
  void readsLongTensorsInPiecesByManyThreads() {
    int count = BufferPool.BUFFER_BYTES;
    byte[] bytes =
        layOut(
            "{\"w\":{\"dtype\":\"F32\",\"shape\":[%d],\"data_offsets\":[0,%d]}}"
                .formatted(count, 4 * count),
            4 * count);
    ByteBuffer data = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      data.putFloat(bytes.length - 4 * count + 4 * i, i);
    }
    try (Checkpoint checkpoint = Checkpoints.open(write(directory, "m.safetensors", bytes))) {
      CheckpointTensor tensor = checkpoint.tensors().get(0);
      List<float[]> all =
          IntStream.range(0, 16)
              .parallel()
              .mapToObj(
                  i -> {
                    float[] values = new float[count - i];
                    tensor.read(i, values, values.length);
                    return values;
                  })
              .toList();
      for (int i = 0; i < 16; i++) {
        for (int j = 0; j < all.get(i).length; j++) {
          if (all.get(i)[j] != i + j) {
            assertThat(all.get(i)[j]).as("thread %d at %d", i, j).isEqualTo(i + j);
          }
        }
      }
    }
  }

  @Test
  void saysThatTheFileWasCutOrClosedMeanwhile() throws Exception {
    byte[] bytes = layOut("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8);
    Path file = write(directory, "m.safetensors", bytes);
    Checkpoint checkpoint = Checkpoints.open(file);
    CheckpointTensor tensor = checkpoint.tensors().get(0);
    Files.write(file, new byte[bytes.length - 1]);

    assertThatThrownBy(() -> tensor.read(0, new float[2], 2))
        .isInstanceOf(MalformedFileException.class)
        .hasMessage(
            file
                + ": ends before byte "
                + bytes.length
                + ", had "
                + bytes.length
                + " bytes when it was opened and must not change while it is read");
    checkpoint.close();
    assertThatThrownBy(() -> tensor.read(0, new float[2], 2))
        .isInstanceOf(MalformedFileException.class)
        .hasMessage(file + ": was closed, its checkpoint must be open while tensors are read");
  }
}
