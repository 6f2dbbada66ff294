package org.widthwise.lab.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** How every JSON file of the project is written and read: keys in snake case, two-space indent. */
public final class Json {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
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
   * @throws JsonProcessingException if the text is not JSON, or not of that type
   */
  public static <T> T read(String text, Class<T> type) throws JsonProcessingException {
    return MAPPER.readValue(text, type);
  }
}
