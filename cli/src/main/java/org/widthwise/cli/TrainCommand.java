package org.widthwise.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.widthwise.lab.data.DataException;
import org.widthwise.lab.data.ImageDataset;
import org.widthwise.lab.data.Split;
import org.widthwise.lab.data.TextCorpus;
import org.widthwise.lab.run.Json;
import org.widthwise.lab.train.Architecture;
import org.widthwise.lab.train.TrainingData;
import org.widthwise.lab.train.TrainingOutcome;
import org.widthwise.lab.train.TrainingReport;
import org.widthwise.lab.train.TrainingRun;
import org.widthwise.lab.train.TrainingSettings;
import org.widthwise.torch.distributed.GlooProcessGroup;
import org.widthwise.torch.distributed.Roster;
import org.widthwise.torch.engine.Libtorch;
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

  @Spec private CommandSpec spec;

  @Mixin private final ModelOptions model = new ModelOptions();

  @Mixin private final RecipeOptions recipe = new RecipeOptions();

  @Mixin private final OptimizerOptions optimizer = new OptimizerOptions();

  @Mixin private final TrainingOptions training = new TrainingOptions();

  @Mixin private final DatasetOptions dataset = new DatasetOptions();

  @Option(
      names = "--init",
      paramLabel = "FILE",
      description = "start from the weights in a checkpoint that has every parameter")
  private @Nullable Path initial;

  @Mixin private final TrainingOutputOptions outputs = new TrainingOutputOptions();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "of the result on standard output: table or json (default: table)")
  private OutputFormat format = OutputFormat.TABLE;

  @Mixin private final DeviceOptions devices = new DeviceOptions();

  @Mixin private final ProcessOptions processes = new ProcessOptions();

  private record Task(Architecture architecture, TrainingData data) {}

  @Override
  public Integer call() throws InterruptedException, IOException {
    requireSense();
    model.width();
    return new Teamwork(processes, spec.commandLine(), outputs.out()).run(this::train);
  }

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
    training.requireSense();
    optimizer.requireSense(training.steps(), recipe);
    outputs.requireSense();
    dataset.requireSense(model.kind());
  }

  private ParameterException bad(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private void train(@Nullable Roster roster) throws InterruptedException {
    TrainingSettings settings =
        training
            .settings()
            .withCheckpointEvery(outputs.checkpointEvery())
            .withDevice(devices.device());
    List<String> preamble = new ArrayList<>();
    Task task = model.kind() == ModelOptions.Kind.TRANSFORMER ? text() : images(preamble);
    preamble.add(0, "data: " + task.data().description());
    preamble.addAll(LibtorchNotices.warnings());
    TrainingRun run =
        TrainingRun.of(
            task.architecture(),
            recipe.recipe(),
            optimizer.settings(training.steps(), recipe.recipe()),
            task.data(),
            settings);
    run = outputs.keep(initial == null ? run : run.withInitialWeights(initial));
    PrintWriter err = spec.commandLine().getErr();
    LibtorchNotices.load(err);
    int threadsBefore = Libtorch.threads();
    processes.threads().ifPresent(Libtorch::setThreads);
    try (GlooProcessGroup group =
        roster == null ? null : GlooProcessGroup.of(roster, processes.masterAddress())) {
      run = group == null ? run : run.withGroup(group);
      LocalTraining local = new LocalTraining(err);
      if (group == null || group.rank() == 0) {
        print(run, local.lead(run, preamble, outputs.out(), outputs.monitor()));
      } else {
        local.follow(run);
      }
    } finally {
      processes.threads().ifPresent(own -> Libtorch.setThreads(threadsBefore));
    }
  }

  private Task text() {
    TextCorpus corpus = dataset.text();
    return new Task(
        model.forText(corpus.vocabularySize(), recipe.parametrization(), model.width()),
        TrainingData.text(corpus, model.context(), training.examples()));
  }

  private Task images(List<String> notes) {
    ImageDataset images = dataset.images(Split.TRAIN);
    Optional<ImageDataset> test;
    try {
      test = Optional.of(dataset.images(Split.TEST));
    } catch (DataException absent) {
      // A directory may well hold nothing but what one wants to train on.
      notes.add("no held-out images: " + absent.getMessage());
      test = Optional.empty();
    }
    Architecture architecture =
        model.forImages(
            images.channels(), images.features(), images.classNames().size(), model.width());
    boolean flat = architecture instanceof Architecture.Perceptron;
    return new Task(architecture, TrainingData.images(images, test, training.examples(), flat));
  }

  private void print(TrainingRun run, TrainingOutcome outcome) {
    PrintWriter stdout = spec.commandLine().getOut();
    if (format == OutputFormat.JSON) {
      stdout.print(Json.write(new TrainingReport(run.configuration(), outcome)));
    } else {
      TrainingTable.print(stdout, outcome);
    }
  }
}
