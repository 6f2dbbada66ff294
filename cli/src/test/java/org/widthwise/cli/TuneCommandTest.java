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
import org.widthwise.audit.plan.PlanFile;
import org.widthwise.core.shape.ParameterGroup;

/** Tunings of the smallest transformers on a text of this test's own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TuneCommandTest {

  private final Path directory;
  private final String text;

  TuneCommandTest(@TempDir Path directory) throws IOException {
    this.directory = directory;
    this.text =
        Files.writeString(directory.resolve("text.txt"), "to be or not to be. ".repeat(100))
            .toString();
  }

  private String[] tune(String storage, String... more) {
    List<String> words = new ArrayList<>(List.of("tune", "--target", "16", "--widths", "1,2,4"));
    words.addAll(List.of("--model", "transformer,layers=1,heads=1,context=4"));
    words.addAll(List.of("--optimizer", "adam", "--lr", "2^-6..2^-1", "--steps", "10"));
    words.addAll(List.of("--batch", "4", "--seeds", "0,1", "--candidates", "4"));
    words.addAll(List.of("--data", text, "--storage", directory.resolve(storage).toString()));
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tune --model mlp | Missing required option: '--target=N'",
        "tune --target 0 | --target is a width, not 0",
        "tune --target 64 | the key 'model' is missing",
        "tune --target 64 --format csv | use table or json",
        "tune --target 64 --budget 0 | a share of the operations of a sweep at the target",
        "tune --target 64 --threads 0 | --threads must be at least 1, not 0",
      })
  void refuses(String line, String message) {
    assertThat(Outcome.refused(line.split(" ", -1)).err()).contains(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--tune bias.rate | --tune: the network has no bias; it has embedding",
        "--tune readout | ROLE.init or ROLE.rate",
        "--widths 1,2 | at least 3 narrow widths",
        "--widths 1,2,8 | at most a quarter of the target 16, but 8 is more",
        "--check 4 | between the widest narrow one and the target",
        "--metric accuracy | --metric: 'accuracy' is none of training-loss and held-out-loss",
        "--gain 1,2 | one plan is tuned at a time, but there are 2",
        "--lr 0.5 | a range of learning rates is needed",
        "--candidates 0 | at least 1 candidate",
      })
  void refusesWhatNeedsTheData(String options, String message) {
    String[] words = options.split(" ", -1);
    List<String> all = new ArrayList<>(List.of(tune("refused.db")));
    int at = all.indexOf(words[0]);
    if (at >= 0) {
      all.set(at + 1, words[1]);
    } else {
      all.addAll(List.of(words));
    }
    Outcome outcome = Outcome.of(all.toArray(String[]::new));
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(2);
    assertThat(outcome.err()).contains(message);
  }

  @Test
  void whatTrainingNeverSawCanBeTheLoss() throws IOException {
    String[] heldOut = {"--metric", "held-out-loss", "--tune", "none", "--format", "json"};
    JsonNode document = Outcome.good(tune("held.db", heldOut)).json();
    assertThat(document.get("metric").asText()).isEqualTo("held_out_loss");
    double loss = document.at("/result/series/0/widths/0/loss").asDouble();
    JsonNode transfer =
        Outcome.good(
                "transfer",
                "--storage",
                directory.resolve("held.db").toString(),
                "--name",
                "tune/fit",
                "--metric",
                "held-out-loss",
                "--format",
                "json")
            .json();
    assertThat(transfer.at("/series/0/widths/0/loss").asDouble()).isEqualTo(loss);

    Path small = Files.writeString(directory.resolve("small.txt"), "to be or not to be. ");
    List<String> words = new ArrayList<>(List.of(tune("none.db", heldOut)));
    words.set(words.indexOf("--data") + 1, small.toString());
    assertThat(Outcome.refused(words.toArray(String[]::new)).err())
        .contains("--metric held-out-loss: the data have no examples that training does not see");
  }

  @Test
  void aTuningIsRunStoredAndRepeated() throws IOException {
    Path out = directory.resolve("new").resolve("out");
    Outcome first = Outcome.good(tune("a.db", "--format", "json", "--out", out.toString()));
    assertThat(first.err())
        .contains(
            "narrow widths [1, 2, 4], check at 8: about ",
            "tune/bracket\n6 trials",
            "tune/search\n3 trials",
            "tune/search\n12 trials, 3 are over already",
            "tune/fit",
            "tune/check");
    JsonNode document = first.json();
    assertThat(Outcome.keys(document))
        .containsExactly(
            "name",
            "model",
            "data",
            "parametrization",
            "optimizer",
            "metric",
            "steps",
            "widths",
            "seeds",
            "tuned",
            "result");
    assertThat(document.get("metric").asText()).isEqualTo("final_training_loss");
    assertThat(document.get("tuned").toString())
        .isEqualTo("[\"readout.init\",\"readout.rate\",\"embedding.init\",\"embedding.rate\"]");
    JsonNode result = document.get("result");
    assertThat(Outcome.keys(result))
        .containsExactly(
            "verdict",
            "target",
            "learning_rate",
            "lower",
            "upper",
            "inits",
            "rates",
            "drift",
            "drift_standard_error",
            "predicted_loss",
            "check",
            "cost",
            "reasons",
            "advice",
            "series",
            "search");
    assertThat(Outcome.keys(result.get("check")))
        .containsExactly(
            "width",
            "predicted_rate",
            "best_rate",
            "octaves",
            "predicted_loss",
            "loss",
            "cost",
            "bracketed",
            "holds");
    assertThat(result.get("check").get("width").asInt()).isEqualTo(8);
    assertThat(Outcome.keys(result.get("cost")))
        .containsExactly(
            "trials", "flops", "target_trial", "target_trials", "target_sweep", "share");
    assertThat(result.get("cost").get("target_trials").asInt()).isEqualTo(12);
    assertThat(result.get("cost").get("share").asDouble()).isBetween(0.01, 10.0);
    assertThat(Outcome.keys(result.get("search").get(0)))
        .containsExactly("steps", "widths", "candidates", "best");
    assertThat(Outcome.keys(result.get("search").get(0).get("best").get(0)))
        .containsExactly("learning_rate", "inits", "rates", "loss", "predicted_loss");
    boolean fourth = result.get("check").get("bracketed").asBoolean();
    assertThat(result.get("series").get(0).get("widths")).hasSize(fourth ? 4 : 3);

    assertThat(Files.readString(out.resolve("tune.json"))).isEqualTo(first.out());
    PlanFile plan = PlanFile.read(out.resolve("plan.json"));
    assertThat(plan.plan().recipe().learningRate())
        .isEqualTo(result.get("learning_rate").asDouble());
    assertThat(plan.plan().recipe().prefactor(ParameterGroup.READOUT).init())
        .isEqualTo(result.get("inits").path("readout").asDouble(1));
    assertThat(plan.plan().get("blocks.0.attention.query.weight").shape().dimensions())
        .containsExactly(16L, 16L);
    Outcome.good("plan", out.resolve("plan.json").toString(), "--optimizer", "adam");

    // All that it asks for is there.
    Outcome again = Outcome.good(tune("a.db", "--format", "json"));
    assertThat(again.out()).isEqualTo(first.out());
    assertThat(again.err()).doesNotContain("trials");
    String table = Outcome.good(tune("a.db")).out();
    assertThat(table)
        .contains(
            "candidates, 10 steps, widths [1, 2, 4]",
            "octaves for each doubling of the width: spectral, adam",
            "check at width 8: predicted rate",
            "of a sweep of 12 trainings at the target",
            "learning rate",
            "at width 16");
    // Stages are sweeps, which the other commands take.
    String place = directory.resolve("a.db").toString();
    assertThat(Outcome.good("transfer", "--storage", place, "--name", "tune/fit").out())
        .contains("best rate");
    assertThat(
            Outcome.good(
                    "sweep", "work", "--storage", place, "--name", "tune/check", "--data", text)
                .out())
        .contains("of 'tune/check'");
  }
}
