package org.widthwise.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.widthwise.core.fit.PowerLawFit;
import org.widthwise.core.fit.Verdict;
import org.widthwise.core.plan.Recipe;
import org.widthwise.lab.check.CheckFigure;
import org.widthwise.lab.check.CheckResult;
import org.widthwise.lab.check.CheckSettings;
import org.widthwise.lab.check.CoordinateCheck;
import org.widthwise.lab.check.LayerCheck;
import org.widthwise.lab.check.ModelFamily;
import org.widthwise.lab.check.PooledExamples;
import org.widthwise.lab.check.QuantityCheck;
import org.widthwise.lab.data.DataLocator;
import org.widthwise.lab.data.ImageDataset;
import org.widthwise.lab.data.PooledImages;
import org.widthwise.lab.data.Split;
import org.widthwise.lab.data.TextCorpus;
import org.widthwise.lab.plot.Figure;
import org.widthwise.lab.plot.Figures;
import org.widthwise.lab.run.AtomicFiles;
import org.widthwise.lab.run.Json;
import org.widthwise.lab.train.TrainingData;
import org.widthwise.torch.optim.OptimizerSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code widthwise check}. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Checks whether a network moves alike at every width: a few steps of training at each,",
      "and for each layer the slopes of its weights, updates and features over width."
    })
final class CheckCommand implements Callable<Integer> {

  private static final int DISAGREES = 1;

  @Spec private CommandSpec spec;

  @Mixin private final ModelOptions model = new ModelOptions();

  @Mixin private final RecipeOptions recipe = new RecipeOptions();

  @Option(
      names = "--widths",
      split = ",",
      paramLabel = "N",
      description = "at least three, ascending (default: 64,128,256,512)")
  private List<Integer> widths = new ArrayList<>(CheckSettings.withDefaults().widths());

  @Option(
      names = "--trials",
      paramLabel = "N",
      description = "first weights and orders of examples at each width (default: 3)")
  private int trials = CheckSettings.withDefaults().trials();

  @Option(names = "--steps", paramLabel = "N", description = "updates to make (default: 8)")
  private int steps = CheckSettings.withDefaults().steps();

  @Option(names = "--batch", paramLabel = "N", description = "examples of a step (default: 32)")
  private int batch = CheckSettings.withDefaults().batch();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "decides first weights and order (default: 0)")
  private long seed;

  @Option(
      names = "--tolerance",
      paramLabel = "X",
      description = "how far a slope may be from 0 (default: 0.2)")
  private double tolerance = CheckSettings.withDefaults().tolerance();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "where the data set is: cifar-10-batches-bin/ or text/*.txt in it (default:"
              + " WIDTHWISE_DATA, else the user's cache, else an embedded stand-in)")
  private @Nullable Path data;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "where check.svg and check.png go (default: nothing is drawn)")
  private @Nullable Path out;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "of the result on standard output: table, json or csv (default: table)")
  private OutputFormat format = OutputFormat.TABLE;

  @Mixin private final DeviceOptions devices = new DeviceOptions();

  private record Task(ModelFamily family, TrainingData data) {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    model.requireSense();
    model.requireNoWidth();
    devices.requireSense();
    Recipe rules = recipe.recipe();
    CheckSettings settings =
        CheckSettings.withDefaults()
            .withWidths(widths)
            .withLength(trials, steps, batch)
            .withSeed(seed)
            .withTolerance(tolerance)
            .withDevice(devices.device());
    Task task = model.kind() == ModelOptions.Kind.TRANSFORMER ? text() : images();
    if (batch > task.data().training().count()) {
      throw new ParameterException(
          spec.commandLine(),
          "--batch: there are %d examples, not %d"
              .formatted(task.data().training().count(), batch));
    }
    if (out != null) {
      // Before the training, so that a place that cannot be written to costs no minutes.
      Files.createDirectories(out);
    }
    PrintWriter err = spec.commandLine().getErr();
    err.println("data: " + task.data().description());
    LibtorchNotices.load(err);
    CheckResult result =
        new CoordinateCheck(
                task.family(), rules::plan, OptimizerSettings.withDefaults(), task.data(), settings)
            .run(progress(err));
    print(result, task.data());
    if (out != null) {
      draw(out, result, task.data());
    }
    return result.verdict() == Verdict.FAILS ? DISAGREES : 0;
  }

  private static CoordinateCheck.Listener progress(PrintWriter err) {
    long start = System.nanoTime();
    return (done, all, width, share) -> {
      Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
      err.printf(
          "%d of %d networks, width %d%s%n",
          done,
          all,
          width,
          done == all
              ? ""
              : ", about " + TimeToGo.words(TimeToGo.after(elapsed, share)) + " to go");
      err.flush();
    };
  }

  private Task text() {
    TextCorpus corpus = DataLocator.ofSystem().textOrStandIn(data);
    return new Task(
        width -> model.forText(corpus.vocabularySize(), recipe.parametrization(), width),
        TrainingData.text(corpus, model.context(), Optional.empty()));
  }

  private Task images() {
    ImageDataset images = DataLocator.ofSystem().cifar10(data, Split.TRAIN);
    boolean flat = model.kind() == ModelOptions.Kind.MLP;
    TrainingData training =
        flat
            ? PooledExamples.of(images)
            : TrainingData.images(images, Optional.empty(), Optional.empty(), false);
    int features = flat ? PooledImages.features(images) : images.features();
    return new Task(
        width -> model.forImages(images.channels(), features, images.classNames().size(), width),
        training);
  }

  private void print(CheckResult result, TrainingData training) throws IOException {
    PrintWriter stdout = spec.commandLine().getOut();
    switch (format) {
      case TABLE -> CheckTable.print(result, stdout);
      case JSON -> stdout.print(Json.write(document(result, training)));
      case CSV -> stdout.print(CheckCsv.of(result));
    }
  }

  private Map<String, Object> document(CheckResult result, TrainingData training) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("model", Words.of(model.kind()));
    document.put("optimizer", recipe.words());
    document.put("data", training.description());
    document.put("widths", result.widths());
    document.put("trials", trials);
    document.put("steps", steps);
    document.put("tolerance", result.tolerance());
    document.put("verdict", Words.of(result.verdict()));
    List<Map<String, Object>> layers = new ArrayList<>();
    for (LayerCheck layer : result.layers()) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("name", layer.name());
      entry.put("role", layer.role());
      entry.put("layer", layer.layer());
      entry.put("verdict", Words.of(layer.verdict()));
      Map<String, Object> quantities = new LinkedHashMap<>();
      layer.quantities().forEach(check -> quantities.put(check.quantity().id(), json(check)));
      entry.put("quantities", quantities);
      layers.add(entry);
    }
    document.put("layers", layers);
    return document;
  }

  private static Map<String, Object> json(QuantityCheck check) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("judged", check.judged());
    values.put("verdict", Words.of(check.verdict()));
    values.put("slope", check.fit().map(PowerLawFit::exponent).orElse(null));
    values.put(
        "standard_error",
        check
            .fit()
            .map(fit -> fit.exponentStandardError())
            .filter(error -> error.isPresent())
            .map(error -> error.getAsDouble())
            .orElse(null));
    values.put("values", check.values());
    return values;
  }

  private void draw(Path directory, CheckResult result, TrainingData training) throws IOException {
    Figure figure =
        CheckFigure.of(
            "Coordinate check: %s, %s".formatted(Words.of(model.kind()), recipe.words()),
            result,
            List.of(training.description()));
    AtomicFiles.write(directory.resolve("check.svg"), Figures.toSvg(figure));
    AtomicFiles.write(directory.resolve("check.png"), Figures.toPng(figure));
  }
}
