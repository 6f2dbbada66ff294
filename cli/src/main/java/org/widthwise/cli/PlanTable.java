package org.widthwise.cli;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.widthwise.audit.UntrustedText;
import org.widthwise.audit.plan.PlanFile;
import org.widthwise.core.plan.PlannedParameter;
import org.widthwise.core.plan.Scale;
import org.widthwise.core.shape.Fans;
import org.widthwise.core.shape.ParameterShape;

/** Plans with a line for each parameter. */
final class PlanTable {

  private PlanTable() {}

  /** For people; columns in which all parameters are alike are left out where they are unusual. */
  static void print(PlanFile file, PrintWriter out) {
    boolean rules = differ(file, p -> p.rule().id());
    boolean branches =
        file.plan().parameters().stream().anyMatch(p -> p.scale().branchMultiplier() != 1);
    List<String> header =
        new ArrayList<>(
            List.of(
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
                "target ‖·‖₂"));
    if (branches) {
      header.add("branch");
    }
    if (rules) {
      header.add("rule");
    }
    header.add("why");
    Table table = new Table(header.toArray(String[]::new));
    for (PlannedParameter planned : file.plan().parameters()) {
      ParameterShape shape = planned.shape();
      Scale scale = planned.scale();
      PlanFile.Origin origin = file.origin(planned.name());
      List<String> row =
          new ArrayList<>(
              List.of(
                  UntrustedText.escape(planned.name()),
                  origin.shape().toString(),
                  role(shape),
                  shape.layer().id(),
                  Long.toString(shape.fans().fanIn()),
                  Long.toString(shape.fans().fanOut()),
                  number(scale.initMean()),
                  number(scale.initStd()),
                  number(scale.learningRate()),
                  number(scale.weightDecay()),
                  scale.epsilon().isPresent() ? number(scale.epsilon().getAsDouble()) : "",
                  number(scale.multiplier()),
                  number(scale.targetSpectralNorm())));
      if (branches) {
        row.add(number(scale.branchMultiplier()));
      }
      if (rules) {
        row.add(planned.rule().id());
      }
      row.add(origin.reason().orElse(""));
      table.add(row.toArray(String[]::new));
    }
    table.print(out);
  }

  private static boolean differ(PlanFile file, Function<PlannedParameter, String> what) {
    return file.plan().parameters().stream().map(what).distinct().count() > 1;
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e6
        ? String.format(Locale.ROOT, "%.0f", value)
        : String.format(Locale.ROOT, "%.4g", value);
  }

  /** For spreadsheets; the columns are the keys of a parameter in a plan file. */
  static String csv(PlanFile file) throws IOException {
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
          "reason",
          "dimensions",
          "maps",
          "branches",
          "optimizer",
          "branch_multiplier");
      for (PlannedParameter planned : file.plan().parameters()) {
        ParameterShape shape = planned.shape();
        Fans fans = shape.fans();
        Scale scale = planned.scale();
        PlanFile.Origin origin = file.origin(planned.name());
        csv.writeRecord(
            planned.name(),
            joined(origin.shape()),
            shape.role().id(),
            shape.layer().id(),
            Long.toString(fans.fanIn()),
            Long.toString(fans.fanOut()),
            Double.toString(scale.initMean()),
            Double.toString(scale.initStd()),
            Double.toString(scale.learningRate()),
            Double.toString(scale.weightDecay()),
            scale.epsilon().isPresent() ? Double.toString(scale.epsilon().getAsDouble()) : "",
            Double.toString(scale.multiplier()),
            Double.toString(scale.targetSpectralNorm()),
            origin.reason().orElse(""),
            joined(shape.dimensions()),
            Integer.toString(shape.maps()),
            Integer.toString(planned.branches()),
            planned.rule().id(),
            Double.toString(scale.branchMultiplier()));
      }
    }
    return text.toString();
  }

  private static String joined(List<Long> dimensions) {
    return dimensions.stream().map(String::valueOf).collect(Collectors.joining("x"));
  }

  /** What a parameter is, such as {@code 3 × matrix}. */
  static String role(ParameterShape shape) {
    return shape.maps() == 1
        ? shape.role().id()
        : "%d × %s".formatted(shape.maps(), shape.role().id());
  }
}
