package org.widthwise.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.widthwise.audit.plan.OptaxLabels;
import org.widthwise.audit.plan.PlanFile;
import org.widthwise.audit.plan.PyTorchGroups;
import org.widthwise.lab.run.Json;

/** A plan in any of its formats. */
final class PlanText {

  private PlanText() {}

  static String of(PlanFile plan, PlanFormat format) throws IOException {
    return switch (format) {
      case TABLE -> table(plan);
      case JSON -> plan.json();
      case CSV -> PlanTable.csv(plan);
      case PYTORCH -> Json.write(PyTorchGroups.of(plan));
      case OPTAX -> Json.write(OptaxLabels.of(plan));
    };
  }

  private static String table(PlanFile plan) {
    StringWriter text = new StringWriter();
    PrintWriter writer = new PrintWriter(text);
    PlanTable.print(plan, writer);
    writer.flush();
    return text.toString();
  }
}
