package org.widthwise.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.widthwise.lab.plot.Figure;
import org.widthwise.lab.plot.Figures;
import org.widthwise.lab.run.AtomicFiles;
import org.widthwise.lab.run.Json;
import org.widthwise.sweep.run.StoredSweep;
import org.widthwise.sweep.store.StoredTrial;
import org.widthwise.sweep.store.SweepState;
import org.widthwise.sweep.store.SweepStore;
import org.widthwise.sweep.transfer.RateCurve;
import org.widthwise.sweep.transfer.SeriesTransfer;
import org.widthwise.sweep.transfer.TransferAnalysis;
import org.widthwise.sweep.transfer.TransferFigure;
import org.widthwise.sweep.transfer.TransferPage;
import org.widthwise.sweep.transfer.TransferSettings;
import org.widthwise.sweep.transfer.Weighing;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code widthwise transfer}. */
@Command(
    name = "transfer",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Tells from a sweep, finished or running, where the best learning rate is at each width,",
      "whether it stays there, and what not tuning the wide networks costs."
    })
final class TransferCommand implements Callable<Integer> {

  /** What {@code --format json} prints. */
  record Document(
      String sweep,
      String model,
      String data,
      String metric,
      double tolerance,
      int trials,
      int finished,
      List<SeriesTransfer> series,
      Weighing weighing) {}

  @Spec private CommandSpec spec;

  @Mixin private final StoredSweepOptions stored = new StoredSweepOptions();

  @Mixin private final LossMetric metric = new LossMetric();

  @Option(
      names = "--target",
      paramLabel = "N",
      description =
          "the width to recommend a learning rate for, also beyond those that were tried (default:"
              + " the widest)")
  private int target;

  @Option(
      names = "--tolerance",
      paramLabel = "X",
      description =
          "a drift of up to X octaves for each doubling of the width counts as none (default: 0.1)")
  private double tolerance = 0.1;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "where transfer.html, .svg, .png and .csv go (default: nothing is written)")
  private @Nullable Path out;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "of the result on standard output: table, json or csv (default: table)")
  private OutputFormat format = OutputFormat.TABLE;

  @Override
  public Integer call() throws IOException {
    TransferSettings settings =
        TransferSettings.of(metric.stored()).withTolerance(tolerance).withTarget(target);
    try (SweepStore store = stored.open()) {
      StoredSweep sweep = StoredSweep.read(store, stored.nameIn(store));
      List<StoredTrial> trials = store.trials(sweep.name());
      SweepState state = store.state(sweep.name());
      List<SeriesTransfer> found = new TransferAnalysis(settings).of(trials);
      if (!state.isFinished()) {
        PrintWriter err = spec.commandLine().getErr();
        err.printf(
            "the sweep is not finished: %d of %d trials are over%n",
            state.finished(), state.count());
      }
      Document document =
          new Document(
              sweep.name(),
              Words.of(sweep.task().network().kind()),
              sweep.dataName(),
              settings.metric(),
              tolerance,
              state.count(),
              state.finished(),
              found,
              Weighing.of(found));
      print(document);
      if (out != null) {
        write(out, document, RateCurve.of(trials, settings.metric()), settings, sweep);
      }
      return 0;
    }
  }

  private void print(Document document) throws IOException {
    PrintWriter stdout = spec.commandLine().getOut();
    switch (format) {
      case TABLE -> TransferTable.print(document.series(), document.weighing(), stdout);
      case JSON -> stdout.print(Json.write(document));
      case CSV -> stdout.print(TransferCsv.of(document.series()));
    }
  }

  private static void write(
      Path directory,
      Document document,
      Map<String, List<RateCurve>> curves,
      TransferSettings settings,
      StoredSweep sweep)
      throws IOException {
    Files.createDirectories(directory);
    String what =
        "%s on %s, %d steps of %d examples, %d of %d trials"
            .formatted(
                document.model(),
                document.data(),
                sweep.task().steps(),
                sweep.task().batch(),
                document.finished(),
                document.trials());
    Figure figure =
        TransferFigure.of(
            "Learning rate and width: " + document.sweep(),
            document.series(),
            curves,
            settings.metric(),
            List.of(what));
    AtomicFiles.write(directory.resolve("transfer.svg"), Figures.toSvg(figure));
    AtomicFiles.write(directory.resolve("transfer.png"), Figures.toPng(figure));
    AtomicFiles.write(directory.resolve("transfer.csv"), TransferCsv.of(document.series()));
    AtomicFiles.write(
        directory.resolve("transfer.html"),
        TransferPage.html(document.sweep(), what, document.series(), curves, settings)
            .getBytes(StandardCharsets.UTF_8));
  }
}
