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
import org.widthwise.lab.experiment.ItemReport;
import org.widthwise.lab.experiment.PaperItem;
import org.widthwise.lab.experiment.PaperItems;
import org.widthwise.lab.experiment.Preset;
import org.widthwise.lab.experiment.Reproduction;
import org.widthwise.lab.experiment.Settings;
import org.widthwise.lab.report.ReportPage;
import org.widthwise.lab.run.Json;
import org.widthwise.torch.engine.ComputeDevice;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
      "Runs the paper's experiments and draws its figures, tables and claims, with verdicts.",
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

  @Option(
      names = "--batches",
      split = ",",
      paramLabel = "B",
      description = "batch sizes, such as 16,64,256, for items that have them (fig1, fig3)")
  private @Nullable List<Long> batches;

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
      description = "networks trained at a time (default: one for each core, and one on a GPU)")
  private @Nullable Integer threads;

  @Mixin private final DeviceOptions devices = new DeviceOptions();

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
    devices.requireSense();
    if (threads != null && threads < 1) {
      throw new ParameterException(
          spec.commandLine(), "--threads must be at least 1, not " + threads);
    }
    List<PaperItem> chosen =
        items.isEmpty()
            ? PaperItems.all()
            : items.stream().map(PaperItems::named).distinct().toList();
    requireSense(chosen);
    ComputeDevice device = devices.device();
    ImageDataset dataset = DataLocator.ofSystem().cifar10(data, Split.TRAIN);
    List<String> preamble = new ArrayList<>();
    preamble.add("data: " + dataset.description());
    preamble.addAll(LibtorchNotices.warnings());
    print(
        run(
            Reproduction.of(chosen, preset, dataset, out)
                .withSettings(settings -> change(settings).withDevice(device))
                .withThreads(threads == null ? DeviceOptions.usualThreads(device) : threads)
                .withResume(resume),
            preamble));
    return 0;
  }

  private Settings change(Settings settings) {
    Settings changed = settings;
    changed = widths == null || isForOthers(widths, changed) ? changed : changed.withWidths(widths);
    changed = batches == null || !changed.hasBatches() ? changed : changed.withBatches(batches);
    changed = trials == null ? changed : changed.withTrials(trials);
    changed = steps == null || !changed.trains() ? changed : changed.withSteps(steps);
    return seed == null ? changed : changed.withSeed(seed);
  }

  /** Several widths are not for a study that the paper makes at one width. */
  private static boolean isForOthers(List<Long> given, Settings settings) {
    return given.size() > 1 && settings.widths().size() == 1;
  }

  /** An option that nothing would heed is a mistake, and so is one that is out of range. */
  private void requireSense(List<PaperItem> chosen) {
    List<Settings> settings = chosen.stream().map(item -> item.study().settings(preset)).toList();
    if (widths != null && settings.stream().allMatch(each -> isForOthers(widths, each))) {
      throw new ParameterException(
          spec.commandLine(), "--widths: the items have one hidden width: give one, or none");
    }
    if (batches != null && settings.stream().noneMatch(Settings::hasBatches)) {
      throw new ParameterException(
          spec.commandLine(), "--batches: none of the items has batch sizes to choose");
    }
    if (steps != null && settings.stream().noneMatch(Settings::trains)) {
      throw new ParameterException(
          spec.commandLine(), "--steps: none of the items has a number of steps to choose");
    }
    settings.forEach(this::change);
  }

  private List<ItemReport> run(Reproduction reproduction, List<String> preamble)
      throws InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    LibtorchNotices.load(err);
    try (ExitHook hook = new ExitHook("say what is kept", () -> sayWhatIsKept(err)).add();
        ReproductionProgress progress = new ReproductionProgress(err, preamble)) {
      return reproduction.run(progress);
    }
  }

  private void sayWhatIsKept(PrintWriter err) {
    err.printf(
        "%nwidthwise: stopped; finished runs are kept in %s, and the same command goes on from"
            + " there%n",
        out);
  }

  private void print(List<ItemReport> reports) {
    PrintWriter stdout = spec.commandLine().getOut();
    if (format == OutputFormat.JSON) {
      stdout.print(Json.write(reports.stream().map(ItemReport::summary).toList()));
      return;
    }
    for (ItemReport report : reports) {
      ItemTable.print(report, stdout);
    }
    stdout.println("all together: " + out.resolve(ReportPage.FILE));
  }
}
