package org.widthwise.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command {@code widthwise}. */
@Command(
    name = "widthwise",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Tune narrow, train wide: the spectral condition for feature learning at work.",
      ""
    },
    subcommands = {
      ReproduceCommand.class,
      DrawCommand.class,
      ListCommand.class,
      PlanCommand.class,
      TrainCommand.class,
      SweepCommand.class,
      TransferCommand.class,
      CheckCommand.class,
      AuditCommand.class,
      DataCommand.class,
      DoctorCommand.class,
      CommandLine.HelpCommand.class,
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:it was done",
      "1:something failed that was not yours",
      "2:the input or the options are wrong; one line says how",
      "130:interrupted; what was finished is kept",
    })
public final class Main {

  /** Made by the command line parser. */
  public Main() {}

  /**
   * Runs the command and ends the JVM with its exit code.
   *
   * @param args the words of the command line
   */
  public static void main(String[] args) {
    PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int code = execute(out, err, args);
    out.flush();
    System.exit(code);
  }

  /** Runs the command in this JVM. */
  static int execute(PrintWriter out, PrintWriter err, String... args) {
    CommandLine commandLine = new CommandLine(new Main());
    commandLine.setOut(out).setErr(err);
    Converters.register(commandLine);
    commandLine.setUsageHelpAutoWidth(true);
    commandLine.setParameterExceptionHandler(Errors::onParameter);
    commandLine.setExecutionExceptionHandler(Errors::onExecution);
    if (args.length == 0) {
      commandLine.usage(out);
      return CommandLine.ExitCode.OK;
    }
    return commandLine.execute(args);
  }
}
