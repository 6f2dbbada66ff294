package org.widthwise.audit.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes safetensors files, a piece at a time, however large the tensors.
 *
 * <p>The header keeps the tensors' order, which readers take for the model's. In the data those of
 * larger elements come first, and the header is filled up with spaces to a multiple of eight, so
 * that every element is aligned to its size.
 */
public final class SafetensorsWriter {

  static final String METADATA = "__metadata__";

  private static final int ALIGNMENT = 8;
  private static final int PIECE = 1 << 20;

  private SafetensorsWriter() {}

  /**
   * Writes a file.
   *
   * @param out where to; not closed
   * @param tensors the tensors in the model's order, names unique
   * @param metadata free text by key, to be found under {@code __metadata__}
   * @throws IOException if writing fails
   * @throws IllegalArgumentException if two tensors share a name, or the header would be longer
   *     than readers take
   */
  public static void write(
      OutputStream out, List<WritableTensor> tensors, Map<String, String> metadata)
      throws IOException {
    List<WritableTensor> inData =
        tensors.stream()
            .sorted(Comparator.comparingInt((WritableTensor tensor) -> -tensor.dtype().bits()))
            .toList();
    byte[] header = header(tensors, offsets(inData), metadata);
    out.write(
        ByteBuffer.allocate(Long.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(header.length)
            .array());
    out.write(header);
    byte[] piece = new byte[PIECE];
    for (WritableTensor tensor : inData) {
      long length = tensor.byteLength();
      for (long offset = 0; offset < length; offset += PIECE) {
        int count = (int) Math.min(PIECE, length - offset);
        tensor
            .bytes()
            .copy(offset, ByteBuffer.wrap(piece, 0, count).order(ByteOrder.LITTLE_ENDIAN));
        out.write(piece, 0, count);
      }
    }
  }

  private static Map<String, Long> offsets(List<WritableTensor> inData) {
    Map<String, Long> offsets = new HashMap<>();
    long end = 0;
    for (WritableTensor tensor : inData) {
      if (offsets.put(tensor.name(), end) != null) {
        throw new IllegalArgumentException(
            "two tensors are named '%s': names must be unique".formatted(tensor.name()));
      }
      end = Math.addExact(end, tensor.byteLength());
    }
    return offsets;
  }

  private static byte[] header(
      List<WritableTensor> tensors, Map<String, Long> offsets, Map<String, String> metadata)
      throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeObjectFieldStart(METADATA);
        // Maps may have another order in each process; files of the same content are the same.
        for (Map.Entry<String, String> entry : new TreeMap<>(metadata).entrySet()) {
          json.writeStringField(entry.getKey(), entry.getValue());
        }
        json.writeEndObject();
      }
      for (WritableTensor tensor : tensors) {
        long begin = offsets.getOrDefault(tensor.name(), 0L);
        json.writeObjectFieldStart(tensor.name());
        json.writeStringField("dtype", tensor.dtype().name());
        writeNumbers(json, "shape", tensor.shape());
        writeNumbers(json, "data_offsets", List.of(begin, begin + tensor.byteLength()));
        json.writeEndObject();
      }
      json.writeEndObject();
    }
    int length = text.size();
    int padded = (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (padded > SafetensorsHeader.LONGEST_HEADER) {
      throw new IllegalArgumentException(
          "the header of %d tensors is %d bytes long, but readers take at most %d"
              .formatted(tensors.size(), padded, SafetensorsHeader.LONGEST_HEADER));
    }
    byte[] header = Arrays.copyOf(text.toByteArray(), padded);
    Arrays.fill(header, length, padded, (byte) ' ');
    return header;
  }

  private static void writeNumbers(JsonGenerator json, String key, List<Long> numbers)
      throws IOException {
    json.writeArrayFieldStart(key);
    for (long number : numbers) {
      json.writeNumber(number);
    }
    json.writeEndArray();
  }
}
