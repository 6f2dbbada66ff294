package org.widthwise.audit.pickle;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.widthwise.audit.MalformedFileException;

/** A pickle's bytes and how far they have been read. */
final class PickleBytes {

  private static final int LONGEST_LINE = 1000;

  private final Path file;
  private final long fileOffset;
  private final ByteBuffer bytes;
  private int opcodeAt;

  PickleBytes(Path file, byte[] bytes, long fileOffset) {
    this.file = file;
    this.fileOffset = fileOffset;
    this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The next opcode's byte, which messages name as the place from now on. */
  int opcode() {
    opcodeAt = bytes.position();
    return u1();
  }

  int u1() {
    return need(1).get() & 0xff;
  }

  int u2() {
    return need(2).getShort() & 0xffff;
  }

  int i4() {
    return need(4).getInt();
  }

  /** A length or an index of 4 bytes without a sign. */
  long u4() {
    return i4() & 0xffff_ffffL;
  }

  /** A length of 8 bytes, negative where its highest bit is set. */
  long i8() {
    return need(8).getLong();
  }

  double bigEndianDouble() {
    return Double.longBitsToDouble(Long.reverseBytes(need(8).getLong()));
  }

  byte[] bytes(long count) {
    if (count < 0 || count > bytes.remaining()) {
      throw malformed(
          "asks for "
              + Long.toUnsignedString(count)
              + " bytes, but only "
              + bytes.remaining()
              + " follow: the pickle is truncated or damaged");
    }
    byte[] read = new byte[(int) count];
    bytes.get(read);
    return read;
  }

  void skip(long count) {
    if (count < 0 || count > bytes.remaining()) {
      bytes(count);
    }
    bytes.position(bytes.position() + (int) count);
  }

  String text(long count) {
    byte[] read = bytes(count);
    return utf8(read)
        .orElseThrow(() -> malformed("holds a string that is not UTF-8, strings must be UTF-8"));
  }

  /** A line that a line feed ends, which is not part of it. */
  String line() {
    int start = bytes.position();
    for (int i = start; i < bytes.limit() && i - start <= LONGEST_LINE; i++) {
      if (bytes.get(i) == '\n') {
        String line = text(i - start);
        skip(1);
        return line;
      }
    }
    throw malformed(
        "is followed by no line feed within " + LONGEST_LINE + " bytes, names must end in one");
  }

  static Optional<String> utf8(byte[] text) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  int remaining() {
    return bytes.remaining();
  }

  /** Says what is wrong with the opcode that was read last. */
  MalformedFileException malformed(String problem) {
    int code = bytes.get(opcodeAt) & 0xff;
    Opcode opcode = Opcode.of(code);
    String name = opcode == null ? String.format("0x%02x", code) : opcode.name();
    return new MalformedFileException(
        file,
        "at byte " + (fileOffset + opcodeAt) + ": the pickle's opcode " + name + " " + problem);
  }

  MalformedFileException ended() {
    return new MalformedFileException(
        file,
        "at byte "
            + (fileOffset + bytes.limit())
            + ": the pickle ends without its last opcode, STOP: it is truncated or damaged");
  }

  private ByteBuffer need(int count) {
    if (bytes.remaining() < count) {
      throw ended();
    }
    return bytes;
  }
}
