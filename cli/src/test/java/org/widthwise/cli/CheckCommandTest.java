package org.widthwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CheckCommandTest {

  private final String images;

  /** One object for all tests, for the images take long to write: each test has its directory. */
  CheckCommandTest(@TempDir Path shared) throws IOException {
    this.images = FewImages.in(shared);
  }

  private String[] mlp(String... more) {
    List<String> words = new ArrayList<>(List.of("check", "--model", "mlp", "--data", images));
    words.addAll(List.of("--trials", "2", "--steps", "2"));
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }

  private String[] quick(String... more) {
    List<String> words = new ArrayList<>(List.of("--widths", "16,32,64", "--batch", "16"));
    words.addAll(List.of("--optimizer", "adam", "--lr", "0.05"));
    words.addAll(List.of(more));
    return mlp(words.toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--optimizer adam --lr 0.1 --widths 8,16 | at least three widths",
        "--optimizer adam --lr 0.1 --widths 16,8,32 | in ascending order, not [16, 8, 32]",
        "--optimizer adam --lr 0.1 --width 8 | give the widths to compare, --widths",
        "--optimizer adam --lr 0.1 --tolerance 0 | the tolerance of a slope must be above 0",
        "--optimizer adam --lr 0.1 --batch 5000 | --batch: there are 1024 examples, not 5000",
        "--optimizer magic --lr 0.1 | 'magic'",
        "--optimizer muon --lr 0.1 --rest adam | --rest takes an update rule and its learning rate",
        "--optimizer muon --lr 0.1 --rest adam,x | 'adam,x' is no such pair",
        "--optimizer muon --lr 0.1 --rest magic,1 | 'magic'",
        "--optimizer adam --lr 0.1 --depth-scaling deep | 'deep' is none of none, complete-p,",
      })
  void refuses(String more, String message) {
    assertThat(Outcome.refused(mlp(more.split(" ", -1))).err()).contains(message);
  }

  @Test
  void theJsonKeysAreAContract() throws IOException {
    JsonNode document = Outcome.good(quick("--format", "json")).json();
    assertThat(Outcome.keys(document))
        .containsExactly(
            "model",
            "optimizer",
            "data",
            "widths",
            "trials",
            "steps",
            "tolerance",
            "verdict",
            "layers");
    JsonNode layer = document.get("layers").get(1);
    assertThat(Outcome.keys(layer))
        .containsExactly("name", "role", "layer", "verdict", "quantities");
    assertThat(layer.get("name").asText()).isEqualTo("layers.1.weight");
    assertThat(Outcome.keys(layer.get("quantities")))
        .containsExactly(
            "weight",
            "update",
            "total_update",
            "feature",
            "feature_change",
            "total_feature_change");
    JsonNode update = layer.get("quantities").get("update");
    assertThat(Outcome.keys(update))
        .containsExactly("judged", "verdict", "slope", "standard_error", "values");
    assertThat(update.get("values").size()).isEqualTo(2);
    assertThat(update.get("values").get(0).size()).isEqualTo(3);
    // Adam's first update has entries ±1, whose spectral norm nears fan-in's root times fan-out's.
    assertThat(update.get("slope").asDouble()).isBetween(-0.15, 0.15);
  }

  @Test
  void aDirectoryThatIsNotThereIsMadeAndDrawnInto(@TempDir Path directory) throws IOException {
    Path out = directory.resolve("new").resolve("check");
    Outcome outcome = Outcome.good(quick("--out", out.toString()));
    assertThat(outcome.out()).contains("layers.1.weight", "The network as a whole: ");
    assertThat(outcome.err()).contains("6 of 6 networks, width 64");
    assertThat(Files.readString(out.resolve("check.svg"))).startsWith("<svg");
    assertThat(Files.readAllBytes(out.resolve("check.png"))).startsWith(0x89, 'P', 'N', 'G');
  }

  /** Standard parametrization with one rate: the hidden layer's update grows as its width. */
  @Test
  void aFamilyThatFailsSaysWhereAndExitsWithOne() {
    Outcome outcome = Outcome.of(quick("--parametrization", "sp", "--format", "csv"));
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.out()).startsWith("layer,quantity,trial,width,value\n");
    Outcome table = Outcome.of(quick("--parametrization", "sp"));
    assertThat(table.out()).contains("First to fail: ", "The network as a whole: fails.");
  }
}
