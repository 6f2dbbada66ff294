package org.widthwise.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.widthwise.audit.safetensors.Dtype;
import org.widthwise.audit.safetensors.SafetensorsWriter;
import org.widthwise.audit.safetensors.WritableTensor;

/** Where {@code audit} has the number of heads from. */
final class AuditHeadsTest {

  private static final String NAME = "gpt_neox.layers.0.attention.query_key_value.weight";

  private final Path directory;

  AuditHeadsTest(@TempDir Path directory) {
    this.directory = directory;
  }

  /** Two heads of two; queries, keys and values are 1, 2 and 3 times the identity. */
  private String checkpoint() throws IOException {
    float[] values = new float[12 * 4];
    for (int head = 0; head < 2; head++) {
      for (int map = 0; map < 3; map++) {
        for (int i = 0; i < 2; i++) {
          values[((head * 3 + map) * 2 + i) * 4 + head * 2 + i] = map + 1;
        }
      }
    }
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    WritableTensor tensor =
        new WritableTensor(
            NAME,
            Dtype.F32,
            List.of(12L, 4L),
            (offset, into) -> into.put(bytes.slice((int) offset, into.remaining())));
    Path file = directory.resolve("model.safetensors");
    try (OutputStream out = Files.newOutputStream(file)) {
      SafetensorsWriter.write(out, List.of(tensor), Map.of());
    }
    return file.toString();
  }

  private void configure(String json) throws IOException {
    Files.writeString(directory.resolve("config.json"), json.replace('\'', '"'));
  }

  private static void assertSplit(Outcome outcome) throws IOException {
    JsonNode maps = outcome.json().path("tensors").get(0).path("maps");
    assertThat(maps).hasSize(3);
    for (int i = 0; i < 3; i++) {
      assertThat(maps.get(i).path("map").asText())
          .isEqualTo(List.of("query", "key", "value").get(i));
      assertThat(maps.get(i).path("fan_out").asInt()).isEqualTo(4);
      // Found to 1e-6.
      assertThat(maps.get(i).path("ratio").asDouble()).isCloseTo(i + 1, within(1e-5));
    }
    assertThat(outcome.err()).isEmpty();
  }

  @Test
  void aConfigurationBesideTheCheckpointTells() throws IOException {
    String file = checkpoint();
    assertThat(Outcome.good("audit", file).out()).doesNotContain("query ");
    configure("{'model_type': 'gpt_neox', 'num_attention_heads': 2, 'rope_scaling': null}");
    assertSplit(Outcome.good("audit", file, "--format", "json"));
    assertSplit(Outcome.good("audit", directory.toString(), "--format", "json"));

    Path page = directory.resolve("a.html");
    assertThat(Outcome.good("audit", file, "--report", page.toString()).out())
        .contains("  query ", "  key ", "  value ");
    assertThat(Files.readString(page))
        .contains("split into query, key, value: 2 heads of 2, by config.json");
  }

  @Test
  void theUserTellsWhateverTheConfigurationSays() throws IOException {
    String file = checkpoint();
    configure("no JSON");
    assertSplit(Outcome.good("audit", file, "--heads", "2", "--format", "json"));
    assertThat(Outcome.refused("audit", file, "--heads", "5").err())
        .contains("12 outputs, of which 4 are queries, cannot be of 5 heads (as declared)");
  }

  @Test
  void aConfigurationThatIsNoneIsAWarning() throws IOException {
    String file = checkpoint();
    configure("{'num_attention_heads': 2.5}");
    Outcome outcome = Outcome.good("audit", file, "--format", "json");
    assertThat(outcome.json().path("tensors").get(0).has("maps")).isFalse();
    assertThat(outcome.err().lines()).hasSize(1);
    assertThat(outcome.err())
        .startsWith("warning: ")
        .contains("config.json", "must be an integer from 1", "unless --heads says");

    configure("{'model_type': 'gpt_neox', 'num_attention_heads': 3}");
    outcome = Outcome.good("audit", file);
    assertThat(outcome.err().lines()).hasSize(1);
    assertThat(outcome.err()).contains("not measured: " + NAME + ": no maps: measured as a whole");
  }
}
