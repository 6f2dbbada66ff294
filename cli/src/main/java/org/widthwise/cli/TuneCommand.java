package org.widthwise.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.widthwise.audit.plan.PlanFile;
import org.widthwise.core.shape.Parameter;
import org.widthwise.core.shape.ParameterGroup;
import org.widthwise.lab.run.AtomicFiles;
import org.widthwise.lab.run.Json;
import org.widthwise.sweep.definition.SweepDefinition;
import org.widthwise.sweep.definition.SweepTask;
import org.widthwise.sweep.definition.TrialConfiguration;
import org.widthwise.sweep.run.SweepData;
import org.widthwise.sweep.run.TrainingExecutor;
import org.widthwise.sweep.store.SweepState;
import org.widthwise.sweep.store.SweepStore;
import org.widthwise.sweep.store.TrialState;
import org.widthwise.sweep.tune.PrefactorAxis;
import org.widthwise.sweep.tune.StoredTrainer;
import org.widthwise.sweep.tune.TuneBudget;
import org.widthwise.sweep.tune.TuneResult;
import org.widthwise.sweep.tune.TuneSettings;
import org.widthwise.sweep.tune.Tuning;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code widthwise tune}. */
@Command(
    name = "tune",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Tunes the global learning rate and the roles' prefactors at narrow widths, and says what to",
      "train a wide network with. What is to be trained is said as of 'widthwise sweep'. The same",
      "command goes on where it was stopped."
    })
final class TuneCommand implements Callable<Integer> {

  /** What {@code --format json} prints. */
  record Document(
      String name,
      String model,
      String data,
      String parametrization,
      String optimizer,
      String metric,
      int steps,
      List<Integer> widths,
      List<Long> seeds,
      List<String> tuned,
      TuneResult result) {}

  private static final String USUAL_NAME = "tune";
  private static final String USUAL_SEEDS = "0,1,2";

  /** The widest narrow width is no less, where a quarter of the target allows it. */
  private static final int LEAST_WIDEST = 64;

  private static final double USUAL_BUDGET = 0.05;

  /** The search's cost is then about that of the fit. */
  private static final int USUAL_CANDIDATES = 20;

  @Spec private CommandSpec spec;

  @Mixin private final SweepFlags flags = new SweepFlags();

  @Mixin private final SweepWork work = new SweepWork();

  @Mixin private final LossMetric metric = new LossMetric();

  @Option(
      names = "--target",
      paramLabel = "N",
      required = true,
      description = "the width that is to be trained")
  private int target;

  @Option(
      names = "--check",
      paramLabel = "N",
      description =
          "the width between the narrow ones and the target at which the prediction is tried"
              + " (default: twice the widest narrow one)")
  private int check;

  @Option(
      names = "--budget",
      paramLabel = "SHARE",
      description =
          "of the operations of a sweep at the target: without --widths the narrow widths are as"
              + " wide as it allows (default: 0.05)")
  private double budget = USUAL_BUDGET;

  @Option(
      names = "--tune",
      paramLabel = "ROLE.WHAT,…",
      description =
          "the prefactors that are searched, such as input.init,readout.rate, or none (default:"
              + " init and rate of input, readout and embedding, as far as the network has them)")
  private @Nullable String tuned;

  @Option(
      names = "--candidates",
      paramLabel = "N",
      description = "sets of prefactors that are tried, a sixth of which goes on (default: 20)")
  private int candidates = USUAL_CANDIDATES;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "where tune.json and plan.json go (default: nothing is written)")
  private @Nullable Path out;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "of the result on standard output: table or json (default: table)")
  private OutputFormat format = OutputFormat.TABLE;

  @Override
  public Integer call() throws IOException, InterruptedException {
    work.requireSense();
    if (format == OutputFormat.CSV) {
      throw new ParameterException(
          spec.commandLine(), "--format: a tuning is no table of rows; use table or json");
    }
    TuneBudget spent = new TuneBudget(budget);
    ObjectNode tree = tree();
    boolean free = !tree.hasNonNull("widths") && check == 0;
    SweepDefinition definition = definition(tree);
    SweepTask task = definition.task();
    SweepData data = work.load(task);
    TuneSettings least = settings(definition, data);
    TuneSettings settings = free ? spent.widen(least, data::flopsOfStep) : least;
    try (SweepStore store = SweepStore.open(work.storage())) {
      PrintWriter err = spec.commandLine().getErr();
      work.tellOfData(data);
      err.printf(
          Locale.ROOT,
          "narrow widths %s, check at %d: about %.1f %% of the operations of a sweep at %d%n",
          settings.widths(),
          settings.check(),
          100 * TuneBudget.reckoned(settings, data::flopsOfStep),
          settings.target());
      StoredTrainer trainer =
          new StoredTrainer(
              store,
              definition.name(),
              task,
              data,
              stage -> {
                err.println(stage.name());
                SweepState state = work.run(store, stage, data);
                if (state.count(TrialState.FAILED) > 0) {
                  err.printf(
                      "widthwise: %d trials failed, which count as diverged; 'widthwise sweep"
                          + " export --name %s' says how%n",
                      state.count(TrialState.FAILED), stage.name());
                }
                return state;
              });
      TuneResult result =
          new Tuning(settings, trainer, data::flopsOfStep, task.warmUp(), data.passes()).run();
      Document document =
          new Document(
              definition.name(),
              Words.of(task.network().kind()),
              data.training().name(),
              settings.plan().parametrization(),
              settings.plan().optimizer(),
              settings.metric(),
              task.steps(),
              settings.widths(),
              settings.seeds(),
              settings.axes().stream().map(PrefactorAxis::id).toList(),
              result);
      write(document, settings, task, data);
      PrintWriter stdout = spec.commandLine().getOut();
      if (format == OutputFormat.JSON) {
        stdout.print(Json.write(document));
      } else {
        TuneTable.print(result, stdout);
      }
      return 0;
    }
  }

  private ObjectNode tree() {
    if (target < 1) {
      throw new ParameterException(
          spec.commandLine(), "--target is a width, not %d".formatted(target));
    }
    return flags.tree();
  }

  private SweepDefinition definition(ObjectNode tree) {
    putIfAbsent(tree, "name", USUAL_NAME);
    putIfAbsent(tree, "seeds", USUAL_SEEDS);
    int widest = Math.min(Integer.highestOneBit(target / 4), LEAST_WIDEST);
    putIfAbsent(
        tree,
        "widths",
        Stream.of(widest / 4, widest / 2, widest)
            .map(width -> Integer.toString(Math.max(1, width)))
            .collect(Collectors.joining(",")));
    return SweepDefinition.parse(tree);
  }

  private static void putIfAbsent(ObjectNode tree, String key, String value) {
    if (!tree.hasNonNull(key)) {
      tree.put(key, value);
    }
  }

  private TuneSettings settings(SweepDefinition definition, SweepData data) {
    List<TrialConfiguration> trials = definition.trials();
    List<String> series = trials.stream().map(TrialConfiguration::series).distinct().toList();
    if (series.size() > 1) {
      throw new ParameterException(
          spec.commandLine(),
          "one plan is tuned at a time, but there are %d: %s"
              .formatted(series.size(), String.join("; ", series)));
    }
    List<Integer> widths = trials.stream().map(TrialConfiguration::width).distinct().toList();
    int widest = widths.stream().mapToInt(width -> width).max().orElseThrow();
    List<ParameterGroup> groups =
        data.architecture(trials.get(0)).parameters().stream()
            .map(Parameter::shape)
            .map(shape -> shape.group())
            .distinct()
            .toList();
    return new TuneSettings(
        trials.get(0),
        trials.stream().map(TrialConfiguration::learningRate).toList(),
        definition.seeds(),
        widths,
        check == 0 ? 2 * widest : check,
        target,
        definition.task().steps(),
        axes(groups),
        candidates,
        metric(data));
  }

  private String metric(SweepData data) {
    String stored = metric.stored();
    if (stored.equals(TrainingExecutor.HELD_OUT_LOSS) && data.training().heldOut().isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "--metric held-out-loss: the data have no examples that training does not see; add the"
              + " test images, or leave some out with --examples");
    }
    return stored;
  }

  private List<PrefactorAxis> axes(List<ParameterGroup> groups) {
    if (tuned == null) {
      return Stream.of("input", "readout", "embedding")
          .filter(group -> groups.contains(ParameterGroup.named(group)))
          .flatMap(group -> Stream.of(group + ".init", group + ".rate"))
          .map(PrefactorAxis::parse)
          .toList();
    }
    if (tuned.equalsIgnoreCase("none")) {
      return List.of();
    }
    List<PrefactorAxis> axes =
        Arrays.stream(tuned.split(",", -1)).map(PrefactorAxis::parse).toList();
    for (PrefactorAxis axis : axes) {
      if (!groups.contains(axis.group())) {
        throw new ParameterException(
            spec.commandLine(),
            "--tune: the network has no %s; it has %s"
                .formatted(
                    axis.group().id(),
                    groups.stream().map(ParameterGroup::id).collect(Collectors.joining(", "))));
      }
    }
    return axes;
  }

  private void write(Document document, TuneSettings settings, SweepTask task, SweepData data)
      throws IOException {
    if (out == null) {
      return;
    }
    Files.createDirectories(out);
    AtomicFiles.write(out.resolve("tune.json"), Json.write(document));
    TuneResult result = document.result();
    if (Double.isNaN(result.learningRate())) {
      // Of an earlier tuning: there is no plan now.
      Files.deleteIfExists(out.resolve("plan.json"));
      return;
    }
    Map<String, Double> inits = result.inits();
    TrialConfiguration plan =
        settings.plan().withPrefactors(inits, result.rates()).at(target, result.learningRate());
    PlanFile.of(plan.recipe(task.decayConvention()).plan(data.architecture(plan).parameters()))
        .write(out.resolve("plan.json"));
  }
}
