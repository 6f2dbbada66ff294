package org.widthwise.audit.gguf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.widthwise.audit.MalformedFileException;
import org.widthwise.audit.UntrustedText;

/** Goes through a file from its beginning, a window at a time. Numbers come lowest byte first. */
final class GgufCursor {

  private static final int WINDOW = 1 << 16;

  private final Path file;
  private final long size;
  private final GgufHeader.Bytes bytes;
  private ByteBuffer window = ByteBuffer.allocate(0);
  private long windowStart;

  GgufCursor(Path file, long size, GgufHeader.Bytes bytes) {
    this.file = file;
    this.size = size;
    this.bytes = bytes;
  }

  /** The offset of the next byte. */
  long position() {
    return windowStart + window.position();
  }

  long remaining() {
    return size - position();
  }

  int number(String what) {
    return take(Integer.BYTES, what).getInt();
  }

  long longNumber(String what) {
    return take(Long.BYTES, what).getLong();
  }

  /**
   * Reads a number of things that follow, each of some bytes.
   *
   * @param least how many bytes each takes at least
   * @param most the greatest number
   */
  long count(String what, long least, long most) {
    long start = position();
    long count = longNumber(what);
    if (count < 0 || count > most || count > remaining() / least) {
      throw malformed(
          start,
          what
              + " is "
              + Long.toUnsignedString(count)
              + ", but at most "
              + Math.min(most, remaining() / least)
              + " can follow");
    }
    return count;
  }

  /** Reads a text of at most so many bytes. */
  String text(String what, int most) {
    return textOf((int) count("the length of " + what, 1, most), what);
  }

  String textOf(int length, String what) {
    byte[] read = new byte[length];
    take(length, what).get(read);
    return new String(read, StandardCharsets.UTF_8);
  }

  void skip(long count, String what) {
    if (count > remaining()) {
      throw ends(what);
    }
    if (count <= window.remaining()) {
      window.position(window.position() + (int) count);
    } else {
      windowStart = position() + count;
      window = ByteBuffer.allocate(0);
    }
  }

  private ByteBuffer take(int count, String what) {
    if (count > remaining()) {
      throw ends(what);
    }
    if (window.remaining() < count) {
      long start = position();
      int length = (int) Math.min(Math.max(count, WINDOW), size - start);
      byte[] read = bytes.read(start, length);
      if (read.length < length) {
        throw new MalformedFileException(file, "the file became shorter while it was read");
      }
      window = ByteBuffer.wrap(read).order(ByteOrder.LITTLE_ENDIAN);
      windowStart = start;
    }
    ByteBuffer taken = window.slice(window.position(), count).order(ByteOrder.LITTLE_ENDIAN);
    window.position(window.position() + count);
    return taken;
  }

  private MalformedFileException ends(String what) {
    return malformed(position(), "the file ends within " + what);
  }

  MalformedFileException malformed(long position, String problem) {
    return new MalformedFileException(file, "at byte " + position + ": " + problem);
  }

  static String quote(String text) {
    return UntrustedText.quote(text);
  }
}
