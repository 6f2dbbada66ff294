package org.widthwise.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.widthwise.lab.figure.FigureReport;
import org.widthwise.lab.figure.FigureRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code widthwise draw}. */
@Command(
    name = "draw",
    mixinStandardHelpOptions = true,
    description =
        "Draws figures again, from the stored runs alone; those of unfinished experiments too.")
final class DrawCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "DIR",
      arity = "0..1",
      description = "what 'widthwise reproduce' had for --out (default: ${DEFAULT-VALUE})")
  private Path directory = Path.of("out");

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    List<FigureReport> reports = FigureRun.drawAll(directory);
    reports.forEach(report -> FigureTable.print(report, out));
    return 0;
  }
}
