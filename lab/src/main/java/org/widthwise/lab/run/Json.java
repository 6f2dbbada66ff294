package org.widthwise.lab.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How every JSON file of the project is written and read: keys in snake case, two-space indent,
 * null for numbers that are infinite or none, which JSON has no word for.
 */
public final class Json {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .addModule(JsonNumbers.module())
          .build();
  private static final DefaultPrettyPrinter PRINTER =
      new DefaultPrettyPrinter()
          .withObjectIndenter(new DefaultIndenter("  ", "\n"))
          .withArrayIndenter(new DefaultIndenter("  ", "\n"));

  private Json() {}

  /**
   * Writes a value.
   *
   * @param value a record, map, list or tree
   * @return the JSON text, ending with a line feed
   */
  public static String write(Object value) {
    try {
      return MAPPER.writer(PRINTER.createInstance()).writeValueAsString(value) + "\n";
    } catch (JsonProcessingException impossible) {
      throw new IllegalArgumentException("cannot be written as JSON: " + value, impossible);
    }
  }

  /**
   * Reads a value.
   *
   * @param <T> its type
   * @param text the JSON text
   * @param type its class
   * @return the value
   * @throws JsonProcessingException if the text is not JSON, not of that type, or null
   */
  public static <T> T read(String text, Class<T> type) throws JsonProcessingException {
    @Nullable T value = MAPPER.readValue(text, type);
    if (value == null) {
      throw MismatchedInputException.from(null, type, "null is no " + type.getSimpleName());
    }
    return value;
  }

  /**
   * The tree that reading a written value gives, so that it equals what was stored earlier.
   *
   * @param value a record, map, list or tree
   * @return the tree
   */
  public static JsonNode tree(Object value) {
    try {
      return read(write(value), JsonNode.class);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * Reads a file that this project wrote.
   *
   * @param <T> its type
   * @param file the file
   * @param type its class
   * @param advice what to do if it is damaged
   * @return the value
   * @throws RunException if it cannot be read, or is not JSON of that type
   */
  public static <T> T readFile(Path file, Class<T> type, String advice) {
    try {
      return read(Files.readString(file), type);
    } catch (JsonProcessingException malformed) {
      // Jackson's location of the source says no more than that it does not tell it.
      String problem = malformed.getOriginalMessage().replaceAll(" ?\\(start marker at .*", "");
      throw new RunException("%s is damaged: %s (%s)".formatted(file, advice, problem), malformed);
    } catch (CharacterCodingException malformed) {
      throw new RunException("%s is damaged: %s (not UTF-8)".formatted(file, advice), malformed);
    } catch (IOException unreadable) {
      throw RunException.unreadable(file, unreadable);
    }
  }
}
