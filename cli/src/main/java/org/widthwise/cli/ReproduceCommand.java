package org.widthwise.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.widthwise.lab.data.DataLocator;
import org.widthwise.lab.data.ImageDataset;
import org.widthwise.lab.data.Split;
import org.widthwise.lab.figure.FigureExperiment;
import org.widthwise.lab.figure.FigureExperiments;
import org.widthwise.lab.figure.FigureReport;
import org.widthwise.lab.figure.FigureRun;
import org.widthwise.lab.figure.FigureSettings;
import org.widthwise.lab.figure.Preset;
import org.widthwise.lab.run.Json;
import org.widthwise.torch.engine.Libtorch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code widthwise reproduce}. */
@Command(
    name = "reproduce",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Trains the networks of the paper's figures, measures them and draws the figures.",
      "A finished run is stored at once; the same command goes on where it was stopped."
    })
final class ReproduceCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "ITEM",
      arity = "0..*",
      description = "what to reproduce, as 'widthwise list' names it; everything by default")
  private List<String> items = new ArrayList<>();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "where runs and results go (default: ${DEFAULT-VALUE})")
  private Path out = Path.of("out");

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      description = "how much to run: quick, standard or paper (default: quick)")
  private Preset preset = Preset.QUICK;

  @Option(
      names = "--widths",
      split = ",",
      paramLabel = "N",
      description = "hidden widths, such as 16,64,256 (default: the preset's)")
  private @Nullable List<Long> widths;

  @Option(names = "--trials", paramLabel = "N", description = "networks of each kind")
  private @Nullable Integer trials;

  @Option(names = "--steps", paramLabel = "N", description = "training steps of each network")
  private @Nullable Integer steps;

  @Option(names = "--seed", paramLabel = "N", description = "decides data subsets and weights")
  private @Nullable Long seed;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "where CIFAR-10 is (default: WIDTHWISE_DATA, else what 'widthwise data fetch' got, else"
              + " the embedded stand-in)")
  private @Nullable Path data;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "networks trained at a time (default: one for each core)")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--resume",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "go on with the runs that DIR holds; --no-resume refuses a DIR that holds some")
  private boolean resume;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "of the verdicts on standard output: table or json (default: table)")
  private OutputFormat format = OutputFormat.TABLE;

  @Override
  public Integer call() throws InterruptedException {
    if (format == OutputFormat.CSV) {
      throw new ParameterException(
          spec.commandLine(), "--format csv: the values are in DIR/<item>.csv; use table or json");
    }
    if (out.toString().isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "--out is empty: name a directory, '.' for this one");
    }
    if (threads < 1) {
      throw new ParameterException(
          spec.commandLine(), "--threads must be at least 1, not " + threads);
    }
    List<FigureExperiment> figures =
        items.isEmpty()
            ? FigureExperiments.all()
            : items.stream().map(FigureExperiments::named).distinct().toList();
    List<FigureSettings> settings = figures.stream().map(this::settings).toList();
    ImageDataset dataset = DataLocator.ofSystem().cifar10(data, Split.TRAIN);
    List<String> preamble = new ArrayList<>();
    preamble.add("data: " + dataset.description());
    Libtorch.warnings(System.getenv()).forEach(warning -> preamble.add("warning: " + warning));
    List<FigureReport> reports = new ArrayList<>();
    for (int i = 0; i < figures.size(); i++) {
      reports.add(run(figures.get(i), settings.get(i), dataset, i == 0 ? preamble : List.of()));
    }
    print(reports);
    return 0;
  }

  private FigureSettings settings(FigureExperiment figure) {
    FigureSettings chosen = figure.settings(preset);
    chosen = widths == null ? chosen : chosen.withWidths(widths);
    chosen = trials == null ? chosen : chosen.withTrials(trials);
    chosen = steps == null ? chosen : chosen.withSteps(steps);
    return seed == null ? chosen : chosen.withSeed(seed);
  }

  private FigureReport run(
      FigureExperiment figure, FigureSettings settings, ImageDataset dataset, List<String> preamble)
      throws InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    ProgressPrinter progress =
        new ProgressPrinter(err, ProgressPrinter.onTerminal(), figure.id(), preamble);
    Thread onExit =
        new Thread(
            () ->
                err.printf(
                    "%nwidthwise: stopped; finished runs are kept in %s, and the same command goes"
                        + " on from there%n",
                    out));
    Libtorch.load(cache -> err.println("unpacking libtorch into " + cache + ", this once"));
    Runtime.getRuntime().addShutdownHook(onExit);
    try {
      return FigureRun.of(figure, settings, dataset, out)
          .withThreads(threads)
          .withResume(resume)
          .run(progress);
    } finally {
      progress.end();
      removeHook(onExit);
    }
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException alreadyEnding) {
      // The hook is what is being run.
    }
  }

  private void print(List<FigureReport> reports) {
    PrintWriter stdout = spec.commandLine().getOut();
    if (format == OutputFormat.JSON) {
      stdout.print(Json.write(reports.stream().map(FigureReport::summary).toList()));
      return;
    }
    for (FigureReport report : reports) {
      FigureTable.print(report, stdout);
    }
  }
}
