package org.widthwise.djl.example;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.loss.Loss;
import ai.djl.translate.TranslateException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.djl.init.PlannedInitializer;
import org.widthwise.djl.optim.PlannedOptimizer;
import org.widthwise.djl.plan.BlockParameters;

/** The code of docs/djl.md: run here, and compared with what the guide prints. */
class GuideTest {

  private static final String BEGIN = "// guide: begin\n";
  private static final String END = "// guide: end\n";

  private static ArrayDataset data(NDManager manager) {
    NDList inputs = new Perceptron(16).inputs(manager);
    NDList labels = new Perceptron(16).labels(manager);
    return new ArrayDataset.Builder()
        .setData(inputs.head())
        .optLabels(labels.head())
        .setSampling(32, false)
        .build();
  }

  @Tag("engine")
  @Test
  void theCodeTrains(@TempDir Path directory) throws IOException, TranslateException {
    int width = 256;
    float before = 0;
    // guide: begin
    Linear first = Linear.builder().setUnits(width).build();
    Linear last = Linear.builder().setUnits(1).build();
    SequentialBlock block =
        new SequentialBlock()
            .add(first)
            .add(Activation.reluBlock())
            .add(Linear.builder().setUnits(width).build())
            .add(Activation.reluBlock())
            .add(last);
    Recipe recipe =
        Recipe.of(Parametrizations.SPECTRAL, UpdateRules.ADAM)
            .withLearningRate(0.03)
            .withGain(Math.sqrt(2));
    try (Model model = Model.newInstance("perceptron")) {
      model.setBlock(block);
      block.initialize(model.getNDManager(), DataType.FLOAT32, new Shape(32, 16));
      BlockParameters parameters = BlockParameters.of(block).input(first).readout(last);
      Plan plan = recipe.plan(parameters.parameters());
      PlannedInitializer.withSeed(0).initialize(parameters, plan);
      PlannedOptimizer optimizer = PlannedOptimizer.of(parameters, plan);

      DefaultTrainingConfig config =
          new DefaultTrainingConfig(Loss.l2Loss()).optOptimizer(optimizer);
      try (Trainer trainer = model.newTrainer(config)) {
        trainer.initialize(new Shape(32, 16));
        // guide: end
        before = loss(trainer);
        // guide: begin
        EasyTrain.fit(trainer, 60, data(trainer.getManager()), null);
        // guide: end
        assertThat(loss(trainer)).isLessThan(0.5f * before);
        Path state = directory.resolve("optimizer.state");
        // guide: begin
        try (OutputStream out = Files.newOutputStream(state)) {
          optimizer.save(out); // beside Model.save, which knows the weights alone
        }
        // guide: end
        try (InputStream in = Files.newInputStream(state)) {
          optimizer.load(in);
        }
        // guide: begin
      }
    }
    // guide: end
  }

  private static float loss(Trainer trainer) {
    try (NDManager manager = trainer.getManager().newSubManager()) {
      Perceptron example = new Perceptron(16);
      NDList outputs = trainer.evaluate(example.inputs(manager));
      return trainer.getLoss().evaluate(example.labels(manager), outputs).getFloat();
    }
  }

  @Test
  void theGuidePrintsTheCode() throws IOException {
    Path root = Path.of("").toAbsolutePath().getParent();
    String source =
        Files.readString(
            root.resolve("djl/src/test/java/org/widthwise/djl/example/GuideTest.java"));
    List<String> regions = new ArrayList<>();
    for (String part : source.split(BEGIN, -1)) {
      int end = part.indexOf(END);
      if (end >= 0 && !part.startsWith("package")) {
        regions.add(part.substring(0, part.lastIndexOf('\n', end) + 1));
      }
    }
    assertThat(regions).hasSize(4);
    String code =
        regions.stream()
            .flatMap(String::lines)
            .map(line -> line.isBlank() ? "" : line.substring("    ".length()))
            .collect(Collectors.joining("\n"));
    try (Stream<String> lines = Files.lines(root.resolve("docs/djl.md"))) {
      assertThat(lines.collect(Collectors.joining("\n"))).contains(code);
    }
  }
}
