package org.widthwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReproduceCommandTest {

  private final Path out;
  private final String images;

  ReproduceCommandTest(@TempDir Path directory) throws IOException {
    this.out = directory.resolve("some").resolve("where");
    this.images = FewImages.in(directory);
  }

  private Outcome reproduce(String format) {
    return Outcome.good(
        "reproduce",
        "FIG2",
        "--preset",
        "Quick",
        "--widths",
        "16,8,32",
        "--trials",
        "2",
        "--steps",
        "20",
        "--seed",
        "7",
        "--threads",
        "2",
        "--data",
        images,
        "--format",
        format,
        "--out",
        out.toString());
  }

  @Test
  void resultsGoToStandardOutputAndEverythingElseToStandardError() throws IOException {
    Outcome first = reproduce("table");
    assertThat(first.out())
        .startsWith("Figure 2: ")
        .contains("panel", "verdict", "diverged runs: 0", out.resolve("fig2.png").toString());
    assertThat(first.out().lines().filter(line -> line.matches("[A-D] .*(mup|ntp) .*"))).hasSize(8);
    assertThat(first.err())
        .startsWith("data: ")
        .contains("widths: 1 of 12 runs", "widths: 12 of 12 runs, 100 %")
        .contains("mup, 32, trial 1: loss ");
    for (String type : List.of("csv", "json", "svg", "png")) {
      assertThat(out.resolve("fig2." + type)).isNotEmptyFile();
    }
    List<String> lines = Files.readAllLines(out.resolve("fig2.csv"));
    assertThat(lines).hasSize(1 + 4 * 12);
    assertThat(lines.get(0)).isEqualTo("figure,panel,series,x,trial,value");

    Outcome second = reproduce("json");
    assertThat(second.err()).contains("12 of 12 runs are here already");
    assertThat(second.err()).doesNotContain("trial 1: loss");
    JsonNode printed = second.json();
    JsonNode stored = new ObjectMapper().readTree(out.resolve("fig2.json").toFile());
    assertThat(printed.isArray()).isTrue();
    assertThat(printed).containsExactly(stored);
    assertThat(stored.path("configuration").path("seed").asInt()).isEqualTo(7);
    assertThat(stored.path("configuration").path("widths").toString()).isEqualTo("[8,16,32]");
    assertThat(stored.path("fits")).hasSize(8);
    for (JsonNode fit : stored.path("fits")) {
      assertThat(fit.path("slope").isNumber()).isTrue();
      assertThat(fit.path("slope_stderr").isNumber()).isTrue();
      assertThat(fit.path("expected_slope").isNumber()).isTrue();
      assertThat(fit.path("verdict").asText()).isIn("holds", "fails", "undecided");
    }

    byte[] csv = Files.readAllBytes(out.resolve("fig2.csv"));
    for (String type : List.of("csv", "json", "svg", "png")) {
      Files.delete(out.resolve("fig2." + type));
    }
    Outcome drawn = Outcome.good("draw", out.toString());
    // Also what else the runs serve.
    assertThat(drawn.out().lines()).containsAll(first.out().lines().toList());
    assertThat(drawn.err()).isEmpty();
    assertThat(out.resolve("fig2.csv")).hasBinaryContent(csv);
    assertThat(out.resolve("fig2.svg")).isNotEmptyFile();
  }

  @Test
  void oneWidthLeavesNullsInTheJsonAndGapsInTheTable() throws IOException {
    String[] command = {
      "reproduce",
      "fig2",
      "--widths",
      "1",
      "--trials",
      "1",
      "--steps",
      "2",
      "--out",
      out.toString(),
      "--data",
      images,
      "--format",
      "json"
    };
    JsonNode fits = Outcome.good(command).json().get(0).path("fits");
    for (JsonNode fit : fits) {
      for (String key : List.of("slope", "slope_stderr", "slope_low", "slope_high", "from_x")) {
        assertThat(fit.has(key)).isTrue();
        assertThat(fit.path(key).isNull()).as(key).isTrue();
      }
      assertThat(fit.path("verdict").asText()).isEqualTo("undecided");
    }
    assertThat(Outcome.good("draw", out.toString()).out()).doesNotContain("NaN", "null");
  }

  @Test
  void helpListsEveryCommandAndOption() {
    assertThat(Outcome.good("--help").out())
        .contains("reproduce", "draw", "list", "plan", "data", "doctor", "Exit codes:");
    assertThat(Outcome.good().out()).isEqualTo(Outcome.good("--help").out());
    assertThat(Outcome.good("help", "plan").out()).isEqualTo(Outcome.good("plan", "--help").out());
    assertThat(Outcome.good("reproduce", "--help").out())
        .contains(
            "--out",
            "--preset",
            "--widths",
            "--trials",
            "--steps",
            "--seed",
            "--data",
            "--threads",
            "--format");
    assertThat(Outcome.good("--version").out()).matches("widthwise [0-9]+\\.[0-9]+.*\\R");
    assertThat(Outcome.good("list").out()).contains("fig2");
  }
}
