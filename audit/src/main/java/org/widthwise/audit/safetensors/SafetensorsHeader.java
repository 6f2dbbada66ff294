package org.widthwise.audit.safetensors;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.widthwise.audit.MalformedFileException;

/**
 * The header of a safetensors file: all but the tensors' values.
 *
 * <p>The rules are those of the format's <a
 * href="https://github.com/huggingface/safetensors#format">description</a> and reference reader. On
 * top of them duplicate keys are refused, as the description asks, and a tensor has at most {@value
 * #MOST_DIMENSIONS} dimensions.
 *
 * @param tensors the tensors in the header's order, which is the model's in practice, while their
 *     data may lie in another
 * @param metadata the free text under {@code __metadata__}, in the header's order; empty when there
 *     is none
 * @param dataStart the offset in the file of the data's first byte
 * @param dataLength the bytes of data, which the tensors cover without holes and overlaps
 */
public record SafetensorsHeader(
    List<TensorEntry> tensors, Map<String, String> metadata, long dataStart, long dataLength) {

  /** The longest header that is read, in bytes; the reference reader's limit. */
  public static final int LONGEST_HEADER = 100_000_000;

  /** The most dimensions of a tensor, those of NumPy. */
  public static final int MOST_DIMENSIONS = 64;

  /**
   * Copies the list and the map.
   *
   * @param tensors the tensors in order
   * @param metadata the free text
   * @param dataStart where the data begins
   * @param dataLength how long the data is
   */
  public SafetensorsHeader {
    tensors = List.copyOf(tensors);
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  /**
   * Reads the header of a file and checks it; none of the data is read, however large.
   *
   * @param file a safetensors file
   * @return its header
   * @throws MalformedFileException when the file is missing, unreadable, or breaks a rule of the
   *     format
   */
  public static SafetensorsHeader read(Path file) {
    return HeaderParser.read(file);
  }
}
