package org.widthwise.audit.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.widthwise.audit.InputFiles;
import org.widthwise.audit.MalformedFileException;
import org.widthwise.audit.UntrustedText;
import org.widthwise.audit.json.StrictJsonReader;

/** Reads a header: its length, its JSON, and by {@link LayoutCheck} whether both fit the file. */
final class HeaderParser {

  private static final int LENGTH_BYTES = Long.BYTES;
  private static final String METADATA = "__metadata__";
  private static final String ENTRY_SHAPE =
      "an object with the keys \"dtype\", \"shape\" and \"data_offsets\"";
  private static final String OFFSETS_SHAPE = "an array of two integers, begin and end";

  private final StrictJsonReader json;
  private final List<TensorEntry> tensors = new ArrayList<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();

  private HeaderParser(StrictJsonReader json) {
    this.json = json;
  }

  static SafetensorsHeader read(Path file) {
    try (FileChannel channel = InputFiles.open(file)) {
      long size = channel.size();
      int length = headerLength(file, channel, size);
      byte[] text = InputFiles.read(file, channel, LENGTH_BYTES, length);
      if (text.length < length || text[0] != '{') {
        throw new MalformedFileException(
            file,
            text.length < length
                ? "the file became shorter while it was read"
                : String.format(
                    "at byte 8: the header begins with the byte 0x%02x, must begin with '{'",
                    text[0]));
      }
      long dataStart = (long) LENGTH_BYTES + length;
      try (StrictJsonReader json = StrictJsonReader.of(file, text, LENGTH_BYTES)) {
        HeaderParser parser = new HeaderParser(json);
        json.object("an object of tensors", parser::member);
        json.end();
        LayoutCheck.check(file, parser.tensors, dataStart, size - dataStart);
        return new SafetensorsHeader(parser.tensors, parser.metadata, dataStart, size - dataStart);
      }
    } catch (IOException e) {
      throw InputFiles.unreadable(file, e);
    }
  }

  private static int headerLength(Path file, FileChannel channel, long size) {
    if (size == 0) {
      throw new MalformedFileException(
          file, "is empty, must begin with 8 bytes that give the header's length");
    }
    byte[] bytes = InputFiles.read(file, channel, 0, LENGTH_BYTES);
    if (bytes.length < LENGTH_BYTES) {
      throw new MalformedFileException(
          file,
          "ends after "
              + bytes.length
              + " bytes, must begin with 8 bytes that give the header's length");
    }
    long length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    String claim =
        "at byte 0: the header's length is " + Long.toUnsignedString(length) + " bytes, ";
    if (Long.compareUnsigned(length, SafetensorsHeader.LONGEST_HEADER) > 0) {
      throw new MalformedFileException(
          file, claim + "must be at most " + SafetensorsHeader.LONGEST_HEADER);
    }
    if (length < 2) {
      throw new MalformedFileException(file, claim + "must be at least 2, for \"{}\"");
    }
    if (length > size - LENGTH_BYTES) {
      throw new MalformedFileException(
          file,
          claim
              + "but only "
              + (size - LENGTH_BYTES)
              + " bytes follow it: the file is truncated or no safetensors file");
    }
    return (int) length;
  }

  private void member(String key) {
    if (key.equals(METADATA)) {
      json.object("an object of strings", name -> metadata.put(name, json.string("a string")));
      return;
    }
    Entry entry = new Entry();
    json.object(ENTRY_SHAPE, entry::member);
    tensors.add(entry.build(key));
  }

  /** A tensor's entry while its members arrive, in any order. */
  private final class Entry {

    private @Nullable Dtype dtype;
    private @Nullable List<Long> shape;
    private @Nullable List<Long> offsets;

    void member(String key) {
      switch (key) {
        case "dtype" -> dtype = dtype();
        case "shape" -> shape = json.dimensions(SafetensorsHeader.MOST_DIMENSIONS, 0);
        case "data_offsets" -> offsets = offsets();
        // The reference reader passes over keys that it does not know.
        default -> json.skip();
      }
    }

    private Dtype dtype() {
      String name = json.string("the name of a type, \"F32\" for one");
      return Dtype.ofName(name)
          .orElseThrow(
              () ->
                  json.malformed(
                      "the type "
                          + UntrustedText.quote(name)
                          + " is unknown, must be one of "
                          + Arrays.toString(Dtype.values())));
    }

    private List<Long> offsets() {
      List<Long> read = new ArrayList<>();
      json.array(
          OFFSETS_SHAPE,
          () -> {
            if (read.size() == 2) {
              throw json.malformed("a third offset, must be " + OFFSETS_SHAPE);
            }
            read.add(json.integer(0, "an offset, an integer from 0 and"));
          });
      if (read.size() < 2) {
        throw json.malformed("has " + read.size() + " offsets, must be " + OFFSETS_SHAPE);
      }
      return read;
    }

    TensorEntry build(String name) {
      if (dtype == null || shape == null || offsets == null) {
        String missing = dtype == null ? "dtype" : shape == null ? "shape" : "data_offsets";
        throw json.malformed("lacks the key \"" + missing + "\", must be " + ENTRY_SHAPE);
      }
      return new TensorEntry(name, dtype, shape, offsets.get(0), offsets.get(1));
    }
  }
}
