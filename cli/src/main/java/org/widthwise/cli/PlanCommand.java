package org.widthwise.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.widthwise.audit.checkpoint.Checkpoints;
import org.widthwise.audit.model.CountOverride;
import org.widthwise.audit.model.InferredModel;
import org.widthwise.audit.model.InferredParameter;
import org.widthwise.audit.model.ModelDescription;
import org.widthwise.audit.model.ParameterInference;
import org.widthwise.audit.plan.PlanFile;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.Recipe;
import org.widthwise.lab.run.AtomicFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
          "a checkpoint of any kind that audit reads, a file or a directory, of which only names"
              + " and shapes are read; a plan file; or JSON:"
              + " {\"parameters\":[{\"name\":…,\"shape\":[fan_out,fan_in],\"role\":…}]}")
  private Path model;

  @Mixin private final RuleOptions rules = new RuleOptions();

  @Option(
      names = "--lr",
      paramLabel = "X",
      description = "global learning rate (default: 1, so that rates read as factors)")
  private double learningRate = 1;

  @Option(
      names = "--base",
      paramLabel = "MODEL",
      description =
          "the same model at the width where it was tuned, a plan file for one; the plan then"
              + " changes nothing there")
  private @Nullable Path base;

  @Mixin private final DeclarationOptions declarations = new DeclarationOptions();

  @Option(
      names = "--branches",
      paramLabel = "GLOB=N",
      description =
          "says how many residual branches are summed, for parameters inside of one:"
              + " 'blocks.*=24'; --depth-scaling goes by it; may be repeated")
  private List<String> branches = new ArrayList<>();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "table; json, which is a plan file; csv; pytorch, for docs/widthwise_torch.py; or optax"
              + " (default: table)")
  private PlanFormat format = PlanFormat.TABLE;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "write there, whole or not at all (default: standard output)")
  private @Nullable Path out;

  @Override
  public Integer call() throws IOException {
    requirePlace();
    Recipe recipe = rules.recipe(learningRate);
    ParameterInference inference =
        new ParameterInference(
                declarations.roles(),
                declarations.maps(),
                branches.stream().map(CountOverride::parse).toList())
            .withFusedAsStacks();
    ModelDescription description = Checkpoints.describe(model);
    InferredModel inferred;
    Plan plan;
    if (base == null) {
      inferred = inference.infer(description);
      plan = recipe.plan(inferred.plain());
    } else {
      ModelDescription baseDescription = Checkpoints.describe(base);
      inferred = inference.inferRelativeTo(description, baseDescription);
      plan =
          recipe.planRelativeTo(
              inferred.plain(), ParameterInference.counterparts(baseDescription, inferred));
    }
    tellOfSkipped(inferred);
    print(new PlanFile(plan, origins(inferred)));
    return 0;
  }

  private void requirePlace() {
    if (out == null) {
      return;
    }
    if (out.toString().isEmpty()) {
      throw new IllegalArgumentException("--out is empty: name a file");
    }
    Path directory = out.toAbsolutePath().getParent();
    if (Files.isDirectory(out) || directory == null || !Files.isDirectory(directory)) {
      throw new IllegalArgumentException(
          "--out %s: must be a file in a directory that is there".formatted(out));
    }
  }

  private void tellOfSkipped(InferredModel inferred) {
    SkippedLines.print(
        spec.commandLine().getErr(),
        "not planned",
        inferred.skipped(),
        " (if it is trained, say --role 'NAME=ROLE')");
    if (inferred.parameters().isEmpty()) {
      throw new IllegalArgumentException(
          model + ": no parameter's role can be told; say what they are with --role 'GLOB=ROLE'");
    }
  }

  private static Map<String, PlanFile.Origin> origins(InferredModel inferred) {
    Map<String, PlanFile.Origin> origins = new LinkedHashMap<>();
    for (InferredParameter parameter : inferred.parameters()) {
      origins.put(
          parameter.parameter().name(),
          new PlanFile.Origin(parameter.declaredShape(), Optional.of(parameter.reason())));
    }
    return origins;
  }

  private void print(PlanFile plan) throws IOException {
    String text = PlanText.of(plan, format);
    if (out == null) {
      spec.commandLine().getOut().print(text);
    } else {
      AtomicFiles.write(out, text);
    }
  }
}
