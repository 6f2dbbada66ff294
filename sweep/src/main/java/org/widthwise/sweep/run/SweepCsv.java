package org.widthwise.sweep.run;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;
import org.widthwise.sweep.definition.TrialConfiguration;
import org.widthwise.sweep.store.StoredTrial;

/** The trials of a sweep as CSV. */
public final class SweepCsv {

  private SweepCsv() {}

  @FunctionalInterface
  private interface Rows {
    void writeTo(CsvWriter csv) throws IOException;
  }

  /**
   * A row for each trial.
   *
   * @param trials the trials
   * @return CSV with a header
   */
  public static String trials(List<StoredTrial> trials) {
    return write(
        csv -> {
          csv.writeRecord(
              "digest",
              "parametrization",
              "optimizer",
              "series",
              "width",
              "learning_rate",
              "seed",
              "state",
              TrainingExecutor.FINAL_TRAINING_LOSS,
              TrainingExecutor.HELD_OUT_LOSS,
              TrainingExecutor.HELD_OUT_ACCURACY,
              "attempts",
              "failures",
              "takeovers",
              "seconds",
              "message",
              "configuration");
          for (StoredTrial trial : trials) {
            TrialConfiguration configuration = TrialConfiguration.of(trial.configuration());
            csv.writeRecord(
                trial.digest(),
                configuration.parametrization(),
                configuration.optimizer(),
                configuration.series(),
                Integer.toString(configuration.width()),
                Double.toString(configuration.learningRate()),
                Long.toString(trial.seed()),
                trial.state().id(),
                last(trial, TrainingExecutor.FINAL_TRAINING_LOSS),
                last(trial, TrainingExecutor.HELD_OUT_LOSS),
                last(trial, TrainingExecutor.HELD_OUT_ACCURACY),
                Integer.toString(trial.attempts()),
                Integer.toString(trial.failures()),
                Integer.toString(trial.takeovers()),
                Double.isNaN(trial.seconds()) ? "" : Double.toString(trial.seconds()),
                trial.message(),
                trial.configuration());
          }
        });
  }

  private static String last(StoredTrial trial, String metric) {
    @Nullable NavigableMap<Long, Double> values = trial.metrics().get(metric);
    return values == null ? "" : Double.toString(values.lastEntry().getValue());
  }

  /**
   * A row for each metric of each trial at each step.
   *
   * @param trials the trials
   * @return CSV with a header
   */
  public static String metrics(List<StoredTrial> trials) {
    return write(
        csv -> {
          csv.writeRecord("digest", "metric", "step", "value");
          for (StoredTrial trial : trials) {
            for (Map.Entry<String, NavigableMap<Long, Double>> metric :
                trial.metrics().entrySet()) {
              for (Map.Entry<Long, Double> point : metric.getValue().entrySet()) {
                csv.writeRecord(
                    trial.digest(),
                    metric.getKey(),
                    Long.toString(point.getKey()),
                    Double.toString(point.getValue()));
              }
            }
          }
        });
  }

  private static String write(Rows rows) {
    StringWriter text = new StringWriter();
    try (CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(text)) {
      rows.writeTo(csv);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return text.toString();
  }
}
