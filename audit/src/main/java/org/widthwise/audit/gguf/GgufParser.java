package org.widthwise.audit.gguf;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads a header from its first byte to its last. */
final class GgufParser {

  private static final int MAGIC = 0x46554747;
  private static final int OLDEST_VERSION = 2;
  private static final int NEWEST_VERSION = 3;
  private static final int LONGEST_NAME = 65535;
  private static final int LONGEST_KEPT_TEXT = 4096;
  private static final int MOST_DIMENSIONS = 4;
  private static final int MOST_TENSORS = 1 << 20;
  private static final int MOST_VALUES = 1 << 20;
  private static final int DEFAULT_ALIGNMENT = 32;
  private static final int MOST_ALIGNMENT = 1 << 20;
  private static final String ALIGNMENT = "general.alignment";

  /** The bytes of a key's length, its value's type and a value of one byte. */
  private static final int LEAST_VALUE = Long.BYTES + Integer.BYTES + 1;

  /** The bytes of a name's length, the number of dimensions, a type and an offset. */
  private static final int LEAST_TENSOR = Long.BYTES + Integer.BYTES + Integer.BYTES + Long.BYTES;

  private static final int UNSIGNED = 4;
  private static final int TEXT = 8;
  private static final int ARRAY = 9;

  /** Bytes of a value of each type; 0 for those that say it themselves. */
  private static final int[] VALUE_BYTES = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};

  private final GgufCursor cursor;
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private long alignment = DEFAULT_ALIGNMENT;

  GgufParser(GgufCursor cursor) {
    this.cursor = cursor;
  }

  GgufHeader read() {
    if (cursor.number("the first four bytes") != MAGIC) {
      throw cursor.malformed(0, "the file does not begin with \"" + GgufHeader.MAGIC + '"');
    }
    int version = cursor.number("the version");
    if (version < OLDEST_VERSION || version > NEWEST_VERSION) {
      boolean swapped = Integer.reverseBytes(version) == NEWEST_VERSION;
      throw cursor.malformed(
          Integer.BYTES,
          swapped
              ? "the file has the highest byte first, must have the lowest first"
              : "the version of the format is %s, must be %d or %d"
                  .formatted(Integer.toUnsignedString(version), OLDEST_VERSION, NEWEST_VERSION));
    }
    long tensors = cursor.count("the number of tensors", LEAST_TENSOR, MOST_TENSORS);
    long values = cursor.count("the number of values", LEAST_VALUE, MOST_VALUES);
    for (long i = 0; i < values; i++) {
      value();
    }
    List<Entry> entries = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (long i = 0; i < tensors; i++) {
      entries.add(tensor(names));
    }
    long dataStart = Math.floorDiv(cursor.position() + alignment - 1, alignment) * alignment;
    return new GgufHeader(
        entries.stream().map(entry -> entry.at(dataStart)).toList(), metadata, dataStart);
  }

  private void value() {
    String key = cursor.text("a key", LONGEST_NAME);
    long start = cursor.position();
    int type = type(cursor.number("the type of " + GgufCursor.quote(key)), start);
    String what = "the value of " + GgufCursor.quote(key);
    if (key.equals(ALIGNMENT) && type == UNSIGNED) {
      alignment(cursor.number(what), start);
    } else if (type == TEXT) {
      text(key, what);
    } else if (type == ARRAY) {
      array(what);
    } else {
      cursor.skip(VALUE_BYTES[type], what);
    }
  }

  private int type(int type, long position) {
    if (type < 0 || type >= VALUE_BYTES.length) {
      throw cursor.malformed(
          position,
          "a value has the type %s, must be one from 0 to %d"
              .formatted(Integer.toUnsignedString(type), VALUE_BYTES.length - 1));
    }
    return type;
  }

  private void alignment(int given, long position) {
    if (given <= 0 || given > MOST_ALIGNMENT || Integer.bitCount(given) != 1) {
      throw cursor.malformed(
          position,
          "the alignment is %s, must be a power of two up to %d"
              .formatted(Integer.toUnsignedString(given), MOST_ALIGNMENT));
    }
    alignment = given;
  }

  private void text(String key, String what) {
    long length = cursor.count("the length of " + what, 1, Long.MAX_VALUE);
    if (length <= LONGEST_KEPT_TEXT) {
      metadata.put(key, cursor.textOf((int) length, what));
    } else {
      cursor.skip(length, what);
    }
  }

  private void array(String what) {
    long start = cursor.position();
    int type = type(cursor.number("the type of " + what), start);
    if (type == ARRAY) {
      throw cursor.malformed(start, what + " is an array of arrays, which nothing writes");
    }
    int bytes = VALUE_BYTES[type];
    if (type != TEXT) {
      long count = cursor.count("the length of " + what, bytes, Long.MAX_VALUE);
      cursor.skip(count * bytes, what);
      return;
    }
    long count = cursor.count("the length of " + what, Long.BYTES, Long.MAX_VALUE);
    for (long i = 0; i < count; i++) {
      cursor.skip(cursor.count("the length of a text of " + what, 1, Long.MAX_VALUE), what);
    }
  }

  /** A tensor whose place is counted from the data's start, which the header's end will tell. */
  private record Entry(String name, List<Long> shape, String type, long offset) {

    GgufTensor at(long dataStart) {
      return new GgufTensor(name, shape, type, dataStart + offset);
    }
  }

  private Entry tensor(Set<String> names) {
    long start = cursor.position();
    String name = cursor.text("a tensor's name", LONGEST_NAME);
    String what = "tensor " + GgufCursor.quote(name);
    if (!names.add(name)) {
      throw cursor.malformed(start, what + " is there twice");
    }
    List<Long> shape = shape(what);
    String type = GgmlType.name(cursor.number("the type of " + what));
    long place = cursor.position();
    long offset = cursor.longNumber("the offset of " + what);
    if (offset < 0 || offset > Long.MAX_VALUE / 2 || offset % alignment != 0) {
      throw cursor.malformed(
          place,
          "%s begins at byte %s of the data, must be a multiple of %d"
              .formatted(what, Long.toUnsignedString(offset), alignment));
    }
    return new Entry(name, shape, type, offset);
  }

  private List<Long> shape(String what) {
    long start = cursor.position();
    int dimensions = cursor.number("the number of dimensions of " + what);
    if (dimensions < 0 || dimensions > MOST_DIMENSIONS) {
      throw cursor.malformed(
          start,
          "%s has %s dimensions, must have at most %d"
              .formatted(what, Integer.toUnsignedString(dimensions), MOST_DIMENSIONS));
    }
    List<Long> shape = new ArrayList<>();
    long elements = 1;
    for (int i = 0; i < dimensions; i++) {
      long place = cursor.position();
      long dimension = cursor.longNumber("a dimension of " + what);
      if (dimension < 0
          || Math.multiplyHigh(elements, dimension) != 0
          || elements * dimension < 0) {
        throw cursor.malformed(
            place,
            "%s has a dimension of %s, after which its elements cannot be counted"
                .formatted(what, Long.toUnsignedString(dimension)));
      }
      elements *= dimension;
      shape.add(dimension);
    }
    // The file has the innermost one first.
    Collections.reverse(shape);
    return shape;
  }
}
