package org.widthwise.audit.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.widthwise.audit.InputFiles;
import org.widthwise.audit.MalformedFileException;
import org.widthwise.audit.json.JsonText;
import org.widthwise.audit.safetensors.SafetensorsHeader;

/**
 * The parameters of a model: their names and shapes, no values.
 *
 * <p>It is read from a safetensors file, or from JSON such as
 *
 * <pre>{@code
 * {"parameters": [
 *   {"name": "fc1.weight", "shape": [64, 3072], "role": "matrix", "layer": "input"},
 *   {"name": "fc1.bias", "shape": [64]}]}
 * }</pre>
 *
 * <p>where {@code role} and {@code layer} may be left out and {@code __metadata__} may hold an
 * object of strings beside {@code parameters}.
 *
 * @param parameters the parameters in the file's order, at least one, with unique names
 * @param skipped tensors of the file that are no parameters, in its order: those of integers, truth
 *     values or complex numbers, and those without elements
 * @param metadata the file's {@code __metadata__}, as PyTorch's writers leave {@code format: pt}
 *     there; empty when there is none
 */
public record ModelDescription(
    List<DeclaredParameter> parameters, List<SkippedTensor> skipped, Map<String, String> metadata) {

  /** The longest JSON description that is read, in bytes. */
  public static final int LONGEST_JSON = JsonText.LONGEST;

  private static final int START = 512;

  /**
   * Copies the lists and the map.
   *
   * @param parameters the parameters in order
   * @param skipped the tensors that are none
   * @param metadata the free text
   */
  public ModelDescription {
    parameters = List.copyOf(parameters);
    skipped = List.copyOf(skipped);
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  /**
   * Reads a description from a file. Names ending in {@code .safetensors} or {@code .json} say what
   * is in it; with other names the first bytes do.
   *
   * @param file a safetensors file or a JSON description
   * @return the model's parameters
   * @throws MalformedFileException when the file is missing, unreadable, of neither format, breaks
   *     a rule of its format, or has no parameters
   */
  public static ModelDescription read(Path file) {
    return switch (formatOf(file)) {
      case SAFETENSORS -> SafetensorsModel.describe(file, SafetensorsHeader.read(file));
      case JSON -> JsonModel.read(file);
      case OTHER ->
          throw new MalformedFileException(
              file,
              "is no model description, must be a safetensors file or JSON that begins with '{'; a"
                  + " name ending in .safetensors or .json says which is meant");
    };
  }

  /**
   * Whether a file's name, or else its first bytes, say that it is a safetensors file or JSON.
   *
   * @param file a file
   * @return true if {@link #read} is to read it, whatever may be wrong with it
   * @throws MalformedFileException when it has to be looked at and is missing or unreadable
   */
  public static boolean isDescribedBy(Path file) {
    return formatOf(file) != Format.OTHER;
  }

  private enum Format {
    SAFETENSORS,
    JSON,
    OTHER
  }

  private static Format formatOf(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".safetensors")) {
      return Format.SAFETENSORS;
    }
    if (name.endsWith(".json")) {
      return Format.JSON;
    }
    byte[] start;
    try (FileChannel channel = InputFiles.open(file)) {
      start = InputFiles.read(file, channel, 0, START);
    } catch (IOException e) {
      throw InputFiles.unreadable(file, e);
    }
    // A length below the limit has a zero among its first 8 bytes, which JSON text cannot have.
    if (start.length > Long.BYTES
        && start[Long.BYTES] == '{'
        && Long.compareUnsigned(
                ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getLong(),
                SafetensorsHeader.LONGEST_HEADER)
            <= 0) {
      return Format.SAFETENSORS;
    }
    for (byte unit : start) {
      if (unit == '{') {
        return Format.JSON;
      }
      if (unit != ' ' && unit != '\t' && unit != '\n' && unit != '\r') {
        break;
      }
    }
    return Format.OTHER;
  }
}
