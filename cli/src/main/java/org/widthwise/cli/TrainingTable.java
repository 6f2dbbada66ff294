package org.widthwise.cli;

import java.io.PrintWriter;
import java.util.Locale;
import org.widthwise.lab.train.TrainingOutcome;

/** What came of a training, for people. */
final class TrainingTable {

  private TrainingTable() {}

  static void print(PrintWriter stdout, TrainingOutcome outcome) {
    line(stdout, "parameters", Long.toString(outcome.parameters()));
    line(stdout, "steps", outcome.steps() + (outcome.diverged() ? ", then diverged" : ""));
    line(stdout, "training loss", number(outcome.trainingLoss()));
    line(stdout, "held-out loss", number(outcome.heldOutLoss()));
    line(stdout, "held-out accuracy", number(outcome.heldOutAccuracy()));
    line(stdout, "seconds", String.format(Locale.ROOT, "%.1f", outcome.seconds()));
    if (outcome.checkpoint() != null) {
      line(stdout, "checkpoint", outcome.checkpoint());
    }
  }

  private static void line(PrintWriter stdout, String what, String value) {
    stdout.printf("%-18s %s%n", what, value);
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "none" : String.format(Locale.ROOT, "%.4f", value);
  }
}
