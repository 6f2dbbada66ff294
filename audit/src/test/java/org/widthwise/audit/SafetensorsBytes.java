package org.widthwise.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Lays out safetensors files for tests, right ones and wrong ones. */
public final class SafetensorsBytes {

  private SafetensorsBytes() {}

  /**
   * Lays out the length, the header and zero bytes of data.
   *
   * @param header the header's text
   * @param dataLength how many zero bytes follow it
   * @return the file's bytes
   */
  public static byte[] layOut(String header, int dataLength) {
    return layOut(header.getBytes(StandardCharsets.UTF_8), dataLength);
  }

  /**
   * Lays out a file whose header need not be text.
   *
   * @param header the header's bytes
   * @param dataLength how many zero bytes follow it
   * @return the file's bytes
   */
  public static byte[] layOut(byte[] header, int dataLength) {
    return withLength(header.length, header, dataLength);
  }

  /**
   * Lays out a file whose length field need not be its header's length.
   *
   * @param claimed what the length field says
   * @param header the header's bytes
   * @param dataLength how many zero bytes follow it
   * @return the file's bytes
   */
  public static byte[] withLength(long claimed, byte[] header, int dataLength) {
    return ByteBuffer.allocate(Long.BYTES + header.length + dataLength)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(claimed)
        .put(header)
        .array();
  }

  /**
   * Writes bytes to a file in a directory.
   *
   * @param directory the directory
   * @param name the file's name
   * @param bytes its content
   * @return its path
   */
  public static Path write(Path directory, String name, byte[] bytes) {
    try {
      return Files.write(directory.resolve(name), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
