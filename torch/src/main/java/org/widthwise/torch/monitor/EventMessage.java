package org.widthwise.torch.monitor;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * TensorBoard's protocol buffers, as far as scalars need them: {@code Event} with {@code wall_time}
 * (field 1, double), {@code step} (2, int64), {@code file_version} (3, string) or {@code summary}
 * (5); {@code Summary} with repeated {@code value} (1), each with {@code tag} (1, string) and
 * {@code simple_value} (2, float).
 */
final class EventMessage {

  /** What the first event of a file says of its format. */
  private static final String FILE_VERSION = "brain.Event:2";

  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private EventMessage() {}

  /** The first event of a file. */
  static byte[] fileVersion(double seconds) {
    EventMessage event = new EventMessage();
    event.putDouble(1, seconds);
    event.putBytes(3, FILE_VERSION.getBytes(StandardCharsets.UTF_8));
    return event.out.toByteArray();
  }

  /** An event with a summary. */
  static byte[] event(double seconds, long step, EventMessage summary) {
    EventMessage event = new EventMessage();
    event.putDouble(1, seconds);
    event.tag(2, VARINT);
    event.varint(step);
    event.putBytes(5, summary.out.toByteArray());
    return event.out.toByteArray();
  }

  /** A summary without values. */
  static EventMessage summary() {
    return new EventMessage();
  }

  /** Adds a value to a summary. */
  void addValue(String name, float value) {
    EventMessage message = new EventMessage();
    message.putBytes(1, name.getBytes(StandardCharsets.UTF_8));
    message.tag(2, FIXED32);
    message.littleEndian(Float.floatToIntBits(value), Float.BYTES);
    putBytes(1, message.out.toByteArray());
  }

  private void putDouble(int field, double value) {
    tag(field, FIXED64);
    littleEndian(Double.doubleToLongBits(value), Double.BYTES);
  }

  private void putBytes(int field, byte[] bytes) {
    tag(field, BYTES);
    varint(bytes.length);
    out.writeBytes(bytes);
  }

  private void tag(int field, int wireType) {
    varint((field << 3) | wireType);
  }

  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  private void littleEndian(long bits, int bytes) {
    for (int i = 0; i < bytes; i++) {
      out.write((int) (bits >>> (Byte.SIZE * i)));
    }
  }
}
