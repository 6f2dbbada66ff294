package org.widthwise.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code audit --family}, on multiples of the identity, of which every size is known. */
final class AuditFamilyTest {

  private static final List<String> SIZES =
      List.of("spectral_norm", "frobenius_norm", "stable_rank", "rms", "natural_norm", "ratio");
  private static final List<String> ROW =
      List.of(
          "name",
          "role",
          "layer",
          "shapes",
          "verdict",
          "weight_verdict",
          "update_verdict",
          "exponents");
  private static final List<String> EXPONENT =
      List.of("exponent", "standard_error", "low", "high", "values");

  private final Path directory;

  AuditFamilyTest(@TempDir Path directory) {
    this.directory = directory;
  }

  /** A width's checkpoint, in a directory of its own that later ones do not disturb. */
  private String identity(String set, int width, double factor) throws IOException {
    Path place = Files.createDirectories(directory.resolve(set));
    String header =
        "{\"fc\\u001b.weight\":{\"dtype\":\"F32\",\"shape\":[%d,%d],\"data_offsets\":[0,%d]}}"
            .formatted(width, width, 4 * width * width);
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer data = ByteBuffer.allocate(4 * width * width).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < width; i++) {
      data.putFloat(4 * (i * width + i), (float) factor);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(text.length).array());
    bytes.writeBytes(text);
    bytes.writeBytes(data.array());
    return Files.write(place.resolve(width + ".safetensors"), bytes.toByteArray()).toString();
  }

  private List<String> family(String set, double exponent) throws IOException {
    List<String> files = new ArrayList<>();
    for (int width : new int[] {32, 8, 16}) {
      files.add(identity(set, width, Math.pow(width, exponent)));
    }
    return files;
  }

  @Test
  void jsonHasExactlyItsKeysAndExactExponents() throws IOException {
    List<String> words = new ArrayList<>(List.of("audit", "--family", "--format", "json"));
    words.addAll(family("now", 0.5));
    JsonNode document = Outcome.good(words.toArray(String[]::new)).json();

    assertThat(Outcome.keys(document))
        .containsExactly(
            "family", "partial", "tolerance", "tensors", "weights", "updates", "skipped");
    assertThat(document.path("tolerance").asDouble()).isEqualTo(0.2);
    assertThat(document.path("partial").isBoolean()).isTrue();
    assertThat(document.path("partial").asBoolean()).isFalse();
    assertThat(document.path("updates").isNull()).isTrue();
    assertThat(document.path("family")).hasSize(3);
    document
        .path("family")
        .forEach(one -> assertThat(Outcome.keys(one)).containsExactly("checkpoint", "width"));
    assertThat(document.path("family").get(0).path("width").asInt()).isEqualTo(8);

    JsonNode row = document.path("tensors").get(0);
    assertThat(Outcome.keys(row)).isEqualTo(ROW);
    assertThat(row.path("shapes").toString()).isEqualTo("[[8,8],[16,16],[32,32]]");
    assertThat(row.path("layer").asText()).isEqualTo("hidden");
    assertThat(row.path("verdict").asText()).isEqualTo("fails");
    assertThat(row.path("update_verdict").isNull()).isTrue();
    JsonNode exponents = row.path("exponents");
    assertThat(Outcome.keys(exponents)).isEqualTo(SIZES);
    exponents.forEach(one -> assertThat(Outcome.keys(one)).isEqualTo(EXPONENT));
    // Single precision leaves 1e-7 of each norm, the search 1e-6.
    assertThat(exponents.path("spectral_norm").path("exponent").asDouble())
        .isCloseTo(0.5, within(1e-5));
    assertThat(exponents.path("stable_rank").path("exponent").asDouble())
        .isCloseTo(1, within(1e-5));
    assertThat(exponents.path("rms").path("exponent").asDouble()).isCloseTo(0, within(1e-5));
    assertThat(exponents.path("rms").path("standard_error").asDouble()).isLessThan(1e-5);
    assertThat(exponents.path("frobenius_norm").path("values")).hasSize(3);

    JsonNode weights = document.path("weights");
    assertThat(Outcome.keys(weights)).containsExactly("outcome", "tensors", "matches");
    assertThat(weights.path("outcome").asText()).isEqualTo("resembles");
    JsonNode match = weights.path("matches").get(0);
    assertThat(Outcome.keys(match)).containsExactly("ids", "distance", "share");
    assertThat(match.path("ids").toString()).isEqualTo("[\"unit\"]");
  }

  @Test
  void aDirectoryAndItsEarlierOneAreComparedInTheirOrder() throws IOException {
    family("before", 0);
    family("after", 1);
    Outcome outcome =
        Outcome.good(
            "audit",
            "--family",
            directory.resolve("after").toString(),
            "--against",
            directory.resolve("before").toString(),
            "--optimizer",
            "adam",
            "--format",
            "json");
    JsonNode document = outcome.json();
    assertThat(document.path("tensors").get(0).path("update_verdict").asText()).isEqualTo("fails");
    assertThat(document.path("updates").path("tensors").asInt()).isEqualTo(1);
    List<String> all = new ArrayList<>(SIZES);
    SIZES.forEach(size -> all.add("update_" + size));
    all.add("update_relative_spectral");
    all.add("update_relative_frobenius");
    assertThat(Outcome.keys(document.path("tensors").get(0).path("exponents"))).isEqualTo(all);
  }

  @Test
  void tableAndCsvSayTheSame() throws IOException {
    List<String> files = family("now", 0.5);
    List<String> words = new ArrayList<>(List.of("audit", "--family"));
    words.addAll(files);
    String table = Outcome.good(words.toArray(String[]::new)).out();
    assertThat(table)
        .contains("fc\\u{1b}.weight", "+0.500 ± 0.000", "fails", "width 8: ", "grow as under unit")
        .doesNotContain("\u001b");
    words.addAll(List.of("--format", "csv"));
    List<NamedCsvRecord> rows =
        CsvReader.builder()
            .ofNamedCsvRecord(Outcome.good(words.toArray(String[]::new)).out())
            .stream()
            .toList();
    assertThat(rows).hasSize(1);
    assertThat(rows.get(0).getHeader())
        .startsWith("name", "role", "layer", "verdict", "weight_verdict", "update_verdict")
        .contains("ratio_exponent", "ratio_exponent_stderr");
    assertThat(Double.parseDouble(rows.get(0).getField("ratio_exponent")))
        .isCloseTo(0.5, within(1e-5));
  }

  @Test
  void theReportHasEveryTensorAndNoMarkupOfIt() throws IOException {
    Path page = directory.resolve("family.html");
    List<String> words = new ArrayList<>(List.of("audit", "--family", "--report", page.toString()));
    words.addAll(family("now", 0.5));
    Outcome.good(words.toArray(String[]::new));
    assertThat(Files.readString(page))
        .contains(
            "Content-Security-Policy", "fc\\\\u{1b}.weight", "grow as under unit", "\"fails\"")
        .doesNotContain("\u001b", "https://");
  }

  @Test
  void everyKeyIsInTheFormats() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "formats.md"));
    String section = page.substring(page.indexOf("### What `audit --family` prints"));
    section = section.substring(0, section.indexOf("\n## ", 1));
    List<String> all = new ArrayList<>(ROW);
    all.addAll(EXPONENT);
    all.addAll(
        List.of(
            "family",
            "checkpoint",
            "width",
            "partial",
            "tolerance",
            "tensors",
            "weights",
            "updates",
            "skipped",
            "outcome",
            "matches",
            "ids",
            "distance",
            "share"));
    assertThat(section).contains(all.stream().map(key -> "`" + key + "`").toList());
  }

  @Test
  void refusesWhatIsNoFamily() throws IOException {
    List<String> files = family("now", 0.5);
    files.sort(Comparator.naturalOrder());
    assertThat(Outcome.refused("audit", files.get(0), files.get(1)).err()).contains("--family");
    assertThat(Outcome.refused("audit", "--family", files.get(0), files.get(1)).err())
        .contains("2 different widths");
    Path empty = Files.createDirectory(directory.resolve("empty"));
    assertThat(Outcome.refused("audit", "--family", empty.toString()).err())
        .contains("has no checkpoints");
    assertThat(
            Outcome.refused(
                    "audit",
                    "--family",
                    directory.resolve("now").toString(),
                    "--against",
                    files.get(0))
                .err())
        .contains("for each of the 3");
    assertThat(
            Outcome.refused(
                    "audit",
                    "--family",
                    directory.resolve("now").toString(),
                    "--against",
                    directory.resolve("now").toString(),
                    "--optimizer",
                    "adamant")
                .err())
        .contains("adamant");
  }
}
