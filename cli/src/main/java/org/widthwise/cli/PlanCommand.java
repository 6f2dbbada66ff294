package org.widthwise.cli;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.widthwise.audit.UntrustedText;
import org.widthwise.audit.model.InferredModel;
import org.widthwise.audit.model.InferredParameter;
import org.widthwise.audit.model.ModelDescription;
import org.widthwise.audit.model.ParameterInference;
import org.widthwise.audit.model.RoleOverride;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.PlannedParameter;
import org.widthwise.core.plan.Prefactor;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.plan.Scale;
import org.widthwise.core.plan.WeightDecayConvention;
import org.widthwise.core.shape.Fans;
import org.widthwise.core.shape.ParameterGroup;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.lab.run.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code widthwise plan}. */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Tells what each parameter's initial standard deviation, learning rate, weight decay and ε",
      "should be, from names and shapes alone."
    })
final class PlanCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "MODEL",
      description =
          "a .safetensors file, of which only the header is read, or JSON:"
              + " {\"parameters\":[{\"name\":…,\"shape\":[fan_out,fan_in],\"role\":…}]}")
  private Path model;

  @Option(
      names = "--parametrization",
      paramLabel = "NAME",
      description =
          "spectral, mup, sp, ntp, or abc: and exponents of width for each layer, such as"
              + " 'abc:input=-1/2,1/2,0;hidden=0,1/2,0;readout=1/2,1/2,0' (default: spectral)")
  private String parametrization = "spectral";

  @Option(
      names = "--optimizer",
      paramLabel = "NAME",
      required = true,
      description =
          "sgd, adam, adamw, rmsprop, lion, sign, adafactor, muon, muon-keller-jordan,"
              + " muon-adam-rms, muon-spectral, scion-spectral, scion-sign, scion-column, shampoo,"
              + " soap, spectral-descent, frobenius-descent or frobenius-relative")
  private String optimizer;

  @Option(
      names = "--base",
      paramLabel = "MODEL",
      description =
          "the same model at the width where it was tuned; the plan then changes nothing there")
  private @Nullable Path base;

  @Option(
      names = "--lr",
      paramLabel = "X",
      description = "global learning rate (default: 1, so that rates read as factors)")
  private double learningRate = 1;

  @Option(
      names = "--gain",
      paramLabel = "X",
      description = "of the activation, on the init of matrices: 1.4142 for ReLU (default: 1)")
  private double gain = 1;

  @Option(
      names = "--weight-decay",
      paramLabel = "X",
      description = "global weight decay (default: 0)")
  private double weightDecay;

  @Option(
      names = "--decay-convention",
      paramLabel = "NAME",
      description =
          "independent: rate times decay stays the same; fixed: the decay does; sqrt-fan-in: it"
              + " grows with the root of the fan-in (default: independent)")
  private String decayConvention = WeightDecayConvention.INDEPENDENT.id();

  @Option(names = "--epsilon", paramLabel = "X", description = "global ε (default: 1e-8)")
  private @Nullable Double epsilon;

  @Option(
      names = "--prefactor",
      paramLabel = "GROUP=INIT,RATE",
      description =
          "multiplies init and rate of a group: input, hidden, readout, embedding, bias, gain or"
              + " scalar; may be repeated")
  private Map<ParameterGroup, String> prefactors = new LinkedHashMap<>();

  @Option(
      names = "--role",
      paramLabel = "GLOB=ROLE",
      description =
          "says what parameters are, such as 'tok*=embedding': matrix, convolution, embedding,"
              + " bias, gain, scalar, or a layer: input, hidden, readout; may be repeated")
  private List<String> roles = new ArrayList<>();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "table, json or csv (default: table)")
  private OutputFormat format = OutputFormat.TABLE;

  @Override
  public Integer call() throws IOException {
    Recipe recipe = recipe();
    ParameterInference inference =
        new ParameterInference(roles.stream().map(RoleOverride::parse).toList());
    ModelDescription description = ModelDescription.read(model);
    InferredModel inferred;
    Plan plan;
    if (base == null) {
      inferred = inference.infer(description);
      plan = recipe.plan(inferred.plain());
    } else {
      ModelDescription baseDescription = ModelDescription.read(base);
      inferred = inference.inferRelativeTo(description, baseDescription);
      plan =
          recipe.planRelativeTo(
              inferred.plain(), ParameterInference.counterparts(baseDescription, inferred));
    }
    PrintWriter err = spec.commandLine().getErr();
    inferred
        .skipped()
        .forEach(
            skipped ->
                err.printf(
                    "not planned: %s: %s (if it is trained, say --role 'NAME=ROLE')%n",
                    UntrustedText.escape(skipped.name()), skipped.reason()));
    if (inferred.parameters().isEmpty()) {
      throw new IllegalArgumentException(
          model + ": no parameter's role can be told; say what they are with --role 'GLOB=ROLE'");
    }
    print(plan, inferred);
    return 0;
  }

  private Recipe recipe() {
    Recipe recipe =
        Recipe.of(Parametrizations.named(parametrization), UpdateRules.named(optimizer))
            .withLearningRate(learningRate)
            .withGain(gain)
            .withWeightDecay(weightDecay, WeightDecayConvention.named(decayConvention));
    recipe = epsilon == null ? recipe : recipe.withEpsilon(epsilon);
    for (Map.Entry<ParameterGroup, String> entry : prefactors.entrySet()) {
      recipe = recipe.withPrefactor(entry.getKey(), prefactor(entry.getValue()));
    }
    return recipe;
  }

  private static Prefactor prefactor(String text) {
    String[] numbers = text.split(",", -1);
    try {
      if (numbers.length == 2) {
        return new Prefactor(Double.parseDouble(numbers[0]), Double.parseDouble(numbers[1]));
      }
    } catch (NumberFormatException noNumber) {
      throw new IllegalArgumentException(
          "--prefactor takes GROUP=INIT,RATE, such as readout=8,1; '%s' is no such pair"
              .formatted(text),
          noNumber);
    }
    throw new IllegalArgumentException(
        "--prefactor takes GROUP=INIT,RATE, such as readout=8,1; '%s' is no such pair"
            .formatted(text));
  }

  private void print(Plan plan, InferredModel inferred) throws IOException {
    Map<String, InferredParameter> byName =
        inferred.parameters().stream().collect(Collectors.toMap(p -> p.parameter().name(), p -> p));
    List<Row> rows = new ArrayList<>();
    for (PlannedParameter planned : plan.parameters()) {
      InferredParameter parameter = byName.get(planned.name());
      if (parameter == null) {
        throw new IllegalStateException("not inferred: " + planned.name());
      }
      rows.add(Row.of(planned, parameter));
    }
    PrintWriter out = spec.commandLine().getOut();
    switch (format) {
      case TABLE -> printTable(rows, out);
      case JSON ->
          out.print(
              Json.write(
                  new Document(
                      plan.recipe().parametrization().id(),
                      plan.recipe().updateRule().id(),
                      learningRate,
                      rows)));
      case CSV -> printCsv(rows, out);
    }
  }

  private static void printTable(List<Row> rows, PrintWriter out) {
    Table table =
        new Table(
            "name",
            "shape",
            "role",
            "layer",
            "fan-in",
            "fan-out",
            "init mean",
            "init σ",
            "rate",
            "decay",
            "ε",
            "multiplier",
            "target ‖·‖₂",
            "why");
    for (Row row : rows) {
      table.add(
          UntrustedText.escape(row.name()),
          row.shape().toString(),
          row.role(),
          row.layer(),
          Long.toString(row.fanIn()),
          Long.toString(row.fanOut()),
          number(row.initMean()),
          number(row.initStd()),
          number(row.learningRate()),
          number(row.weightDecay()),
          row.epsilon() == null ? "" : number(row.epsilon()),
          number(row.multiplier()),
          number(row.targetSpectralNorm()),
          row.reason());
    }
    table.print(out);
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e6
        ? String.format(Locale.ROOT, "%.0f", value)
        : String.format(Locale.ROOT, "%.4g", value);
  }

  private static void printCsv(List<Row> rows, PrintWriter out) throws IOException {
    StringWriter text = new StringWriter();
    try (CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(text)) {
      csv.writeRecord(
          "name",
          "shape",
          "role",
          "layer",
          "fan_in",
          "fan_out",
          "init_mean",
          "init_std",
          "learning_rate",
          "weight_decay",
          "epsilon",
          "multiplier",
          "target_spectral_norm",
          "reason");
      for (Row row : rows) {
        csv.writeRecord(
            row.name(),
            row.shape().stream().map(String::valueOf).collect(Collectors.joining("x")),
            row.role(),
            row.layer(),
            Long.toString(row.fanIn()),
            Long.toString(row.fanOut()),
            Double.toString(row.initMean()),
            Double.toString(row.initStd()),
            Double.toString(row.learningRate()),
            Double.toString(row.weightDecay()),
            row.epsilon() == null ? "" : Double.toString(row.epsilon()),
            Double.toString(row.multiplier()),
            Double.toString(row.targetSpectralNorm()),
            row.reason());
      }
    }
    out.print(text);
  }

  /** What {@code --format json} prints; its keys are a contract. */
  private record Document(
      String parametrization, String optimizer, double learningRate, List<Row> parameters) {}

  private record Row(
      String name,
      List<Long> shape,
      String role,
      String layer,
      long fanIn,
      long fanOut,
      double initMean,
      double initStd,
      double learningRate,
      double weightDecay,
      @Nullable Double epsilon,
      double multiplier,
      double targetSpectralNorm,
      String reason) {

    static Row of(PlannedParameter planned, InferredParameter inferred) {
      ParameterShape shape = planned.shape();
      Fans fans = shape.fans();
      Scale scale = planned.scale();
      OptionalDouble epsilon = scale.epsilon();
      return new Row(
          planned.name(),
          inferred.declaredShape(),
          shape.role().id(),
          shape.layer().id(),
          fans.fanIn(),
          fans.fanOut(),
          scale.initMean(),
          scale.initStd(),
          scale.learningRate(),
          scale.weightDecay(),
          epsilon.isPresent() ? epsilon.getAsDouble() : null,
          scale.multiplier(),
          scale.targetSpectralNorm(),
          inferred.reason());
    }
  }
}
