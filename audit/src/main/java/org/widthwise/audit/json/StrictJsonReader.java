package org.widthwise.audit.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.widthwise.audit.MalformedFileException;
import org.widthwise.audit.UntrustedText;

/**
 * Reads a JSON text from front to back, each value by a call that says what it must be.
 *
 * <p>Stricter than JSON: the text must be UTF-8, no object may hold a key twice, strings hold no
 * lone surrogates, integers must fit in a {@code long}, and nesting is at most {@value
 * #DEEPEST_NESTING} deep. Whatever breaks a rule ends in a {@link MalformedFileException} with the
 * file, the byte and the JSON path.
 */
public final class StrictJsonReader implements AutoCloseable {

  /** The deepest nesting of arrays and objects that is read. */
  public static final int DEEPEST_NESTING = 128;

  private static final int LONGEST_NAME = 50_000;
  private static final int LONGEST_NUMBER = 1000;
  private static final int LONGEST_STRING = 20_000_000;

  private final Path file;
  private final long fileOffset;
  private final JsonParser parser;
  // Set when the token that ended the search for an array's end is the next element's first one.
  private boolean tokenWaits;

  /** Handles one member of an object. */
  @FunctionalInterface
  public interface MemberHandler {

    /**
     * Reads the member's value: exactly one call of a reading method of the reader.
     *
     * @param key the member's key
     */
    void member(String key);
  }

  private StrictJsonReader(Path file, long fileOffset, JsonParser parser) {
    this.file = file;
    this.fileOffset = fileOffset;
    this.parser = parser;
  }

  /**
   * Starts to read a text.
   *
   * @param file the file that the text came from, for messages
   * @param text the text in UTF-8
   * @param fileOffset where the text begins in the file, for messages
   * @return a reader before the text's first value
   * @throws MalformedFileException when the text is not UTF-8 or holds raw control characters
   */
  public static StrictJsonReader of(Path file, byte[] text, long fileOffset) {
    Utf8Check.check(file, text, fileOffset);
    JsonFactory factory =
        JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST_NESTING)
                    .maxNameLength(LONGEST_NAME)
                    .maxNumberLength(LONGEST_NUMBER)
                    .maxStringLength(LONGEST_STRING)
                    .build())
            .build();
    try {
      return new StrictJsonReader(file, fileOffset, factory.createParser(text));
    } catch (IOException e) {
      throw new MalformedFileException(file, "cannot be read as JSON", e);
    }
  }

  /**
   * Reads an object.
   *
   * @param what what the object is, for messages: "an object with the keys …"
   * @param handler called for each member in turn
   * @throws MalformedFileException when the next value is no object, or a key comes twice
   */
  public void object(String what, MemberHandler handler) {
    expect(JsonToken.START_OBJECT, what);
    Set<String> keys = new HashSet<>();
    while (advance() == JsonToken.FIELD_NAME) {
      String key = currentText();
      if (!keys.add(key)) {
        throw malformed("the key " + UntrustedText.quote(key) + " comes twice, must be unique");
      }
      handler.member(key);
    }
  }

  /**
   * Reads an array.
   *
   * @param what what the array is, for messages: "an array of …"
   * @param element called before each element; reads it by one call of a reading method
   * @throws MalformedFileException when the next value is no array
   */
  public void array(String what, Runnable element) {
    expect(JsonToken.START_ARRAY, what);
    while (advance() != JsonToken.END_ARRAY) {
      tokenWaits = true;
      element.run();
    }
  }

  /**
   * Reads a string.
   *
   * @param what what the string is, for messages
   * @return its value
   * @throws MalformedFileException when the next value is no string
   */
  public String string(String what) {
    expect(JsonToken.VALUE_STRING, what);
    return currentText();
  }

  /**
   * Reads an integer.
   *
   * @param least the least value allowed, 0 or more
   * @param what what the number is, for messages
   * @return its value
   * @throws MalformedFileException when the next value is no integer written without fraction and
   *     exponent, or is out of range
   */
  public long integer(long least, String what) {
    expect(JsonToken.VALUE_NUMBER_INT, what);
    try {
      boolean fits = parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
      // "-0" too is refused: that is no way to write a length or an offset.
      if (fits && !parser.getText().startsWith("-") && parser.getLongValue() >= least) {
        return parser.getLongValue();
      }
      throw malformed(
          "is " + UntrustedText.quote(parser.getText()) + ", must be " + what + " below 2^63");
    } catch (IOException e) {
      throw broken(e);
    }
  }

  /**
   * Reads the shape of a tensor, an array of integers.
   *
   * @param most how many dimensions it may have
   * @param least the least value of a dimension, 0 or more
   * @return the dimensions
   * @throws MalformedFileException when the next value is no such array
   */
  public List<Long> dimensions(int most, long least) {
    List<Long> dimensions = new ArrayList<>();
    String what = "a dimension, an integer from " + least + " and";
    array(
        "an array of dimensions",
        () -> {
          if (dimensions.size() == most) {
            throw malformed("more dimensions than %d, the most allowed".formatted(most));
          }
          dimensions.add(integer(least, what));
        });
    return dimensions;
  }

  /**
   * Reads a finite number, with or without fraction and exponent, as the nearest {@code double}.
   *
   * @param what what the number is, for messages
   * @return its value
   * @throws MalformedFileException when the next value is no number, or is too large for a {@code
   *     double}
   */
  public double number(String what) {
    JsonToken token = advance();
    if (token != JsonToken.VALUE_NUMBER_INT && token != JsonToken.VALUE_NUMBER_FLOAT) {
      throw unexpected(token, what);
    }
    try {
      double value = parser.getDoubleValue();
      if (Double.isFinite(value)) {
        return value;
      }
      throw malformed("is " + UntrustedText.quote(parser.getText()) + ", must be " + what);
    } catch (IOException e) {
      throw broken(e);
    }
  }

  /**
   * Reads a truth value.
   *
   * @param what what the value is, for messages
   * @return the value
   * @throws MalformedFileException when the next value is none
   */
  public boolean truth(String what) {
    JsonToken token = advance();
    if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
      throw unexpected(token, what);
    }
    return token == JsonToken.VALUE_TRUE;
  }

  /**
   * Passes over the next value if it is null.
   *
   * @return true if it was; otherwise the value is still to be read
   */
  public boolean passNull() {
    if (advance() == JsonToken.VALUE_NULL) {
      return true;
    }
    tokenWaits = true;
    return false;
  }

  /**
   * Reads any value and forgets it.
   *
   * @throws MalformedFileException when the value is not JSON
   */
  public void skip() {
    advance();
    try {
      parser.skipChildren();
    } catch (IOException e) {
      throw broken(e);
    }
  }

  /**
   * Checks that nothing but blanks follows.
   *
   * @throws MalformedFileException when something does
   */
  public void end() {
    if (advance() != null) {
      throw malformed("more text after the JSON value, must be followed by blanks only");
    }
  }

  /**
   * Says that what was just read is wrong.
   *
   * @param problem what is wrong and what would be right, one line, file's text escaped
   * @return the exception to throw, which names the file, the byte and the JSON path
   */
  public MalformedFileException malformed(String problem) {
    long offset = parser.currentTokenLocation().getByteOffset();
    return new MalformedFileException(file, at(offset) + problem);
  }

  @Override
  public void close() {
    try {
      parser.close();
    } catch (IOException e) {
      throw broken(e);
    }
  }

  private void expect(JsonToken expected, String what) {
    JsonToken token = advance();
    if (token != expected) {
      throw unexpected(token, what);
    }
  }

  private MalformedFileException unexpected(@Nullable JsonToken token, String what) {
    return malformed(
        (token == null ? "the text ended" : "is " + describe(token)) + ", must be " + what);
  }

  private @Nullable JsonToken advance() {
    if (tokenWaits) {
      tokenWaits = false;
      return parser.currentToken();
    }
    try {
      return parser.nextToken();
    } catch (IOException e) {
      throw broken(e);
    }
  }

  private String currentText() {
    String text;
    try {
      text = parser.getText();
    } catch (IOException e) {
      throw broken(e);
    }
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      if (Character.isHighSurrogate(unit)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(unit)) {
        throw malformed(
            "the string " + UntrustedText.quote(text) + " has half a surrogate pair, must be text");
      }
    }
    return text;
  }

  private MalformedFileException broken(IOException cause) {
    long offset = -1;
    String reason = String.valueOf(cause.getMessage());
    if (cause instanceof JsonProcessingException jackson) {
      // Jackson speaks of a source that it was told to keep to itself.
      reason = jackson.getOriginalMessage().replaceAll("\\[Source: [^;]*; ", "[");
      if (jackson.getLocation() != null) {
        offset = jackson.getLocation().getByteOffset();
      }
    }
    return new MalformedFileException(
        file, at(offset) + "is not JSON that can be read: " + shortened(reason), cause);
  }

  private String at(long offset) {
    String path = JsonPaths.path(parser.getParsingContext());
    return offset < 0 ? path + ": " : "at byte " + (fileOffset + offset) + ", " + path + ": ";
  }

  private static String shortened(String reason) {
    // Jackson closes its messages with places that are its own, not the file's.
    int end = reason.indexOf('\n');
    return UntrustedText.escape(end < 0 ? reason : reason.substring(0, end));
  }

  private static String describe(JsonToken token) {
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_STRING -> "a string";
      case VALUE_NUMBER_INT -> "a number";
      case VALUE_NUMBER_FLOAT -> "a number with a fraction or an exponent";
      case VALUE_TRUE, VALUE_FALSE -> "a truth value";
      case VALUE_NULL -> "null";
      default -> "the end of an object or array";
    };
  }

  /** The place of a value, written as {@code $.parameters[3].shape[0]}. */
  private static final class JsonPaths {

    private static final int LONGEST_PATH = 400;

    private JsonPaths() {}

    static String path(@Nullable JsonStreamContext context) {
      StringBuilder out = new StringBuilder();
      append(out, context);
      return out.length() <= LONGEST_PATH ? out.toString() : out.substring(0, LONGEST_PATH) + "…";
    }

    private static void append(StringBuilder out, @Nullable JsonStreamContext context) {
      if (context == null || context.inRoot()) {
        out.append('$');
        return;
      }
      append(out, context.getParent());
      if (context.inArray() && context.hasCurrentIndex()) {
        out.append('[').append(context.getCurrentIndex()).append(']');
      } else if (context.inObject() && context.getCurrentName() != null) {
        String name = context.getCurrentName();
        if (name.matches("[A-Za-z_][A-Za-z_0-9]*") && name.length() <= UntrustedText.LONGEST) {
          out.append('.').append(name);
        } else {
          out.append('[').append(UntrustedText.quote(name)).append(']');
        }
      }
    }
  }
}
