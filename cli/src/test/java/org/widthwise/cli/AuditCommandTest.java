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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.widthwise.audit.plan.OptaxLabels;
import org.widthwise.audit.plan.PlanFile;
import org.widthwise.audit.plan.PyTorchGroups;
import org.widthwise.lab.run.Json;

final class AuditCommandTest {

  private static final List<String> SIZES =
      List.of(
          "spectral_norm",
          "spectral_norm_relative_error",
          "frobenius_norm",
          "stable_rank",
          "rms",
          "natural_norm",
          "ratio",
          "operator_norm_bound",
          "non_finite");
  private static final List<String> ALIGNMENT =
      List.of(
          "update_alignment",
          "update_output_alignment",
          "update_input_alignment",
          "update_alignment_with_earlier");
  private static final List<String> KEYS = keys(false);
  private static final List<String> SPECTRUM =
      List.of(
          "method",
          "leading",
          "noise_std",
          "noise_edge",
          "outliers",
          "complete",
          "noise_share",
          "noise_count",
          "distance",
          "bin_edges",
          "bin_shares",
          "bin_noise_shares");
  private static final List<String> ADVICE =
      List.of(
          "name",
          "map",
          "of",
          "multiple",
          "init_factor",
          "multiplier_factor",
          "learning_rate_factor",
          "init_std");

  /** What single precision and a search to 1e-6 leave. */
  private static final double PRECISION = 2e-6;

  private final Path directory;

  AuditCommandTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private static List<String> keys(boolean updates) {
    List<String> keys =
        new ArrayList<>(List.of("name", "shape", "dtype", "role", "fan_in", "fan_out"));
    keys.addAll(SIZES);
    keys.add("target_spectral_norm");
    if (updates) {
      SIZES.forEach(key -> keys.add("update_" + key));
      keys.add("update_relative_spectral");
      keys.add("update_relative_frobenius");
      keys.addAll(ALIGNMENT);
    }
    return keys;
  }

  /** A network with a diagonal matrix, a bias, a table, counts and something unknown. */
  private String checkpoint(String name, double scale) throws IOException {
    String header =
        "{\"fc.weight\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]},"
            + "\"fc.bias\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[24,32]},"
            + "\"embed.weight\":{\"dtype\":\"F32\",\"shape\":[3,2],\"data_offsets\":[32,56]},"
            + "\"steps\":{\"dtype\":\"I32\",\"shape\":[1],\"data_offsets\":[56,60]},"
            + "\"odd\\u001b[2J\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[60,68]}}";
    double[] values = {4, 0, 0, 0, 2, 0, 3, 4, 3, 4, 0, 0, 0, 5};
    return write(name, header, Arrays.stream(values).map(v -> scale * v).toArray(), 3);
  }

  private String write(String name, String header, double[] values, int more) throws IOException {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer data =
        ByteBuffer.allocate(4 * (values.length + more)).order(ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      data.putFloat((float) value);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(text.length).array());
    bytes.writeBytes(text);
    bytes.writeBytes(data.array());
    return Files.write(directory.resolve(name), bytes.toByteArray()).toString();
  }

  private static JsonNode tensor(JsonNode document, String name) {
    for (JsonNode tensor : document.path("tensors")) {
      if (tensor.path("name").asText().equals(name)) {
        return tensor;
      }
    }
    throw new AssertionError("no " + name + " in " + document);
  }

  private static void assertNumber(JsonNode row, String key, double expected) {
    assertThat(row.path(key).isNumber()).as("%s of %s", key, row).isTrue();
    assertThat(row.path(key).asDouble())
        .as("%s of %s", key, row)
        .isCloseTo(expected, within(PRECISION * Math.abs(expected)));
  }

  @Test
  void jsonHasExactlyItsKeysAndClosedForms() throws IOException {
    String file = checkpoint("m.safetensors", 1);
    Outcome outcome = Outcome.good("audit", file, "--format", "json");
    JsonNode document = outcome.json();
    assertThat(outcome.err()).isEmpty();
    assertThat(Outcome.keys(document))
        .containsExactly(
            "checkpoint", "against", "partial", "band", "tensors", "advice", "skipped");
    assertThat(document.path("partial").asBoolean(true)).isFalse();
    assertThat(document.path("band").toString()).isEqualTo("[0.25,4.0]");
    assertThat(document.path("checkpoint").asText()).isEqualTo(file);
    assertThat(document.path("against").isNull()).isTrue();
    document.path("tensors").forEach(row -> assertThat(Outcome.keys(row)).isEqualTo(KEYS));

    JsonNode matrix = tensor(document, "fc.weight");
    assertThat(matrix.path("shape").toString()).isEqualTo("[2,3]");
    assertThat(matrix.path("dtype").asText()).isEqualTo("F32");
    assertThat(matrix.path("role").asText()).isEqualTo("matrix");
    assertThat(matrix.path("fan_in").asLong()).isEqualTo(3);
    assertThat(matrix.path("fan_out").asLong()).isEqualTo(2);
    assertNumber(matrix, "spectral_norm", 4);
    assertNumber(matrix, "frobenius_norm", Math.sqrt(20));
    assertNumber(matrix, "stable_rank", 20.0 / 16);
    assertNumber(matrix, "rms", Math.sqrt(20.0 / 6));
    assertNumber(matrix, "target_spectral_norm", Math.sqrt(2.0 / 3));
    assertNumber(matrix, "ratio", 4 / Math.sqrt(2.0 / 3));
    assertNumber(matrix, "natural_norm", 4 / Math.sqrt(2.0 / 3));
    assertThat(matrix.path("operator_norm_bound").isNull()).isTrue();
    assertThat(matrix.path("spectral_norm_relative_error").asDouble()).isBetween(1e-8, PRECISION);

    assertNumber(tensor(document, "fc.bias"), "spectral_norm", 5);
    assertNumber(tensor(document, "fc.bias"), "ratio", 5 / Math.sqrt(2));
    JsonNode table = tensor(document, "embed.weight");
    assertNumber(table, "natural_norm", 5 / Math.sqrt(2));
    // The Gram matrix of (3, 4), (0, 0), (0, 5).
    assertNumber(table, "spectral_norm", Math.sqrt(25 + Math.sqrt(400)));

    assertThat(document.path("skipped")).hasSize(2);
    document
        .path("skipped")
        .forEach(one -> assertThat(Outcome.keys(one)).containsExactly("name", "reason"));
  }

  @Test
  void updatesComeWithTheirOwnKeys() throws IOException {
    JsonNode document =
        Outcome.good(
                "audit",
                checkpoint("later.safetensors", 1.5),
                "--against",
                checkpoint("earlier.safetensors", 1),
                "--format",
                "json")
            .json();
    assertThat(document.path("against").asText()).endsWith("earlier.safetensors");
    document.path("tensors").forEach(row -> assertThat(Outcome.keys(row)).isEqualTo(keys(true)));
    JsonNode matrix = tensor(document, "fc.weight");
    assertNumber(matrix, "spectral_norm", 6);
    assertNumber(matrix, "update_spectral_norm", 2);
    assertNumber(matrix, "update_stable_rank", 20.0 / 16);
    assertNumber(matrix, "update_ratio", 2 / Math.sqrt(2.0 / 3));
    assertNumber(matrix, "update_relative_spectral", 1.0 / 2);
    assertNumber(matrix, "update_relative_frobenius", 1.0 / 2);
    ALIGNMENT.forEach(key -> assertNumber(matrix, key, 1));
  }

  @Test
  void everyKeyIsInTheFormats() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "formats.md"));
    String section = page.substring(page.indexOf("## What `audit` prints"));
    section = section.substring(0, section.indexOf("\n## ", 1));
    List<String> all = new ArrayList<>(KEYS);
    all.addAll(
        List.of(
            "checkpoint",
            "against",
            "partial",
            "band",
            "tensors",
            "skipped",
            "reason",
            "update_relative_spectral",
            "update_relative_frobenius"));
    all.addAll(ADVICE);
    all.addAll(ALIGNMENT);
    all.addAll(SPECTRUM);
    all.add("spectrum");
    all.add("map");
    all.add("maps");
    assertThat(section).contains(all.stream().map(key -> "`" + key + "`").toList());
  }

  @Test
  void csvSaysTheSameAsJson() throws IOException {
    String file = checkpoint("m.safetensors", 1);
    JsonNode document = Outcome.good("audit", file, "--format", "json").json();
    Outcome outcome = Outcome.good("audit", file, "--format", "csv");
    List<NamedCsvRecord> rows =
        CsvReader.builder().ofNamedCsvRecord(outcome.out()).stream().toList();
    assertThat(rows).hasSize(3);
    List<String> columns = new ArrayList<>(KEYS);
    columns.add(columns.indexOf("spectral_norm"), "map");
    columns.addAll(List.of("init_factor", "multiplier_factor", "init_std"));
    assertThat(rows.get(0).getHeader()).isEqualTo(columns);
    for (NamedCsvRecord row : rows) {
      JsonNode tensor = tensor(document, row.getField("name"));
      assertThat(row.getField("role")).isEqualTo(tensor.path("role").asText());
      for (String key : SIZES) {
        double expected = tensor.path(key).isNull() ? Double.NaN : tensor.path(key).asDouble();
        assertThat(Double.parseDouble(row.getField(key))).isEqualTo(Double.valueOf(expected));
      }
    }
    assertThat(rows.get(0).getField("shape")).matches("[23]x[23]|2");
    assertThat(outcome.err()).contains("not measured: steps: ").doesNotContain("\u001b");
  }

  @Test
  void csvHasAdviceAndSpectra() throws IOException {
    List<String> words =
        List.of(
            "audit",
            checkpoint("later.safetensors", 11),
            "--against",
            checkpoint("earlier.safetensors", 1),
            "--spectrum",
            "--format");
    List<String> json = new ArrayList<>(words);
    json.add("json");
    JsonNode document = Outcome.good(json.toArray(String[]::new)).json();
    List<String> csv = new ArrayList<>(words);
    csv.add("csv");
    List<NamedCsvRecord> rows =
        CsvReader.builder()
            .ofNamedCsvRecord(Outcome.good(csv.toArray(String[]::new)).out())
            .stream()
            .toList();
    List<String> columns = keys(true);
    columns.add(columns.indexOf("spectral_norm"), "map");
    columns.addAll(List.of("init_factor", "multiplier_factor", "init_std", "learning_rate_factor"));
    SPECTRUM.forEach(key -> columns.add("spectrum_" + key));
    assertThat(rows.get(0).getHeader()).isEqualTo(columns);
    int advised = 0;
    for (NamedCsvRecord row : rows) {
      JsonNode spectrum = tensor(document, row.getField("name")).path("spectrum");
      for (String key : SPECTRUM) {
        String expected =
            spectrum.path(key).isArray()
                ? spectrum.path(key).toString().replaceAll("[\\[\\]]", "").replace(',', ' ')
                : spectrum.path(key).isNull() ? "NaN" : spectrum.path(key).asText();
        assertThat(row.getField("spectrum_" + key)).isEqualTo(expected);
      }
      for (JsonNode advice : document.path("advice")) {
        if (advice.path("name").asText().equals(row.getField("name"))) {
          advised++;
          for (String key : ADVICE.subList(ADVICE.indexOf("init_factor"), ADVICE.size())) {
            if (!advice.path(key).isNull()) {
              assertThat(row.getField(key)).isEqualTo(advice.path(key).asText());
            }
          }
        }
      }
    }
    assertThat(advised).isEqualTo(document.path("advice").size()).isGreaterThan(3);
    assertThat(rows.get(1).getField("spectrum_method") + rows.get(0).getField("spectrum_method"))
        .isIn("gram", "gramgram");
  }

  @Test
  void tableShowsTheTopAndEscapesNames() throws IOException {
    String file = checkpoint("m.safetensors", 1);
    Outcome all = Outcome.good("audit", file, "--role", "odd*=gain");
    assertThat(all.out()).contains("odd\\u{1b}[2J", "gain").doesNotContain("\u001b");
    assertThat(all.out().lines()).hasSize(5);
    assertThat(Outcome.good("audit", file, "--top", "1").out().lines())
        .hasSize(2)
        .last()
        .asString()
        .startsWith("fc.weight ");
    assertThat(Outcome.good("audit", file, "--only", "*bias", "--fast").out().lines())
        .hasSize(2)
        .last()
        .asString()
        .startsWith("fc.bias ");
  }

  @Test
  void spectraComeLastAndOnlyWhereAskedFor() throws IOException {
    String file = checkpoint("m.safetensors", 1);
    JsonNode document =
        Outcome.good("audit", file, "--spectrum", "--leading", "2", "--format", "json").json();
    JsonNode matrix = tensor(document, "fc.weight");
    assertThat(Outcome.keys(matrix))
        .startsWith("name")
        .endsWith("target_spectral_norm", "spectrum");
    assertThat(Outcome.keys(matrix.path("spectrum"))).isEqualTo(SPECTRUM);
    assertThat(matrix.path("spectrum").path("method").asText()).isEqualTo("gram");
    // Of diag(4, 2) with a column of zeros.
    assertThat(matrix.path("spectrum").path("leading").get(0).asDouble())
        .isCloseTo(4, within(1e-12));
    assertThat(matrix.path("spectrum").path("leading").get(1).asDouble())
        .isCloseTo(2, within(1e-12));
    assertThat(matrix.path("spectrum").path("bin_edges")).hasSize(33);
    assertThat(matrix.path("spectrum").path("bin_shares")).hasSize(32);
    assertThat(tensor(document, "fc.bias").has("spectrum")).isFalse();
    assertThat(Outcome.good("audit", file, "--spectrum").out()).contains("beyond noise");
  }

  @Test
  void advisesFactors() throws IOException {
    String now = checkpoint("later.safetensors", 11);
    String before = checkpoint("earlier.safetensors", 1);
    JsonNode advice =
        Outcome.good("audit", now, "--against", before, "--only", "fc.weight", "--format", "json")
            .json()
            .path("advice");
    assertThat(advice).hasSize(2);
    advice.forEach(one -> assertThat(Outcome.keys(one)).isEqualTo(ADVICE));
    double target = Math.sqrt(2.0 / 3);
    assertThat(advice.get(0).path("of").asText()).isEqualTo("weight");
    assertThat(advice.get(0).path("map").isNull()).isTrue();
    assertNumber(advice.get(0), "multiple", 44 / target);
    assertNumber(advice.get(0), "init_factor", target / 44);
    assertNumber(advice.get(0), "multiplier_factor", target / 44);
    assertNumber(advice.get(0), "init_std", target / (Math.sqrt(2) + Math.sqrt(3)));
    assertThat(advice.get(0).path("learning_rate_factor").isNull()).isTrue();
    assertThat(advice.get(1).path("of").asText()).isEqualTo("update");
    assertNumber(advice.get(1), "learning_rate_factor", target / 40);
    assertThat(advice.get(1).path("init_factor").isNull()).isTrue();

    assertThat(Outcome.good("audit", now, "--against", before, "--only", "fc.weight").out())
        .contains("init or multiplier ×0.0186, rate ×0.0204");
    assertThat(Outcome.good("audit", now, "--band", "0.01,100", "--only", "fc.weight").out())
        .doesNotContain("×");
  }

  @Test
  void mapsOfFusedProjectionsHaveRowsOfTheirOwn() throws IOException {
    String header =
        "{\"h.0.attn.c_attn.weight\":{\"dtype\":\"F32\",\"shape\":[2,6],\"data_offsets\":[0,48]}}";
    // Queries, keys and values are 1, 2 and 3 times the identity.
    double[] values = {1, 0, 2, 0, 3, 0, 0, 1, 0, 2, 0, 3};
    String file = write("fused.safetensors", header, values, 0);
    JsonNode tensor = Outcome.good("audit", file, "--format", "json").json().path("tensors").get(0);
    assertThat(tensor.path("maps")).hasSize(3);
    List<NamedCsvRecord> rows =
        CsvReader.builder()
            .ofNamedCsvRecord(Outcome.good("audit", file, "--format", "csv").out())
            .stream()
            .toList();
    assertThat(rows).hasSize(4);
    assertThat(rows.get(0).getField("map")).isEmpty();
    List<String> names = List.of("query", "key", "value");
    for (int i = 0; i < 3; i++) {
      JsonNode map = tensor.path("maps").get(i);
      assertThat(map.path("map").asText()).isEqualTo(names.get(i));
      assertThat(map.path("fan_out").asInt()).isEqualTo(2);
      assertNumber(map, "ratio", i + 1);
      assertThat(rows.get(i + 1).getField("name")).isEqualTo("h.0.attn.c_attn.weight");
      assertThat(rows.get(i + 1).getField("map")).isEqualTo(names.get(i));
      assertThat(Double.parseDouble(rows.get(i + 1).getField("spectral_norm")))
          .isEqualTo(map.path("spectral_norm").asDouble());
      assertThat(rows.get(i + 1).getField("init_factor")).isEmpty();
    }
    assertThat(Outcome.good("audit", file).out()).contains("  query ", "  value ");
  }

  @Test
  void mapsHaveAdviceOfTheirOwn() throws IOException {
    String header =
        "{\"h.0.attn.c_attn.weight\":{\"dtype\":\"F32\",\"shape\":[2,6],\"data_offsets\":[0,48]}}";
    // Queries, keys and values are 1, 2 and 0.1 times the identity: the tensor is in band.
    double[] values = {1, 0, 2, 0, 0.1, 0, 0, 1, 0, 2, 0, 0.1};
    String file = write("fused.safetensors", header, values, 0);
    JsonNode advice = Outcome.good("audit", file, "--format", "json").json().path("advice");
    assertThat(advice).hasSize(1);
    assertThat(Outcome.keys(advice.get(0))).isEqualTo(ADVICE);
    assertThat(advice.get(0).path("name").asText()).isEqualTo("h.0.attn.c_attn.weight");
    assertThat(advice.get(0).path("map").asText()).isEqualTo("value");
    assertNumber(advice.get(0), "init_factor", 10);
    List<NamedCsvRecord> rows =
        CsvReader.builder()
            .ofNamedCsvRecord(Outcome.good("audit", file, "--format", "csv").out())
            .stream()
            .toList();
    assertThat(rows)
        .extracting(row -> row.getField("init_factor").isEmpty())
        .containsExactly(true, true, true, false);
    assertThat(Double.parseDouble(rows.get(3).getField("init_factor")))
        .isEqualTo(advice.get(0).path("init_factor").asDouble());
    assertThat(Outcome.good("audit", file).out().lines().toList().get(4))
        .startsWith("  value ")
        .endsWith("init or multiplier ×10.0");
  }

  @Test
  void adviceIsAPlanToo() throws IOException {
    String now = checkpoint("later.safetensors", 11);
    Path file = directory.resolve("plan.json");
    Outcome.good("audit", now, "--plan", file.toString());
    PlanFile plan = PlanFile.read(file);
    assertThat(plan.plan().recipe().updateRule().id()).isEqualTo("adam");
    JsonNode document = Outcome.good("audit", now, "--format", "json").json();
    assertThat(plan.origins().keySet()).containsExactly("fc.weight", "fc.bias", "embed.weight");
    for (JsonNode advice : document.path("advice")) {
      if (advice.path("name").asText().endsWith("weight")) {
        assertThat(plan.plan().get(advice.path("name").asText()).scale().initStd())
            .isEqualTo(advice.path("init_std").asDouble());
      }
    }
    // A plan file is a model to plan, and a base.
    Outcome.good("plan", file.toString(), "--base", file.toString(), "--optimizer", "adam");

    // What other programs are given is the same plan: it is tried in Python beside the guide.
    Path elsewhere = directory.resolve("elsewhere.json");
    List<String> words =
        List.of(
            "audit",
            now,
            "--against",
            checkpoint("earlier.safetensors", 1),
            "--optimizer",
            "sgd",
            "--lr",
            "0.5",
            "--plan",
            elsewhere.toString(),
            "--plan-format");
    Outcome.good(with(words, "json"));
    PlanFile advised = PlanFile.read(elsewhere);
    assertThat(advised.plan().get("fc.weight").scale().learningRate()).isLessThan(0.5);
    Outcome.good(with(words, "pytorch"));
    assertThat(Files.readString(elsewhere)).isEqualTo(Json.write(PyTorchGroups.of(advised)));
    Outcome.good(with(words, "optax"));
    assertThat(Files.readString(elsewhere)).isEqualTo(Json.write(OptaxLabels.of(advised)));
  }

  private static String[] with(List<String> words, String last) {
    return Stream.concat(words.stream(), Stream.of(last)).toArray(String[]::new);
  }

  @Test
  void nonFiniteEntriesAreCountedAndNullIsTheirNorm() throws IOException {
    String header =
        "{\"a.weight\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]},"
            + "\"b.weight\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[16,32]}}";
    String file =
        write("nan.safetensors", header, new double[] {1, Double.NaN, 2, 3, 1, 0, 0, 1}, 0);
    JsonNode document = Outcome.good("audit", file, "--format", "json").json();
    assertThat(tensor(document, "a.weight").path("spectral_norm").isNull()).isTrue();
    assertThat(tensor(document, "a.weight").path("non_finite").asInt()).isEqualTo(1);
    assertNumber(tensor(document, "b.weight"), "spectral_norm", 1);
    assertThat(Outcome.good("audit", file).out()).contains("1 NaN or infinite, first at [0, 1]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--only nothing* | --only: no tensor's name matches 'nothing*'",
        "--only [ | --only: no tensor's name matches '['",
        "--top 0 | --top must be at least 1, not 0",
        "--threads -1 | --threads must be at least 1, not -1",
        "--role fc.*=readin | unknown role 'readin'",
        "--role zz*=gain | no parameter's name matches 'zz*'",
        "--against nowhere.safetensors | no such file",
        "--format xml | table, json, csv",
        "--band 2 | is not of the form LOW,HIGH",
        "--band 2,3 | a band of multiples of the target reaches from above 0",
        "--optimizer adam | --optimizer belongs to --family or --plan",
        "--plan p.json --optimizer adamant | unknown optimizer 'adamant'",
        "--plan nowhere/p.json | --plan must name a file in a directory that there is",
        "--lr 0.1 | --plan-format and --lr belong to --plan",
        "--plan p.json --lr 0 | --lr must be above 0 and finite, not 0.0",
        "--tolerance 0.1 | --tolerance belongs to --family",
        "--family --top 3 | --top, --band, --plan and --spectrum belong to audits without"
            + " --family",
        "--family --optimizer adam | which need --against",
        "--report nowhere/a.html | --report must name a file in a directory that there is",
        "--leading 3 | --leading belongs to --spectrum",
        "--spectrum --leading 99 | from 1 to 64 leading singular values",
        "--family | a family needs at least 3",
        "--heads 4 | has no fused projection that alternates by head",
        "--heads 4,3 | 4 are no multiple of 3",
        "--heads all | is not of the form N or N,KV",
      })
  void refusesWhatMakesNoSense(String options, String message) throws IOException {
    List<String> words = new ArrayList<>(List.of("audit", checkpoint("m.safetensors", 1)));
    words.addAll(List.of(options.split(" ", -1)));
    assertThat(Outcome.refused(words.toArray(String[]::new)).err()).contains(message);
  }

  @Test
  void refusesWhatIsNoCheckpoint() throws IOException {
    Path text = Files.writeString(directory.resolve("notes.txt"), "no checkpoint");
    Outcome.refused("audit", text.toString());
    Outcome.refused("audit", directory.resolve("missing.safetensors").toString());
    Outcome.refused("audit", checkpoint("m.safetensors", 1), "--only", "");
  }

  /** What the page does is tested in a browser, beside the page of results. */
  @Test
  void theReportIsWrittenWholeAndHasEveryTensor() throws IOException {
    Path page = directory.resolve("a.html");
    String file = checkpoint("m.safetensors", 1);
    Outcome outcome = Outcome.good("audit", file, "--report", page.toString());
    assertThat(outcome.out()).contains("fc.weight");
    String html = Files.readString(page);
    // The name of the elements of a drawing is an address that nothing is fetched from.
    assertThat(html.replace("http://www.w3.org/2000/svg", ""))
        .contains("Content-Security-Policy", "\"fc.weight\"", "\"embed.weight\"", "m.safetensors")
        .doesNotContain("\u001b", "http://", "https://");
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.map(one -> one.getFileName().toString()))
          .containsExactlyInAnyOrder("a.html", "m.safetensors");
    }
    Outcome.good("audit", file, "--report", page.toString());
    assertThat(Files.readString(page)).isEqualTo(html);
  }

  @Test
  void progressTellsTheTimeToGo() {
    assertThat(AuditProgress.line(3, 10, 0.25, Duration.ofSeconds(30)))
        .isEqualTo("3 of 10 tensors, 25 % of the numbers, about 1:30 to go");
  }

  @Test
  void loadsNoLibtorch() throws IOException, InterruptedException {
    Path classes = directory.resolve("classes.log");
    Path log = directory.resolve("out.log");
    Process process =
        ChildCommand.start(
            List.of("-Xlog:class+load:file=" + classes),
            log,
            "audit",
            checkpoint("m.safetensors", 1));
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(log)).isZero();
    assertThat(Files.readString(classes))
        .contains("org.widthwise.cli.AuditCommand")
        .doesNotContain("org.bytedeco");
  }
}
