package org.widthwise.torch.monitor;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * A file of the records that TensorFlow calls TFRecord: each is its length in 8 bytes, the masked
 * CRC-32C of these in 4, the data, and the masked CRC-32C of the data in 4, all of it
 * little-endian. A CRC is masked by turning it 15 bits to the right and adding a constant.
 */
final class EventFile implements AutoCloseable {

  private static final int MASK = 0xa282ead8;
  private static final int TURN = 15;

  private final Path path;
  private final OutputStream out;

  /**
   * Makes a file.
   *
   * @param path where none is yet
   * @throws IOException if there is one or it cannot be written
   */
  EventFile(Path path) throws IOException {
    this.path = path;
    this.out = Files.newOutputStream(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  /** Writes a record; it is with the operating system when this returns. */
  void write(byte[] data) {
    ByteBuffer record =
        ByteBuffer.allocate(Long.BYTES + Integer.BYTES + data.length + Integer.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    record.putLong(data.length);
    record.putInt(maskedCrc(record.array(), 0, Long.BYTES));
    record.put(data);
    record.putInt(maskedCrc(data, 0, data.length));
    try {
      out.write(record.array());
    } catch (IOException unwritable) {
      throw new UncheckedIOException(path + " cannot be written", unwritable);
    }
  }

  private static int maskedCrc(byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    return Integer.rotateRight((int) crc.getValue(), TURN) + MASK;
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException unwritable) {
      throw new UncheckedIOException(path + " cannot be closed", unwritable);
    }
  }
}
