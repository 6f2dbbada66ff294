package org.widthwise.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.widthwise.lab.experiment.Drawing;
import org.widthwise.lab.experiment.ItemReport;
import org.widthwise.lab.report.ReportPage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code widthwise draw}. */
@Command(
    name = "draw",
    mixinStandardHelpOptions = true,
    description =
        "Makes the results again, from the stored runs alone; those of unfinished studies too.")
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
    List<ItemReport> reports = Drawing.drawAll(directory);
    reports.forEach(report -> ItemTable.print(report, out));
    out.println("all together: " + directory.resolve(ReportPage.FILE));
    return 0;
  }
}
