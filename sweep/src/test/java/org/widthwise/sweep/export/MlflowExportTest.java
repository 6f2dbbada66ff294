package org.widthwise.sweep.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.widthwise.lab.run.RunException;
import org.widthwise.sweep.store.StoredTrial;
import org.widthwise.sweep.store.TrialState;

/** Against a server of this test's own, which speaks MLflow's REST API. */
final class MlflowExportTest {

  private static final int STEPS = 1200;

  private final MlflowServer server;

  MlflowExportTest() throws IOException {
    server = new MlflowServer(2);
  }

  @AfterEach
  void close() {
    server.close();
  }

  private static StoredTrial trial(String digest, TrialState state, int steps) {
    TreeMap<Long, Double> losses = new TreeMap<>();
    for (long step = 1; step <= steps; step++) {
      losses.put(step, 2.0 / step);
    }
    return new StoredTrial(
        digest,
        "{\"width\":64,\"rest\":null,\"learning_rate\":0.125,\"inits\":{\"readout\":8.0}}",
        3,
        1,
        state,
        1,
        0,
        0,
        "w",
        2.5,
        state == TrialState.FAILED ? "it threw" : "",
        "{\"java\":\"17\"}",
        steps == 0 ? Map.of() : Map.of("loss", losses));
  }

  private static final List<StoredTrial> TRIALS =
      List.of(
          trial("a", TrialState.DONE, STEPS),
          trial("b", TrialState.DIVERGED, 2),
          trial("c", TrialState.FAILED, 0),
          trial("d", TrialState.WAITING, 0));

  private MlflowExport.Counts export(List<StoredTrial> trials) {
    return MlflowExport.write(server.url(), "widths", "s/1", trials);
  }

  private static Map<String, String> values(JsonNode run, String list) {
    Map<String, String> values = new LinkedHashMap<>();
    run.get("data")
        .get(list)
        .forEach(one -> values.put(one.get("key").asText(), one.get("value").asText()));
    return values;
  }

  @Test
  void aTrialIsARunWithParametersMetricsAndTags() {
    assertThat(export(TRIALS)).isEqualTo(new MlflowExport.Counts(3, 0));
    assertThat(server.experiments()).containsOnlyKeys("widths");
    assertThat(server.runs())
        .extracting(run -> run.get("info").get("status").asText())
        .containsExactly("FINISHED", "FINISHED", "FAILED");
    JsonNode run = server.runs().get(0);
    assertThat(values(run, "params"))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("width", "64", "learning_rate", "0.125", "inits.readout", "8.0", "seed", "3"));
    assertThat(values(run, "tags"))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "widthwise.sweep",
                "s/1",
                "widthwise.trial",
                "a",
                "widthwise.state",
                "done",
                "widthwise.provenance",
                "{\"java\":\"17\"}"));
    List<Double> losses = new ArrayList<>();
    for (JsonNode metric : run.get("data").get("metrics")) {
      assertThat(metric.get("key").asText()).isEqualTo("loss");
      assertThat(metric.get("step").asInt()).isEqualTo(losses.size() + 1);
      losses.add(metric.get("value").asDouble());
    }
    assertThat(losses).hasSize(STEPS);
    assertThat(losses.get(STEPS - 1)).isEqualTo(2.0 / STEPS);
    assertThat(values(server.runs().get(2), "tags")).containsEntry("widthwise.message", "it threw");
  }

  @Test
  void noTrialBecomesTwoRuns() {
    export(TRIALS.subList(0, 2));
    server.calls().clear();
    // Three runs are on two pages.
    assertThat(export(TRIALS)).isEqualTo(new MlflowExport.Counts(1, 2));
    assertThat(export(TRIALS)).isEqualTo(new MlflowExport.Counts(0, 3));
    assertThat(server.runs()).hasSize(3);
    assertThat(server.calls()).containsOnlyOnce("runs/create").contains("runs/search");
    // The same trial of another sweep is another run.
    assertThat(MlflowExport.write(server.url(), "widths", "other", TRIALS).written()).isEqualTo(3);
    assertThat(server.runs()).hasSize(6);
  }

  @Test
  void anExportThatBrokeOffIsCompleted() {
    // Experiment, its making, search, run, parameters, the first 1000 metrics; then no more.
    server.failWith(500, 6);
    assertThatThrownBy(() -> export(TRIALS)).hasMessageContaining("answers 500");
    server.failWith(0, 0);
    assertThat(export(TRIALS)).isEqualTo(new MlflowExport.Counts(3, 0));
    assertThat(server.runs()).hasSize(3);
    assertThat(server.runs().get(0).get("data").get("metrics")).hasSize(STEPS);
  }

  @ParameterizedTest
  @CsvSource({"401", "403", "500"})
  void aRefusalNamesTheServerAndWhatItSaid(int status) {
    server.failWith(status, 0);
    assertThatThrownBy(() -> export(TRIALS))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("the MLflow server at %s answers %d".formatted(server.url(), status));
  }

  @Test
  void whereThereIsNoServerThatIsSaid() {
    String url = server.url();
    server.close();
    assertThatThrownBy(() -> MlflowExport.write(url, "e", "s", TRIALS))
        .isInstanceOf(RunException.class)
        .hasMessageStartingWith("no MLflow server answers at " + url);
    assertThatThrownBy(() -> MlflowExport.write("localhost", "e", "s", TRIALS))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("'localhost' is no address of an MLflow server");
  }
}
