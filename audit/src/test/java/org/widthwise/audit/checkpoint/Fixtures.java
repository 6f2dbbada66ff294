package org.widthwise.audit.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;

/** The checkpoints that {@code write_fixtures.py} and {@code write_gguf.c} wrote. */
final class Fixtures {

  static final String SCRIPT = "write_fixtures.py";
  static final String EXPECTED = "expected.json";
  static final String EXPECTED_OF_GGML = "gguf.json";

  private Fixtures() {}

  static byte[] bytes(String name) {
    try (InputStream in = Fixtures.class.getResourceAsStream(name)) {
      assertThat(in).as(name).isNotNull();
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path copy(String name, Path directory) {
    try {
      return Files.write(directory.resolve(name), bytes(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode expected(byte[] json) {
    try {
      return new ObjectMapper().readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Compares shapes, and values bit for bit. */
  static void compare(Path file, JsonNode expected) {
    try (Checkpoint checkpoint = Checkpoints.open(file)) {
      List<String> names = StreamSupport.stream(names(expected).spliterator(), false).toList();
      assertThat(checkpoint.tensors())
          .as(file.toString())
          .extracting(CheckpointTensor::name)
          .containsExactlyElementsOf(names);
      for (CheckpointTensor tensor : checkpoint.tensors()) {
        JsonNode one = expected.get(tensor.name());
        assertThat(tensor.shape())
            .as("%s %s", file, tensor.name())
            .isEqualTo(
                StreamSupport.stream(one.get("shape").spliterator(), false)
                    .map(JsonNode::asLong)
                    .toList());
        double[] values =
            StreamSupport.stream(one.get("values").spliterator(), false)
                .mapToDouble(value -> Double.parseDouble(value.asText()))
                .toArray();
        double[] doubles = new double[values.length];
        float[] floats = new float[values.length];
        tensor.read(0, doubles, values.length);
        tensor.read(0, floats, values.length);
        float[] rounded = new float[values.length];
        for (int i = 0; i < values.length; i++) {
          rounded[i] = (float) values[i];
        }
        assertThat(doubles).as("%s %s", file, tensor.name()).isEqualTo(values);
        assertThat(floats).as("%s %s", file, tensor.name()).isEqualTo(rounded);
      }
    }
  }

  private static Iterable<String> names(JsonNode expected) {
    return expected::fieldNames;
  }
}
