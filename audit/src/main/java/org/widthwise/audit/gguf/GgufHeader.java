package org.widthwise.audit.gguf;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The header of a GGUF file: all but the tensors' values.
 *
 * <p>Read are the versions 2 and 3 of the format, as its <a
 * href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">description</a> has them, with
 * the lowest byte first, which is how nearly all files are.
 *
 * @param tensors the tensors in the header's order
 * @param metadata the short texts among the header's values, {@code general.architecture} for one
 * @param dataStart the offset in the file of the data's first byte
 */
public record GgufHeader(List<GgufTensor> tensors, Map<String, String> metadata, long dataStart) {

  /** How a GGUF file begins. */
  public static final String MAGIC = "GGUF";

  /** Reads a piece of a file. */
  @FunctionalInterface
  public interface Bytes {

    /**
     * Reads a piece.
     *
     * @param position the offset of its first byte
     * @param count how many bytes, all within the file
     * @return the bytes, fewer only if the file has become shorter
     */
    byte[] read(long position, int count);
  }

  /**
   * Copies list and map.
   *
   * @param tensors the tensors in order
   * @param metadata the texts
   * @param dataStart where the data begins
   */
  public GgufHeader {
    tensors = List.copyOf(tensors);
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  /**
   * Reads the header of a file; none of the data is read, however large.
   *
   * @param file the file's name, for messages
   * @param size its length in bytes
   * @param bytes reads from it
   * @return its header
   * @throws org.widthwise.audit.MalformedFileException when it breaks a rule of the format; the
   *     message names the offset
   */
  public static GgufHeader read(Path file, long size, Bytes bytes) {
    return new GgufParser(new GgufCursor(file, size, bytes)).read();
  }
}
