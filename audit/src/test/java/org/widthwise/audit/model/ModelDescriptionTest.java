package org.widthwise.audit.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.widthwise.audit.SafetensorsBytes.layOut;
import static org.widthwise.audit.SafetensorsBytes.write;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.widthwise.audit.MalformedFileException;

class ModelDescriptionTest {

  private static final String HEADER =
      """
      {"__metadata__":{"format":"pt"},
       "w":{"dtype":"BF16","shape":[2,3],"data_offsets":[0,12]},
       "steps":{"dtype":"I64","shape":[],"data_offsets":[12,20]},
       "s":{"dtype":"F32","shape":[],"data_offsets":[20,24]},
       "none":{"dtype":"F32","shape":[3,0],"data_offsets":[24,24]},
       "scales":{"dtype":"F8_E8M0","shape":[2],"data_offsets":[24,26]}}
      """;
  private static final String DESCRIPTION =
      """
      {"parameters":[
        {"name":"fc1.weight","shape":[64,3072],"role":"matrix","layer":"fc1"},
        {"shape":[],"name":"temperature"}],
       "__metadata__":{"made by":"hand"}}
      """;

  private final Path directory;

  ModelDescriptionTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @ParameterizedTest
  @ValueSource(strings = {"m.safetensors", "M.SafeTensors", "model", "model.bin"})
  void readsTheFloatsOfACheckpoint(String name) {
    ModelDescription model = ModelDescription.read(write(directory, name, layOut(HEADER, 26)));

    assertThat(model.parameters())
        .containsExactly(parameter("w", List.of(2L, 3L)), parameter("s", List.of()));
    assertThat(model.parameters()).extracting(DeclaredParameter::elements).containsExactly(6L, 1L);
    assertThat(model.skipped())
        .containsExactly(
            new SkippedTensor("steps", "elements of I64, parameters are real floats"),
            new SkippedTensor("none", "shape [3, 0], which has no elements"),
            new SkippedTensor("scales", "elements of F8_E8M0, parameters are real floats"));
    assertThat(model.metadata()).containsExactly(entry("format", "pt"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"m.json", "M.JSON", "model", "model.txt"})
  void readsADescription(String name) {
    ModelDescription model = ModelDescription.read(json(name, " \n" + DESCRIPTION));

    assertThat(model.parameters())
        .containsExactly(
            new DeclaredParameter(
                "fc1.weight", List.of(64L, 3072L), Optional.of("matrix"), Optional.of("fc1")),
            parameter("temperature", List.of()));
    assertThat(model.skipped()).isEmpty();
    assertThat(model.metadata()).containsExactly(entry("made by", "hand"));
  }

  @Test
  void tellsALengthThatLooksLikeABraceFromJson() {
    // 0x7b = '{': a header of 123 bytes begins as a JSON text does.
    String header = "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";
    header += " ".repeat(0x7b - header.length());
    byte[] bytes = layOut(header, 4);
    assertThat(bytes[0]).isEqualTo((byte) '{');

    assertThat(ModelDescription.read(write(directory, "model", bytes)).parameters())
        .containsExactly(parameter("w", List.of(1L)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}                                     | $: lacks the key \"parameters\", must have it",
        "[]                                     | $: is an array, must be an object with the key",
        "{'parameters':[]}                      | $.parameters: is empty, must list at least one",
        "{'parameters':{}}                      | $.parameters: is an object, must be an array of",
        "{'parameter':[]} | $.parameter: the key \"parameter\" is unknown, did you mean"
            + " \"parameters\"? Known here: parameters, __metadata__",
        "{'metadata':{}}                        | did you mean \"__metadata__\"?",
        "{'parameters':[7]}                     | $.parameters[0]: is a number, must be an object",
        "{'parameters':[{'name':'a','shape':[2]},{'shape':[2]}]} | $.parameters[1]: lacks the key"
            + " \"name\", must be an object with the keys \"name\" and \"shape\"",
        "{'parameters':[{'name':'a'}]}          | $.parameters[0]: lacks the key \"shape\"",
        "{'parameters':[{'name':''}]}           | $.parameters[0].name: is blank, must be the",
        "{'parameters':[{'name':3}]}            | at byte 23, $.parameters[0].name: is a number",
        "{'parameters':[{'Shape':[3]}]}         | $.parameters[0].Shape: the key \"Shape\" is"
            + " unknown, did you mean \"shape\"? Known here: name, shape, role, layer",
        "{'parameters':[{'rolle':'x'}]}         | did you mean \"role\"?",
        "{'parameters':[{'layer_name':'x'}]}    | did you mean \"layer\"?",
        "{'parameters':[{'role':null}]}         | $.parameters[0].role: is null, must be a role's",
        "{'parameters':[{'layer':' '}]}         | $.parameters[0].layer: is blank, must be a",
        "{'parameters':[{'shape':[3,0]}]}       | $.parameters[0].shape[1]: is \"0\", must be a"
            + " dimension, an integer from 1 and below 2^63",
        "{'parameters':[{'shape':[-3]}]}        | $.parameters[0].shape[0]: is \"-3\", must be",
        "{'parameters':[{'shape':3}]}           | $.parameters[0].shape: is a number, must be an",
        "{'parameters':[{'shape':[4294967296,2147483648]}]} | $.parameters[0].shape: the shape"
            + " [4294967296, 2147483648] has 2^63 elements or more, must have fewer",
        "{'parameters':[{'shape':[],'shape':[]}]} | the key \"shape\" comes twice, must be unique",
        "{'parameters':[{'name':'a','shape':[]},{'name':'a','shape':[]}]} | $.parameters[1]: a"
            + " second parameter has the name \"a\", names must be unique",
        "{'parameters':[{'name':'a','shape':[]}]},| is not JSON that can be read",
        "{'parameters':[{'name':'a','shape':[]}]}[] | more text after the JSON value",
        "{'__metadata__':{'a':1}}               | $.__metadata__.a: is a number, must be a string"
      })
  void refusesADescriptionInOneLine(String text, String message) {
    Path file = json("m.json", text.replace('\'', '"'));

    assertThatThrownBy(() -> ModelDescription.read(file))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageStartingWith(file + ": at byte ")
        .hasMessageContaining(message)
        .message()
        .doesNotContain("\n");
  }

  @Test
  void takesTheLargestShapeThatHasACount() {
    Path file =
        json(
            "m.json",
            "{\"parameters\":[{\"name\":\"a\",\"shape\":[4294967296,2147483647]},"
                + "{\"name\":\"b\",\"shape\":[9223372036854775807]}]}");

    assertThat(ModelDescription.read(file).parameters())
        .extracting(DeclaredParameter::elements)
        .containsExactly((1L << 32) * Integer.MAX_VALUE, Long.MAX_VALUE);
  }

  @Test
  void refusesFilesWithoutAModel() {
    String integers = "{\"a\":{\"dtype\":\"I8\",\"shape\":[1],\"data_offsets\":[0,1]}}";
    assertRefused(
        write(directory, "i.safetensors", layOut(integers, 1)),
        "has no parameters: none of its 1 tensors has elements of a floating-point type");
    assertRefused(json("empty.json", ""), "is empty, must be a JSON object");
    assertRefused(json("empty", ""), "is no model description, must be a safetensors file or JSON");
    assertRefused(
        json("text", "hello {"), "is no model description, must be a safetensors file or");
    assertRefused(directory, "is a directory, must be a file");
    assertRefused(directory.resolve("absent.json"), "no such file");
  }

  private static void assertRefused(Path file, String message) {
    assertThatThrownBy(() -> ModelDescription.read(file))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageStartingWith(file + ": " + message);
  }

  private Path json(String name, String text) {
    return write(directory, name, text.getBytes(StandardCharsets.UTF_8));
  }

  private static DeclaredParameter parameter(String name, List<Long> shape) {
    return new DeclaredParameter(name, shape, Optional.empty(), Optional.empty());
  }
}
