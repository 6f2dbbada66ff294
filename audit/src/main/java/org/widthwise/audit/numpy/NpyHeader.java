package org.widthwise.audit.numpy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.widthwise.audit.MalformedFileException;
import org.widthwise.audit.UntrustedText;

/**
 * What precedes an array's values in a {@code .npy} file, of versions 1 to 3 of the <a
 * href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">format</a>.
 *
 * @param descr the type of the elements, such as {@code <f4}; a structure's as it is written
 * @param fortranOrder whether the first dimension runs fastest
 * @param shape the dimensions, each 0 or more; empty for a scalar
 * @param dataStart the offset of the first value
 */
public record NpyHeader(String descr, boolean fortranOrder, List<Long> shape, int dataStart) {

  /** The longest header that is read, in bytes; NumPy itself warns of more than 10,000. */
  public static final int LONGEST = 65_535;

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int VERSION1_START = 10;
  private static final int VERSION2_START = 12;

  /**
   * Copies the shape.
   *
   * @param descr the type of the elements
   * @param fortranOrder whether the first dimension runs fastest
   * @param shape the dimensions
   * @param dataStart the offset of the first value
   */
  public NpyHeader {
    shape = List.copyOf(shape);
  }

  /**
   * Tells whether bytes begin as a {@code .npy} file does.
   *
   * @param front the first bytes
   * @return true if they do
   */
  public static boolean isMagic(byte[] front) {
    return front.length >= MAGIC.length
        && Arrays.equals(front, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
  }

  /**
   * Reads a header.
   *
   * @param file the file that it is in, for messages
   * @param where the place of the array in the file, for messages: "at byte 0" for one
   * @param front gives the first bytes of the array's file: as many as asked for, or all
   * @return the header
   * @throws MalformedFileException when it breaks a rule of the format
   */
  public static NpyHeader read(Path file, String where, IntFunction<byte[]> front) {
    byte[] start = front.apply(VERSION2_START);
    if (!isMagic(start) || start.length < VERSION1_START) {
      throw new MalformedFileException(
          file, where + ": begins otherwise than an array, must begin with \\x93NUMPY");
    }
    int version = start[MAGIC.length];
    if (version < 1 || version > 3 || start[MAGIC.length + 1] != 0) {
      throw new MalformedFileException(
          file,
          where
              + ": has the format's version "
              + (version & 0xff)
              + "."
              + (start[MAGIC.length + 1] & 0xff)
              + ", must be 1.0, 2.0 or 3.0");
    }
    ByteBuffer lengths = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN);
    int textStart = version == 1 ? VERSION1_START : VERSION2_START;
    long length =
        version == 1
            ? lengths.getShort(VERSION1_START - 2) & 0xffff
            : start.length < VERSION2_START
                ? -1
                : lengths.getInt(VERSION2_START - 4) & 0xffff_ffffL;
    if (length > LONGEST) {
      throw new MalformedFileException(
          file, where + ": has a header of " + length + " bytes, must have at most " + LONGEST);
    }
    int dataStart = textStart + (int) length;
    byte[] whole = length < 0 ? new byte[0] : front.apply(dataStart);
    if (whole.length < dataStart || length < 0) {
      throw new MalformedFileException(
          file, where + ": ends inside the array's header: the file is truncated");
    }
    NpyHeaderParser parser =
        new NpyHeaderParser(file, where, text(file, where, whole, textStart, version));
    return parser.parse(dataStart);
  }

  private static String text(Path file, String where, byte[] whole, int start, int version) {
    ByteBuffer text = ByteBuffer.wrap(whole, start, whole.length - start);
    if (version < 3) {
      return StandardCharsets.ISO_8859_1.decode(text).toString();
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(text).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedFileException(
          file, where + ": has a header that is not UTF-8, must be", e);
    }
  }

  /**
   * Says what the header's type is, for messages.
   *
   * @return the type, quoted
   */
  public String quotedDescr() {
    return UntrustedText.quote(descr);
  }
}
