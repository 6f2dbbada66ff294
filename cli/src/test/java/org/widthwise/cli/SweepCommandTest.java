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

/** Sweeps of the smallest transformers on a text of this test's own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SweepCommandTest {

  private final Path directory;
  private final String text;

  SweepCommandTest(@TempDir Path directory) throws IOException {
    this.directory = directory;
    this.text =
        Files.writeString(directory.resolve("text.txt"), "to be or not to be. ".repeat(100))
            .toString();
  }

  private String[] sweep(String storage, String... more) {
    List<String> words = new ArrayList<>(List.of("sweep", "--optimizer", "adam", "--lr"));
    words.addAll(List.of("2^-6..2^-2", "--widths", "4,8", "--steps", "6", "--batch", "4"));
    words.addAll(List.of("--model", "transformer,layers=1,heads=1,context=8"));
    words.addAll(List.of("--data", text, "--storage", directory.resolve(storage).toString()));
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }

  private String[] of(String storage, String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--storage", directory.resolve(storage).toString()));
    return all.toArray(String[]::new);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sweep | the key 'model' is missing",
        "sweep --model mlp,bais=true --widths 4 --optimizer adam --lr 1 --steps 1 | did you mean"
            + " 'bias'?",
        "sweep --model mlp,bias --widths 4 | --model: 'bias' is no key=value, such as layers=3",
        "sweep --model mlp --prefactor input=2 | --prefactor: 'input' is no ROLE.WHAT",
        "sweep --model mlp --widths 4 --optimizer adam --lr x --steps 1 | learning_rates: 'x' is no"
            + " positive number",
        "sweep --threads 0 | --threads must be at least 1, not 0",
        "sweep --engine fast | --engine: 'fast' is none of threads and spark",
        "sweep --master local[2] | --master and --spark-conf are of --engine spark",
        "sweep --engine spark --threads 2 | --threads is of --engine threads",
        "sweep --engine spark --master local[2] | the engine 'spark' is not on the class path:"
            + " './widthwise sweep --engine spark' puts it there",
        "sweep --heartbeat 0 | --heartbeat takes from 0.01 to 3600 seconds, not 0.0",
        "sweep --file absent.yaml | cannot read absent.yaml: there is no absent.yaml",
        "sweep work --storage absent.db | there is no sweep in absent.db",
        "sweep export --experiment e | --experiment is of --mlflow",
        "sweep export --storage absent.db | there is no sweep in absent.db",
        "transfer --storage absent.db | there is no sweep in absent.db",
        "transfer --storage mysql://x/y | takes a file for SQLite or postgresql://…",
        "transfer --metric accuracy | 'accuracy' is none of training-loss and held-out-loss",
        "transfer --tolerance 0 | the tolerance must be above 0, not 0.0",
      })
  void refuses(String line, String message) {
    assertThat(Outcome.refused(line.split(" ", -1)).err()).contains(message);
  }

  @Test
  void aSweepIsRunExtendedExportedAndJudged() throws IOException {
    Outcome first = Outcome.good(sweep("a.db", "--seeds", "0,1"));
    assertThat(first.out()).contains("20 trials of 'sweep'", ": 20 done, 0 diverged, 0 failed");
    assertThat(first.err()).contains("20 trials\n");
    Outcome more = Outcome.good(sweep("a.db", "--seeds", "0,1,2"));
    assertThat(more.err()).contains("30 trials, 20 are over already");
    assertThat(more.out()).contains("30 done");
    assertThat(Outcome.good(of("a.db", "sweep", "work", "--data", text)).out()).contains("30 done");

    Path csv = directory.resolve("a.csv");
    Outcome.good(of("a.db", "sweep", "export", "--csv", csv.toString()));
    List<String> rows = Files.readAllLines(csv);
    assertThat(rows).hasSize(31);
    assertThat(rows.get(0))
        .isEqualTo(
            "digest,parametrization,optimizer,series,width,learning_rate,seed,state,"
                + "final_training_loss,held_out_loss,held_out_accuracy,attempts,failures,takeovers,"
                + "seconds,message,configuration");
    Path parquet = directory.resolve("a.parquet");
    Outcome both =
        Outcome.good(
            of(
                "a.db",
                "sweep",
                "export",
                "--parquet",
                parquet.toString(),
                "--csv",
                csv.toString()));
    // Also no word of the library's logging.
    assertThat(both.out() + both.err()).isEmpty();
    assertThat(Files.readAllBytes(parquet)).startsWith('P', 'A', 'R', '1');
    // Port 1 is nobody's; the exporter's own test has a server.
    String nowhere = "http://localhost:1";
    assertThat(Outcome.refused(of("a.db", "sweep", "export", "--mlflow", nowhere)).err())
        .contains("no MLflow server answers at " + nowhere);
    assertThat(Outcome.refused(of("a.db", "sweep", "export", "--mlflow", "localhost")).err())
        .contains("'localhost' is no address of an MLflow server");
    String metrics = Outcome.good(of("a.db", "sweep", "export", "--metrics")).out();
    // 6 losses, their last mean, two numbers on held-out examples; of 7 matrices and 2 tables the
    // first size and updates 1, 2 and 4, with the matrices' alignments.
    assertThat(metrics.lines()).hasSize(1 + 30 * (9 + 9 * 4 + 7 * 3));
    assertThat(metrics).startsWith("digest,metric,step,value\n");

    JsonNode document = Outcome.good(of("a.db", "transfer", "--format", "json")).json();
    assertThat(Outcome.keys(document))
        .containsExactly(
            "sweep",
            "model",
            "data",
            "metric",
            "tolerance",
            "trials",
            "finished",
            "series",
            "weighing");
    JsonNode series = document.get("series").get(0);
    assertThat(Outcome.keys(series))
        .containsExactly(
            "series",
            "verdict",
            "drift",
            "drift_standard_error",
            "successive_drifts",
            "wider_is_better",
            "fixed_rate",
            "runs_saved",
            "work_saved",
            "widths",
            "recommendation",
            "explanation");
    assertThat(Outcome.keys(series.get("explanation")))
        .containsExactly("cause", "sentence", "drift_at_half", "drift_at_half_error", "layers");
    assertThat(Outcome.keys(series.get("explanation").get("layers").get(0)))
        .containsExactly(
            "parameter",
            "update",
            "update_error",
            "update_at_narrowest",
            "alignment",
            "alignment_error",
            "weight",
            "weight_error");
    assertThat(Outcome.keys(document.get("weighing")))
        .containsExactly("width", "plans", "sentence");
    assertThat(series.get("widths").size()).isEqualTo(2);
    assertThat(series.get("runs_saved").asInt()).isEqualTo(15);
    assertThat(Outcome.keys(series.get("widths").get(0)))
        .containsExactly(
            "width",
            "trials",
            "diverged",
            "learning_rate",
            "lower",
            "upper",
            "loss",
            "curvature",
            "bracketed",
            "narrow_cost",
            "loss_at_fixed_rate");
    assertThat(Outcome.keys(series.get("recommendation")))
        .containsExactly(
            "width",
            "learning_rate",
            "lower",
            "upper",
            "found_at",
            "cost",
            "predicted",
            "sentence");

    Path out = directory.resolve("new").resolve("report");
    String table =
        Outcome.good(of("a.db", "transfer", "--metric", "held-out-loss", "--out", out.toString()))
            .out();
    assertThat(table).contains("best rate", "octaves for each doubling of the width: transfer");
    assertThat(Files.readString(out.resolve("transfer.html")))
        .startsWith("<!DOCTYPE html>")
        .contains("Transfer of learning rates: sweep", "<svg", "spectral, adam")
        .doesNotContain("<script", "http://", "https://");
    assertThat(Files.readString(out.resolve("transfer.svg"))).startsWith("<svg");
    assertThat(Files.readAllBytes(out.resolve("transfer.png"))).startsWith(0x89, 'P', 'N', 'G');
    assertThat(Files.readString(out.resolve("transfer.csv")))
        .isEqualTo(
            Outcome.good(of("a.db", "transfer", "--metric", "held-out-loss", "--format", "csv"))
                .out());
  }

  @Test
  void aFileSaysTheSameAsFlagsAndFlagsTakePrecedence() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("sweep.yaml"),
            """
            model: {kind: transformer, layers: 1, heads: 1, context: 8}
            training: {steps: 6, batch: 4}
            widths: [4, 8]
            optimizers: adam
            learning_rates: [0.125, 0.25]
            """);
    Outcome.good(sweep("b.db"));
    Outcome again =
        Outcome.good(
            of("b.db", "sweep", "--file", file.toString(), "--widths", "4", "--data", text));
    // All that the file asks for is there; --widths took the place of its own.
    assertThat(again.err()).contains("10 trials, 10 are over already");
    Outcome.good(of("b.db", "sweep", "--file", file.toString(), "--name", "other", "--data", text));
    assertThat(Outcome.refused(of("b.db", "transfer")).err())
        .contains("the storage has several sweeps, name one by --name: other, sweep");
    Outcome.good(of("b.db", "transfer", "--name", "other"));
    assertThat(
            Outcome.refused(
                    of("b.db", "sweep", "--file", file.toString(), "--steps", "7", "--data", text))
                .err())
        .contains("there is another sweep 'sweep'", "steps is 6 there and 7 here");
  }
}
