package org.widthwise.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

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
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:it was done",
      "1:something failed that was not yours",
      "2:the input or the options are wrong; one line says how",
      "130:interrupted; what was finished is kept",
    })
public final class Main {

  private static final List<Class<?>> COMMANDS =
      List.of(
          ReproduceCommand.class,
          DrawCommand.class,
          ListCommand.class,
          PlanCommand.class,
          TrainCommand.class,
          SweepCommand.class,
          TransferCommand.class,
          TuneCommand.class,
          CheckCommand.class,
          AuditCommand.class,
          DataCommand.class,
          DoctorCommand.class,
          CommandLine.HelpCommand.class);

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
    int code;
    try {
      code = execute(out, err, args);
    } catch (OutOfMemoryError full) {
      err.println(
          "widthwise: the Java heap is too small for this: WIDTHWISE_JAVA_OPTS=-Xmx8g gives it"
              + " 8 GB");
      code = CommandLine.ExitCode.SOFTWARE;
    }
    System.exit(ended(out, err, code));
  }

  /** The exit code, when all that is left to write is written. */
  static int ended(PrintWriter out, PrintWriter err, int code) {
    // It flushes.
    if (!out.checkError()) {
      return code;
    }
    err.println(
        "widthwise: standard output took less than was to be written (a full disk, or a reader that"
            + " ended): the result there is not whole");
    return code == CommandLine.ExitCode.OK ? CommandLine.ExitCode.SOFTWARE : code;
  }

  /**
   * The command line for some words. Only of commands that are among the words the options are
   * known, of the others name and description: to look at the options of all takes longer than what
   * many a command does.
   *
   * @param args the words of the command line
   * @return what reads them
   */
  public static CommandLine commandLine(String... args) {
    Set<String> words = Set.copyOf(Arrays.asList(args));
    CommandLine commandLine = new CommandLine(new Main());
    for (Class<?> type : COMMANDS) {
      Command command = Objects.requireNonNull(type.getAnnotation(Command.class), type::getName);
      boolean wanted = words.contains(command.name()) || command.helpCommand();
      commandLine.addSubcommand(
          command.name(), wanted ? new CommandLine(type) : nameAndDescription(command));
    }
    return commandLine;
  }

  private static CommandLine nameAndDescription(Command command) {
    CommandSpec spec = CommandSpec.create().name(command.name());
    spec.usageMessage().header(command.header()).description(command.description());
    return new CommandLine(spec);
  }

  /** Runs the command in this JVM. */
  static int execute(PrintWriter out, PrintWriter err, String... args) {
    CommandLine commandLine = commandLine(args);
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
