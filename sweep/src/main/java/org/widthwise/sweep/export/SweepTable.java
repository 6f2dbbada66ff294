package org.widthwise.sweep.export;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;
import org.widthwise.sweep.definition.TrialConfiguration;
import org.widthwise.sweep.run.TrainingExecutor;
import org.widthwise.sweep.store.Metric;
import org.widthwise.sweep.store.StoredTrial;

/**
 * The trials of a sweep as rows and columns, whatever the format of the file.
 *
 * @param <R> what a row is made of
 */
public final class SweepTable<R> {

  private record TrialRow(StoredTrial trial, TrialConfiguration configuration) {

    @Nullable Double last(String metric) {
      @Nullable NavigableMap<Long, Double> values = trial.metrics().get(metric);
      return values == null ? null : values.lastEntry().getValue();
    }

    @Nullable Double seconds() {
      return Double.isNaN(trial.seconds()) ? null : trial.seconds();
    }
  }

  private record MetricRow(String digest, Metric metric) {}

  private final List<Column<R>> columns;
  private final List<R> rows;

  private SweepTable(List<Column<R>> columns, List<R> rows) {
    this.columns = columns;
    this.rows = rows;
  }

  static <R> SweepTable<R> of(List<Column<R>> columns, List<R> rows) {
    return new SweepTable<>(columns, rows);
  }

  List<Column<R>> columns() {
    return columns;
  }

  List<R> rows() {
    return rows;
  }

  /**
   * A row for each trial.
   *
   * @param trials the trials
   * @return the table
   */
  public static SweepTable<?> trials(List<StoredTrial> trials) {
    List<Column<TrialRow>> columns =
        List.of(
            Column.text("digest", row -> row.trial().digest()),
            Column.text("parametrization", row -> row.configuration().parametrization()),
            Column.text("optimizer", row -> row.configuration().optimizer()),
            Column.text("series", row -> row.configuration().series()),
            Column.integer("width", row -> row.configuration().width()),
            Column.number("learning_rate", row -> row.configuration().learningRate()),
            Column.whole("seed", row -> row.trial().seed()),
            Column.text("state", row -> row.trial().state().id()),
            last(TrainingExecutor.FINAL_TRAINING_LOSS),
            last(TrainingExecutor.HELD_OUT_LOSS),
            last(TrainingExecutor.HELD_OUT_ACCURACY),
            Column.integer("attempts", row -> row.trial().attempts()),
            Column.integer("failures", row -> row.trial().failures()),
            Column.integer("takeovers", row -> row.trial().takeovers()),
            Column.numberIfAny("seconds", TrialRow::seconds),
            Column.text("message", row -> row.trial().message()),
            Column.text("configuration", row -> row.trial().configuration()));
    return of(
        columns,
        trials.stream()
            .map(trial -> new TrialRow(trial, TrialConfiguration.of(trial.configuration())))
            .toList());
  }

  private static Column<TrialRow> last(String metric) {
    return Column.numberIfAny(metric, row -> row.last(metric));
  }

  /**
   * A row for each metric of each trial at each step.
   *
   * @param trials the trials
   * @return the table
   */
  public static SweepTable<?> metrics(List<StoredTrial> trials) {
    List<MetricRow> rows = new ArrayList<>();
    for (StoredTrial trial : trials) {
      trial
          .metrics()
          .forEach(
              (name, points) ->
                  points.forEach(
                      (step, value) ->
                          rows.add(new MetricRow(trial.digest(), new Metric(name, step, value)))));
    }
    return of(
        List.of(
            Column.text("digest", MetricRow::digest),
            Column.text("metric", row -> row.metric().name()),
            Column.whole("step", row -> row.metric().step()),
            Column.number("value", row -> row.metric().value())),
        rows);
  }
}
