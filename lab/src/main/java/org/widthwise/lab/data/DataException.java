package org.widthwise.lab.data;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Data that is missing, damaged or too small for what is asked of it. The message is one line that
 * says what is wrong and what would be right, fit to be shown to a user as it stands.
 */
public final class DataException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private static final Pattern LINE_BREAK = Pattern.compile("\\s*\\R\\s*");

  /**
   * Creates the exception.
   *
   * @param message what is wrong and what would be right; line breaks become spaces
   */
  public DataException(String message) {
    super(oneLine(message));
  }

  /**
   * Creates the exception with the failure that led to it.
   *
   * @param message what is wrong and what would be right; line breaks become spaces
   * @param cause the failure underneath
   */
  public DataException(String message, Throwable cause) {
    super(oneLine(message), cause);
  }

  /** Says that reading or writing {@code path} failed, in words rather than by exception class. */
  static DataException inputOutput(String action, Path path, IOException cause) {
    return new DataException("cannot " + action + " " + path + ": " + reason(cause), cause);
  }

  /** The reason of an input/output failure in words. */
  static String reason(IOException cause) {
    if (cause instanceof NoSuchFileException) {
      return "it does not exist";
    }
    if (cause instanceof AccessDeniedException) {
      return "permission denied";
    }
    String message = cause.getMessage();
    String kind = cause.getClass().getSimpleName();
    return message == null ? kind : message + " (" + kind + ")";
  }

  private static String oneLine(String message) {
    return LINE_BREAK.matcher(message.strip()).replaceAll(" ");
  }
}
