package org.widthwise.audit.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.widthwise.audit.MalformedFileException;
import org.widthwise.audit.json.JsonText;
import org.widthwise.audit.json.StrictJsonReader;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.PlannedParameter;

/**
 * A plan as it is kept in a JSON file: its recipe and, for each parameter, everything that a
 * training needs to know. What is written is read again equal to the bit, so a plan that was read
 * trains as the one that was saved, and may be the base of another ({@link
 * org.widthwise.core.plan.Recipe#planRelativeTo(List, Plan)}).
 *
 * @param plan the plan
 * @param origins what each parameter was before it was read as a linear map, by name
 */
public record PlanFile(Plan plan, Map<String, Origin> origins) {

  private static final DefaultPrettyPrinter PRINTER =
      new DefaultPrettyPrinter()
          .withObjectIndenter(new DefaultIndenter("  ", "\n"))
          .withArrayIndenter(new DefaultIndenter("  ", "\n"));

  /**
   * What a parameter was before it was read as a linear map.
   *
   * @param shape its dimensions in the model, which may store a matrix's inputs first
   * @param reason why it was taken for what it is, if known
   */
  public record Origin(List<Long> shape, Optional<String> reason) {

    /**
     * Copies the shape.
     *
     * @param shape its dimensions in the model
     * @param reason why it was taken for what it is, if known
     */
    public Origin {
      shape = List.copyOf(shape);
    }
  }

  /**
   * Checks that the two belong together.
   *
   * @param plan the plan
   * @param origins what each parameter was, by name
   * @throws IllegalArgumentException if a parameter has no origin, or one with another number of
   *     elements
   */
  public PlanFile {
    origins = Collections.unmodifiableMap(new LinkedHashMap<>(origins));
    for (PlannedParameter parameter : plan.parameters()) {
      Origin origin = origins.get(parameter.name());
      List<Long> dimensions = parameter.shape().dimensions();
      if (origin == null || elements(origin.shape()) != elements(dimensions)) {
        throw new IllegalArgumentException(
            "'%s' has the dimensions %s, but in the model %s"
                .formatted(parameter.name(), dimensions, origin == null ? "none" : origin.shape()));
      }
    }
  }

  private static long elements(List<Long> dimensions) {
    try {
      return dimensions.stream().reduce(1L, Math::multiplyExact);
    } catch (ArithmeticException overflow) {
      throw new IllegalArgumentException(
          "the product of %s exceeds 2^63 - 1, more than any memory holds".formatted(dimensions),
          overflow);
    }
  }

  /**
   * A plan of parameters that are in the model as the plan has them.
   *
   * @param plan the plan
   * @return the plan as a file keeps it
   */
  public static PlanFile of(Plan plan) {
    Map<String, Origin> origins = new LinkedHashMap<>();
    for (PlannedParameter parameter : plan.parameters()) {
      origins.put(parameter.name(), new Origin(parameter.shape().dimensions(), Optional.empty()));
    }
    return new PlanFile(plan, origins);
  }

  /**
   * What a parameter was.
   *
   * @param name its name
   * @return its origin
   * @throws IllegalArgumentException if the plan has none of that name
   */
  public Origin origin(String name) {
    Origin origin = origins.get(name);
    if (origin == null) {
      throw new IllegalArgumentException(
          "the plan has no parameter '%s'; it has %s".formatted(name, origins.keySet()));
    }
    return origin;
  }

  /**
   * The content of the file.
   *
   * @return JSON, ending with a line feed
   * @throws IllegalArgumentException if the parametrization or an update rule is not found by its
   *     name, or a number is one that cannot be trained with
   */
  public String json() {
    JsonMapper mapper =
        JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();
    try {
      return mapper.writer(PRINTER.createInstance()).writeValueAsString(PlanDocument.of(this))
          + "\n";
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * Writes the file, whole or not at all.
   *
   * @param file where to; its directory exists
   * @throws IOException if it cannot be written; the file is then as it was before
   * @throws IllegalArgumentException as {@link #json()}
   */
  public void write(Path file) throws IOException {
    byte[] content = json().getBytes(StandardCharsets.UTF_8);
    Path temporary =
        file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      try (FileOutputStream out = new FileOutputStream(temporary.toFile())) {
        out.write(content);
        out.getFD().sync();
      }
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /**
   * Reads a file.
   *
   * @param file the file
   * @return the plan
   * @throws MalformedFileException when the file is missing or unreadable, is no plan or one of
   *     another version, lacks a key or has one that is unknown, or has a value that is none
   */
  public static PlanFile read(Path file) {
    return read(file, JsonText.read(file, "a plan"));
  }

  /**
   * Reads the content of a file.
   *
   * @param file the file that the text came from, for messages
   * @param text the text in UTF-8
   * @return the plan
   * @throws MalformedFileException as {@link #read(Path)}
   */
  public static PlanFile read(Path file, byte[] text) {
    try (StrictJsonReader json = StrictJsonReader.of(file, text, 0)) {
      return new PlanReader(json).read();
    }
  }

  /**
   * Whether a text says at its beginning that it is a plan, as every plan that was written here
   * does: the first key is {@code format}, and its value {@code widthwise-plan}.
   *
   * @param text the text in UTF-8
   * @return true if it does, whatever may be wrong with the rest
   */
  public static boolean isPlan(byte[] text) {
    String start = new String(text, 0, Math.min(text.length, 256), StandardCharsets.ISO_8859_1);
    return start.replaceAll("\\s", "").startsWith("{\"format\":\"" + PlanDocument.FORMAT + "\"");
  }
}
