package org.widthwise.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import org.widthwise.audit.MalformedFileException;
import org.widthwise.lab.data.DataException;
import org.widthwise.lab.run.RunException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

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
    PrintWriter err = commandLine.getErr();
    err.println("widthwise: " + describe(exception));
    CommandLine.UnmatchedArgumentException.printSuggestions(exception, err);
    err.printf("Try '%s --help'.%n", commandLine.getCommandSpec().qualifiedName());
    return BAD_INPUT;
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
    return isBadInput(exception)
        ? oneLine(message)
        : "%s (set %s=1 to see where)".formatted(oneLine(message), DEBUG);
  }

  /** Libtorch's messages go on for pages after their first line. */
  private static String oneLine(String message) {
    String first = message.lines().findFirst().orElse("");
    return first.replaceAll("\\p{Cntrl}", "?");
  }
}
