package org.widthwise.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import org.widthwise.audit.MalformedFileException;
import org.widthwise.lab.data.DataException;
import org.widthwise.lab.run.RunException;
import org.widthwise.torch.distributed.PeerException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns what went wrong into one line for the user and an exit code. */
final class Errors {

  private static final int FAILED = 1;
  private static final int BAD_INPUT = 2;
  private static final int INTERRUPTED = 130;

  /** Set to anything to see where a failure came from. */
  private static final String DEBUG = "WIDTHWISE_DEBUG";

  private Errors() {}

  static int onParameter(ParameterException exception, String[] args) {
    CommandLine commandLine = exception.getCommandLine();
    commandLine
        .getErr()
        .printf(
            "widthwise: %s; '%s --help' tells more%n",
            describe(exception), commandLine.getCommandSpec().qualifiedName());
    return BAD_INPUT;
  }

  private static String describe(ParameterException exception) {
    if (exception instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()) {
      String noun =
          exception.getCommandLine().getSubcommands().isEmpty()
              ? "unexpected argument"
              : "unknown command";
      List<String> similar = unmatched.getSuggestions();
      return "%s '%s'%s"
          .formatted(
              noun,
              oneLine(unmatched.getUnmatched().get(0)),
              similar.isEmpty()
                  ? ""
                  : " (did you mean %s?)".formatted(String.join(" or ", similar)));
    }
    String message = exception.getMessage();
    return oneLine(message == null ? "wrong options" : message);
  }

  static int onExecution(Exception exception, CommandLine commandLine, ParseResult parseResult) {
    PrintWriter err = commandLine.getErr();
    if (System.getenv(DEBUG) != null) {
      exception.printStackTrace(err);
    }
    if (exception instanceof InterruptedException) {
      err.println("widthwise: interrupted");
      return INTERRUPTED;
    }
    err.println("widthwise: " + describe(exception));
    return isBadInput(exception) ? BAD_INPUT : FAILED;
  }

  private static boolean isBadInput(Exception exception) {
    return exception instanceof DataException
        || exception instanceof RunException
        || exception instanceof MalformedFileException
        || exception instanceof IllegalArgumentException
        || exception instanceof UncheckedIOException
        || exception instanceof IOException;
  }

  private static String describe(Exception exception) {
    String message = exception.getMessage();
    if (message == null || message.isBlank()) {
      message = exception.getClass().getSimpleName();
    }
    return isBadInput(exception) || exception instanceof PeerException
        ? oneLine(message)
        : "%s (set %s=1 to see where)".formatted(oneLine(message), DEBUG);
  }

  /** Libtorch's messages go on for pages after their first line. */
  private static String oneLine(String message) {
    String first = message.lines().findFirst().orElse("");
    return first.replaceAll("\\p{Cntrl}", "?");
  }
}
