package org.widthwise.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.lab.data.DataException;
import org.widthwise.lab.data.DataLocator;
import org.widthwise.lab.data.ImageDataset;
import org.widthwise.lab.data.Split;
import org.widthwise.lab.data.TextCorpus;
import org.widthwise.lab.run.Json;
import org.widthwise.lab.train.Architecture;
import org.widthwise.lab.train.Objective;
import org.widthwise.lab.train.TrainingData;
import org.widthwise.lab.train.TrainingOutcome;
import org.widthwise.lab.train.TrainingReport;
import org.widthwise.lab.train.TrainingRun;
import org.widthwise.lab.train.TrainingSettings;
import org.widthwise.lab.train.WatchedTraining;
import org.widthwise.torch.distributed.GlooProcessGroup;
import org.widthwise.torch.distributed.Roster;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.optim.GradientClipping;
import org.widthwise.torch.optim.Momentum;
import org.widthwise.torch.optim.OptimizerSettings;
import org.widthwise.torch.optim.Schedule;
import org.widthwise.torch.optim.Schedules;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code widthwise train}. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Trains one network: an mlp or a resnet on images, a transformer on characters.",
      "With --out, checkpoints are kept, and the same command goes on from the last one."
    })
final class TrainCommand implements Callable<Integer> {

  /** What networks are trained on. */
  enum Dataset {
    CIFAR10,
    MNIST,
    TEXT
  }

  /** How learning rates go over time. */
  enum RateShape {
    CONSTANT,
    LINEAR,
    COSINE
  }

  private static final int USUAL_BATCH = 64;

  @Spec private CommandSpec spec;

  @Mixin private final ModelOptions model = new ModelOptions();

  @Mixin private final RecipeOptions recipe = new RecipeOptions();

  @Option(
      names = "--schedule",
      paramLabel = "NAME",
      description =
          "of the rates: constant, or linear or cosine to zero after the last step (default:"
              + " constant)")
  private RateShape shape = RateShape.CONSTANT;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      description = "steps in which the rates grow to their full size first (default: 0)")
  private long warmUp;

  @Option(
      names = "--momentum",
      paramLabel = "X",
      description = "of --optimizer sgd: the share of the last direction that is kept (default: 0)")
  private double momentum;

  @Option(
      names = "--clip",
      paramLabel = "X",
      description =
          "shrink gradients to this size, measured over what the plan expects and so the same at"
              + " every width (default: never)")
  private double clip = Double.POSITIVE_INFINITY;

  @Option(
      names = "--loss",
      paramLabel = "NAME",
      description =
          "cross-entropy, or mse with targets +1 for the class and -1 for the others (default:"
              + " cross-entropy)")
  private String loss = Objective.CROSS_ENTROPY.id();

  @Option(names = "--steps", paramLabel = "N", required = true, description = "updates to make")
  private long steps;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "examples of a step, drawn in a shuffled order (default: 64)")
  private @Nullable Integer batch;

  @Option(
      names = "--full-batch",
      description = "each step takes all examples, in the order of the files")
  private boolean fullBatch;

  @Option(
      names = "--examples",
      paramLabel = "N",
      description = "train on the first N examples of the files alone")
  private @Nullable Integer examples;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "decides first weights and order (default: 0)")
  private long seed;

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      description = "float32 or float64 (default: float32)")
  private String precision = "float32";

  @Option(
      names = "--dataset",
      paramLabel = "NAME",
      description = "cifar10 or mnist for images, text for a transformer (default: cifar10, text)")
  private @Nullable Dataset dataset;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "where the data set is: cifar-10-batches-bin/, mnist/ or text/*.txt in it, or a text file"
              + " (default: WIDTHWISE_DATA, else the user's cache, else an embedded stand-in)")
  private @Nullable Path data;

  @Option(
      names = "--init",
      paramLabel = "FILE",
      description = "start from the weights in a checkpoint that has every parameter")
  private @Nullable Path initial;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "where checkpoints and the result go (default: nothing is kept)")
  private @Nullable Path out;

  @Option(
      names = "--checkpoint-every",
      paramLabel = "N",
      description = "steps from one checkpoint to the next (default: one at the end)")
  private @Nullable Long checkpointEvery;

  @Option(
      names = "--log",
      paramLabel = "FILE",
      description = "CSV: the loss of each step's batch, before the step's update")
  private @Nullable Path log;

  @Option(
      names = "--monitor",
      paramLabel = "DIR",
      description =
          "watch weights, updates and features against the spectral condition: monitor.csv and a"
              + " TensorBoard event file go there, and what leaves its band is told")
  private @Nullable Path monitor;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "of the result on standard output: table or json (default: table)")
  private OutputFormat format = OutputFormat.TABLE;

  @Mixin private final DeviceOptions devices = new DeviceOptions();

  @Mixin private final ProcessOptions processes = new ProcessOptions();

  @Override
  public Integer call() throws InterruptedException, IOException {
    requireSense();
    model.width();
    return new Teamwork(processes, spec.commandLine(), out).run(this::train);
  }

  private void train(@Nullable Roster roster) throws InterruptedException {
    TrainingSettings settings =
        TrainingSettings.withDefaults(steps)
            .withBatch(batch == null ? USUAL_BATCH : batch)
            .withFullBatch(fullBatch)
            .withSeed(seed)
            .withObjective(Objective.named(loss))
            .withPrecision(model.precision("--dtype", precision))
            .withCheckpointEvery(checkpointEvery == null ? 0 : checkpointEvery)
            .withDevice(devices.device());
    List<String> preamble = new ArrayList<>();
    Task task = model.kind() == ModelOptions.Kind.TRANSFORMER ? text() : images(preamble);
    preamble.add(0, "data: " + task.data().description());
    Libtorch.warnings(System.getenv()).forEach(warning -> preamble.add("warning: " + warning));
    TrainingRun training =
        TrainingRun.of(task.architecture(), recipe.recipe(), rules(), task.data(), settings);
    training = initial == null ? training : training.withInitialWeights(initial);
    training = out == null ? training : training.withDirectory(out);
    training = log == null ? training : training.withLog(log);
    PrintWriter err = spec.commandLine().getErr();
    Libtorch.load(cache -> err.println("unpacking libtorch into " + cache + ", this once"));
    int threadsBefore = Libtorch.threads();
    processes.threads().ifPresent(Libtorch::setThreads);
    try (GlooProcessGroup group =
        roster == null ? null : GlooProcessGroup.of(roster, processes.masterAddress())) {
      training = group == null ? training : training.withGroup(group);
      if (group == null || group.rank() == 0) {
        print(training, run(training, preamble));
      } else {
        Teamwork.follow(training, err);
      }
    } finally {
      processes.threads().ifPresent(own -> Libtorch.setThreads(threadsBefore));
    }
  }

  private OptimizerSettings rules() {
    OptimizerSettings rules = OptimizerSettings.withDefaults().withSchedule(schedule());
    if (clip != Double.POSITIVE_INFINITY) {
      rules = rules.withClipping(new GradientClipping(clip));
    }
    return momentum == 0 ? rules : rules.with(new Momentum(momentum, false));
  }

  private Schedule schedule() {
    return switch (shape) {
      case CONSTANT -> new Schedules.Constant(warmUp);
      case LINEAR -> new Schedules.Linear(warmUp, steps, 0);
      case COSINE -> new Schedules.Cosine(warmUp, steps, 0);
    };
  }

  private record Task(Architecture architecture, TrainingData data) {}

  private void requireSense() {
    model.requireSense();
    processes.requireSense();
    devices.requireSense();
    if (devices.isOther() && processes.areSeveral()) {
      throw bad("--device: several processes train on CPUs alone; leave it out, or --nproc");
    }
    if (format == OutputFormat.CSV) {
      throw bad("--format csv: the losses go to --log FILE; use table or json");
    }
    if (out != null && out.toString().isEmpty()) {
      throw bad("--out is empty: name a directory, '.' for this one");
    }
    if (fullBatch && batch != null) {
      throw bad("--batch and --full-batch exclude each other: a step takes so many, or all");
    }
    if (batch != null && batch < 1) {
      throw bad("--batch must be at least 1, not " + batch);
    }
    if (examples != null && examples < 1) {
      throw bad("--examples must be at least 1, not " + examples);
    }
    if (steps < 1) {
      throw bad("--steps must be at least 1, not " + steps);
    }
    if (warmUp < 0 || warmUp > steps) {
      throw bad("--warm-up takes from 0 to all %d steps, not %d".formatted(steps, warmUp));
    }
    if (checkpointEvery != null && checkpointEvery < 1) {
      throw bad("--checkpoint-every must be at least 1, not " + checkpointEvery);
    }
    if (checkpointEvery != null && out == null) {
      throw bad("--checkpoint-every: checkpoints need a place, --out DIR");
    }
    if (momentum != 0 && !recipe.recipe().updateRule().equals(UpdateRules.SGD)) {
      throw bad(
          "--momentum is of --optimizer sgd; %s has its own"
              .formatted(recipe.recipe().updateRule().id()));
    }
    if (monitor != null && monitor.toString().isEmpty()) {
      throw bad("--monitor is empty: name a directory, '.' for this one");
    }
    boolean transformer = model.kind() == ModelOptions.Kind.TRANSFORMER;
    if (dataset != null && transformer != (dataset == Dataset.TEXT)) {
      throw bad(
          "--dataset %s: a %s is trained on %s"
              .formatted(
                  ModelOptions.word(dataset),
                  ModelOptions.word(model.kind()),
                  transformer ? "text" : "images, cifar10 or mnist"));
    }
  }

  private ParameterException bad(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private Task text() {
    TextCorpus corpus = DataLocator.ofSystem().textOrStandIn(data);
    Architecture architecture =
        model.forText(corpus.vocabularySize(), recipe.parametrization(), model.width());
    return new Task(
        architecture, TrainingData.text(corpus, model.context(), Optional.ofNullable(examples)));
  }

  private Task images(List<String> notes) {
    ImageDataset images = images(Split.TRAIN);
    Optional<ImageDataset> test;
    try {
      test = Optional.of(images(Split.TEST));
    } catch (DataException absent) {
      // A directory may well hold nothing but what one wants to train on.
      notes.add("no held-out images: " + absent.getMessage());
      test = Optional.empty();
    }
    Architecture architecture =
        model.forImages(
            images.channels(), images.features(), images.classNames().size(), model.width());
    return new Task(
        architecture,
        TrainingData.images(
            images,
            test,
            Optional.ofNullable(examples),
            architecture instanceof Architecture.Perceptron));
  }

  private ImageDataset images(Split split) {
    DataLocator locator = DataLocator.ofSystem();
    return dataset == Dataset.MNIST ? locator.mnist(data, split) : locator.cifar10(data, split);
  }

  private TrainingOutcome run(TrainingRun training, List<String> preamble)
      throws InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    TrainingProgress progress = new TrainingProgress(err, ProgressPrinter.onTerminal(), preamble);
    StopRequest stop = StopRequest.ofTraining(err, out);
    WatchedTraining watched =
        monitor == null
            ? null
            : new WatchedTraining(monitor, finding -> progress.note("monitor: " + finding));
    stop.listen();
    try {
      TrainingRun asked = watched == null ? training : training.withObserver(watched);
      return asked.run(progress, stop::isMade);
    } finally {
      progress.end();
      if (watched != null) {
        watched.verdict().ifPresent(verdict -> err.println("monitor: " + verdict.text()));
      }
      stop.ended();
    }
  }

  private void print(TrainingRun training, TrainingOutcome outcome) {
    PrintWriter stdout = spec.commandLine().getOut();
    if (format == OutputFormat.JSON) {
      stdout.print(Json.write(new TrainingReport(training.configuration(), outcome)));
    } else {
      TrainingTable.print(stdout, outcome);
    }
  }
}
