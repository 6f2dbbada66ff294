package org.widthwise.audit.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.widthwise.audit.MalformedFileException;
import org.widthwise.audit.UntrustedText;

/**
 * Reads the central directory at the end of a zip archive, the sizes of 64 bits included.
 *
 * @param start where it begins: all entries end before
 * @param entries the entries by their names, which are unique
 */
record ZipDirectory(long start, Map<String, ZipEntry> entries) {

  private static final int LONGEST_DIRECTORY = 1 << 26;
  private static final int END = 0x06054b50;
  private static final int END_BYTES = 22;
  private static final int LONGEST_COMMENT = 0xffff;
  private static final int END64 = 0x06064b50;
  private static final int END64_BYTES = 56;
  private static final int LOCATOR64 = 0x07064b50;
  private static final int LOCATOR64_BYTES = 20;
  private static final int ENTRY = 0x02014b50;
  private static final int ENTRY_BYTES = 46;
  private static final int EXTRA64 = 1;
  // What a field of 16 or 32 bits holds when the true value is elsewhere, in 64.
  private static final int ELSEWHERE16 = 0xffff;
  private static final long ELSEWHERE32 = 0xffff_ffffL;

  /** Where the directory is and how many entries it has. */
  private record Place(long start, long size, long count, long end) {}

  static ZipDirectory read(FileSource source) {
    Place place = place(source);
    if (place.start() < 0 || place.size() < 0 || place.start() > place.end() - place.size()) {
      throw malformed(
          source,
          place.end(),
          "the zip directory is said to begin at byte "
              + Long.toUnsignedString(place.start())
              + " with "
              + Long.toUnsignedString(place.size())
              + " bytes, must end by here");
    }
    if (place.size() > LONGEST_DIRECTORY) {
      throw malformed(
          source,
          place.start(),
          "the zip directory has "
              + place.size()
              + " bytes, must have at most "
              + LONGEST_DIRECTORY);
    }
    byte[] bytes = source.bytes(place.start(), (int) place.size());
    ByteBuffer directory = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    Map<String, ZipEntry> entries = new LinkedHashMap<>();
    while (directory.hasRemaining()) {
      long at = place.start() + directory.position();
      ZipEntry entry = entry(source, directory, at);
      long last = place.start() - entry.packedSize();
      if (entry.headerOffset() < 0 || entry.packedSize() < 0 || entry.headerOffset() > last) {
        throw malformed(
            source,
            at,
            "the zip entry "
                + UntrustedText.quote(entry.name())
                + " is said to begin at byte "
                + Long.toUnsignedString(entry.headerOffset())
                + " with "
                + Long.toUnsignedString(entry.packedSize())
                + " bytes, must end before the directory at byte "
                + place.start());
      }
      if (entry.size() < 0 || (entry.isStored() && entry.size() != entry.packedSize())) {
        throw malformed(
            source,
            at,
            "the zip entry "
                + UntrustedText.quote(entry.name())
                + " has "
                + Long.toUnsignedString(entry.size())
                + " bytes, must have the "
                + entry.packedSize()
                + " that it takes in the archive");
      }
      if (entries.put(entry.name(), entry) != null) {
        throw malformed(
            source,
            at,
            "the zip entry "
                + UntrustedText.quote(entry.name())
                + " comes twice, names must be unique");
      }
    }
    if (entries.size() != place.count()) {
      throw malformed(
          source,
          place.start(),
          "the zip directory has "
              + entries.size()
              + " entries, must have the "
              + Long.toUnsignedString(place.count())
              + " that it says");
    }
    return new ZipDirectory(place.start(), entries);
  }

  /** A name in UTF-8, or of whatever bytes it is. */
  static String text(byte[] name) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(name)).toString();
    } catch (CharacterCodingException e) {
      return new String(name, StandardCharsets.ISO_8859_1);
    }
  }

  private static Place place(FileSource source) {
    int tailBytes = (int) Math.min(source.size(), END_BYTES + LONGEST_COMMENT);
    long tailStart = source.size() - tailBytes;
    ByteBuffer tail =
        ByteBuffer.wrap(source.bytes(tailStart, tailBytes)).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = tail.limit() - END_BYTES; at >= 0; at--) {
      int comment = tail.limit() - at - END_BYTES;
      if (tail.getInt(at) == END && (tail.getShort(at + 20) & 0xffff) == comment) {
        int count = tail.getShort(at + 10) & 0xffff;
        long size = tail.getInt(at + 12) & 0xffff_ffffL;
        long start = tail.getInt(at + 16) & 0xffff_ffffL;
        return count == ELSEWHERE16 || size == ELSEWHERE32 || start == ELSEWHERE32
            ? place64(source, tailStart + at)
            : new Place(start, size, count, tailStart + at);
      }
    }
    throw new MalformedFileException(
        source.file(),
        "has no zip directory at its end: it is truncated, "
            + "or a download that did not finish, or no zip archive");
  }

  private static Place place64(FileSource source, long end) {
    long locatorAt = end - LOCATOR64_BYTES;
    if (locatorAt < END64_BYTES) {
      throw malformed(source, end, "the zip directory's end lacks its part of 64 bits before it");
    }
    ByteBuffer locator = record(source, locatorAt, LOCATOR64_BYTES, LOCATOR64);
    long recordAt = locator.getLong(8);
    if (recordAt < 0 || recordAt > locatorAt - END64_BYTES) {
      throw malformed(
          source,
          locatorAt,
          "the end of the zip directory is said to be at byte "
              + Long.toUnsignedString(recordAt)
              + ", must be before here");
    }
    ByteBuffer record = record(source, recordAt, END64_BYTES, END64);
    return new Place(record.getLong(48), record.getLong(40), record.getLong(32), recordAt);
  }

  private static ByteBuffer record(FileSource source, long at, int count, int signature) {
    byte[] bytes = source.bytes(at, count);
    ByteBuffer record = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.length < count || record.getInt(0) != signature) {
      throw malformed(
          source, at, String.format("must be a zip record of the signature 0x%08x", signature));
    }
    return record;
  }

  private static ZipEntry entry(FileSource source, ByteBuffer directory, long at) {
    if (directory.remaining() < ENTRY_BYTES || directory.getInt(directory.position()) != ENTRY) {
      throw malformed(
          source, at, String.format("must be a zip entry of the signature 0x%08x", ENTRY));
    }
    ByteBuffer fixed = directory.slice().order(ByteOrder.LITTLE_ENDIAN);
    int nameLength = fixed.getShort(28) & 0xffff;
    int extraLength = fixed.getShort(30) & 0xffff;
    int commentLength = fixed.getShort(32) & 0xffff;
    if (ENTRY_BYTES + nameLength + extraLength + commentLength > directory.remaining()) {
      throw malformed(source, at, "the zip entry is longer than the directory: it is damaged");
    }
    byte[] name = new byte[nameLength];
    fixed.get(ENTRY_BYTES, name);
    ByteBuffer extra =
        fixed.slice(ENTRY_BYTES + nameLength, extraLength).order(ByteOrder.LITTLE_ENDIAN);
    directory.position(
        directory.position() + ENTRY_BYTES + nameLength + extraLength + commentLength);
    Extra64 extra64 = new Extra64(source, at, extra);
    long size = extra64.or(fixed.getInt(24));
    long packedSize = extra64.or(fixed.getInt(20));
    long headerOffset = extra64.or(fixed.getInt(42));
    return new ZipEntry(
        text(name),
        fixed.getShort(10) & 0xffff,
        (fixed.getShort(8) & 1) != 0,
        fixed.getInt(16),
        packedSize,
        size,
        headerOffset);
  }

  /** The values of 64 bits that an entry has no room for, in their order. */
  private static final class Extra64 {

    private final FileSource source;
    private final long at;
    private final ByteBuffer values;

    Extra64(FileSource source, long at, ByteBuffer extra) {
      this.source = source;
      this.at = at;
      ByteBuffer found = extra.slice(0, 0);
      while (extra.remaining() >= 4) {
        int tag = extra.getShort() & 0xffff;
        int length = extra.getShort() & 0xffff;
        if (length > extra.remaining()) {
          // Padding of some writers; whether anything is missing shows when it is asked for.
          break;
        }
        if (tag == EXTRA64) {
          found = extra.slice(extra.position(), length);
          break;
        }
        extra.position(extra.position() + length);
      }
      this.values = found.order(ByteOrder.LITTLE_ENDIAN);
    }

    long or(int field) {
      long value = field & 0xffff_ffffL;
      if (value != ELSEWHERE32) {
        return value;
      }
      if (values.remaining() < Long.BYTES) {
        throw malformed(source, at, "the zip entry lacks a value of 64 bits: it is damaged");
      }
      return values.getLong();
    }
  }

  private static MalformedFileException malformed(FileSource source, long at, String problem) {
    return new MalformedFileException(source.file(), "at byte " + at + ": " + problem);
  }
}
