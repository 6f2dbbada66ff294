package org.widthwise.torch.monitor;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.widthwise.core.shape.Layer;
import org.widthwise.core.shape.ParameterShape;

/** Reads event files by the formats' descriptions, with a CRC computed bit by bit. */
final class TensorBoardSinkTest {

  private static final Clock CLOCK =
      Clock.fixed(Instant.ofEpochSecond(1_700_000_000L, 250_000_000), ZoneOffset.UTC);

  private final Path directory;

  TensorBoardSinkTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private static Observation observation(long step, double weight) {
    return new Observation(
        step,
        List.of(Quantity.WEIGHT, Quantity.UPDATE),
        List.of(
            new LayerSizes(
                "layers.0.weight",
                ParameterShape.matrix(Layer.HIDDEN, 8, 2),
                2,
                Map.of(Quantity.WEIGHT, weight, Quantity.UPDATE, Double.NaN)),
            new LayerSizes(
                "größe", ParameterShape.bias(Layer.READOUT, 4), 2, Map.of(Quantity.WEIGHT, 0.0))),
        List.of());
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }

  @Test
  void aReaderFindsWhatWasWritten() throws IOException {
    long late = 5_000_000_000L;
    try (MonitorSink sink = new TensorBoardSink(directory, CLOCK)) {
      sink.onObservation(observation(1, 1.5));
      sink.onObservation(observation(late, 0x1p-20));
      assertThat(files()).hasSize(1);
      List<byte[]> records = records(Files.readAllBytes(files().get(0)));
      assertThat(records).hasSize(3);
      Map<Integer, Object> version = fields(records.get(0));
      assertThat(version).containsEntry(1, 1_700_000_000.25);
      assertThat((byte[]) version.get(3))
          .asString(StandardCharsets.UTF_8)
          .isEqualTo("brain.Event:2");
      assertThat(scalars(records.get(1), 1))
          .isEqualTo(
              Map.of(
                  "weight/layers.0.weight", 1.5f,
                  "update/layers.0.weight", Float.NaN,
                  "weight/größe", 0f));
      assertThat(scalars(records.get(2), late)).containsEntry("weight/layers.0.weight", 0x1p-20f);
    }
  }

  @Test
  void filesAreNamedAsTensorBoardLooksForThem() throws IOException {
    for (int run = 0; run < 2; run++) {
      try (MonitorSink sink = new TensorBoardSink(directory, CLOCK)) {
        sink.onObservation(observation(1, 1.5));
      }
    }
    assertThat(files())
        .hasSize(2)
        .allSatisfy(
            file ->
                assertThat(file.getFileName().toString())
                    .matches("events\\.out\\.tfevents\\.1700000000\\..+"));
  }

  private static Map<String, Float> scalars(byte[] record, long step) {
    Map<Integer, Object> event = fields(record);
    assertThat(event).containsEntry(1, 1_700_000_000.25).containsEntry(2, step);
    Map<String, Float> scalars = new LinkedHashMap<>();
    for (Map.Entry<Integer, Object> field : fieldList((byte[]) requireNonNull(event.get(5)))) {
      assertThat(field.getKey()).isEqualTo(1);
      Map<Integer, Object> value = fields((byte[]) field.getValue());
      scalars.put(
          new String((byte[]) requireNonNull(value.get(1)), StandardCharsets.UTF_8),
          (Float) requireNonNull(value.get(2)));
    }
    return scalars;
  }

  private static List<byte[]> records(byte[] file) {
    ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    List<byte[]> records = new ArrayList<>();
    while (buffer.hasRemaining()) {
      byte[] length = new byte[8];
      buffer.get(length);
      assertThat(unmask(buffer.getInt())).isEqualTo(crc32c(length));
      byte[] data =
          new byte[(int) ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong()];
      buffer.get(data);
      assertThat(unmask(buffer.getInt())).isEqualTo(crc32c(data));
      records.add(data);
    }
    return records;
  }

  private static int unmask(int masked) {
    int turned = masked - 0xa282ead8;
    return (turned << 15) | (turned >>> 17);
  }

  private static int crc32c(byte[] data) {
    int crc = -1;
    for (byte b : data) {
      crc ^= b & 0xff;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) == 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
      }
    }
    return ~crc;
  }

  private static Map<Integer, Object> fields(byte[] message) {
    Map<Integer, Object> fields = new LinkedHashMap<>();
    fieldList(message).forEach(field -> fields.put(field.getKey(), field.getValue()));
    return fields;
  }

  private static List<Map.Entry<Integer, Object>> fieldList(byte[] message) {
    ByteBuffer buffer = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    List<Map.Entry<Integer, Object>> fields = new ArrayList<>();
    while (buffer.hasRemaining()) {
      long key = varint(buffer);
      Object value =
          switch ((int) (key & 7)) {
            case 0 -> varint(buffer);
            case 1 -> buffer.getDouble();
            case 2 -> {
              byte[] bytes = new byte[(int) varint(buffer)];
              buffer.get(bytes);
              yield bytes;
            }
            case 5 -> buffer.getFloat();
            default -> throw new AssertionError("wire type " + (key & 7));
          };
      fields.add(Map.entry((int) (key >>> 3), value));
    }
    return fields;
  }

  private static long varint(ByteBuffer buffer) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte b = buffer.get();
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
  }
}
