package org.widthwise.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.widthwise.lab.run.AtomicFiles;
import org.widthwise.sweep.export.MlflowExport;
import org.widthwise.sweep.export.SweepCsv;
import org.widthwise.sweep.export.SweepParquet;
import org.widthwise.sweep.export.SweepTable;
import org.widthwise.sweep.store.StoredTrial;
import org.widthwise.sweep.store.SweepStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code widthwise sweep export}. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Writes the trials of a sweep as CSV or Parquet, one row each, or their metrics over time;"
          + " or",
      "to a server of MLflow, as one run each."
    })
final class SweepExportCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private final StoredSweepOptions stored = new StoredSweepOptions();

  @Option(names = "--csv", paramLabel = "FILE", description = "where to (default: standard output)")
  private @Nullable Path csv;

  @Option(
      names = "--parquet",
      paramLabel = "FILE",
      description = "the same as Parquet, whose columns have types")
  private @Nullable Path parquet;

  @Option(
      names = "--mlflow",
      paramLabel = "URL",
      description =
          "write the trials that are over as runs of this MLflow server; those that are there"
              + " already are left alone")
  private @Nullable String mlflow;

  @Option(
      names = "--experiment",
      paramLabel = "NAME",
      description = "of MLflow, made if there is none (default: the name of the sweep)")
  private @Nullable String experiment;

  @Option(names = "--metrics", description = "one row for each metric at each step instead")
  private boolean metrics;

  @Override
  public Integer call() throws IOException {
    if (mlflow == null && experiment != null) {
      throw new ParameterException(spec.commandLine(), "--experiment is of --mlflow");
    }
    PrintWriter out = spec.commandLine().getOut();
    try (SweepStore store = stored.open()) {
      String sweep = stored.nameIn(store);
      List<StoredTrial> trials = store.trials(sweep);
      SweepTable<?> table = metrics ? SweepTable.metrics(trials) : SweepTable.trials(trials);
      if (csv != null) {
        AtomicFiles.write(csv, SweepCsv.write(table));
      }
      if (parquet != null) {
        SweepParquet.write(parquet, table);
      }
      if (mlflow != null) {
        String place = experiment == null ? sweep : experiment;
        MlflowExport.Counts counts = MlflowExport.write(mlflow, place, sweep, trials);
        out.printf(
            "%d runs written to the experiment '%s', %d were there already%n",
            counts.written(), place, counts.there());
      } else if (csv == null && parquet == null) {
        out.print(SweepCsv.write(table));
      }
      return 0;
    }
  }
}
