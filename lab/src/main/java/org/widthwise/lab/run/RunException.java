package org.widthwise.lab.run;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A run that cannot be started or resumed as asked. The message is one line for the user. */
public final class RunException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * With a message.
   *
   * @param message what is wrong, and what would be right
   */
  public RunException(String message) {
    super(message);
  }

  /**
   * A file or directory that cannot be read.
   *
   * @param path the file or directory
   * @param cause what the system said
   * @return the exception
   */
  public static RunException unreadable(Path path, IOException cause) {
    return new RunException("cannot read %s: %s".formatted(path, reason(cause)), cause);
  }

  /**
   * A file or directory that cannot be written.
   *
   * @param path the file or directory
   * @param cause what the system said
   * @return the exception
   */
  public static RunException unwritable(Path path, IOException cause) {
    return new RunException("cannot write to %s: %s".formatted(path, reason(cause)), cause);
  }

  /** The exceptions of java.nio.file often have the bare path for a message. */
  private static String reason(IOException cause) {
    if (cause instanceof NoSuchFileException missing) {
      return "there is no " + missing.getFile();
    }
    if (cause instanceof AccessDeniedException denied) {
      return "no permission for " + denied.getFile();
    }
    if (cause instanceof FileAlreadyExistsException file) {
      return file.getFile() + " is no directory";
    }
    if (cause instanceof FileSystemException failed && failed.getReason() != null) {
      return "%s (%s)".formatted(failed.getReason(), failed.getFile());
    }
    String message = cause.getMessage();
    return message == null
        ? cause.getClass().getSimpleName()
        : cause.getClass().getSimpleName() + ": " + message;
  }

  /**
   * With a message and a cause.
   *
   * @param message what is wrong, and what would be right
   * @param cause why
   */
  public RunException(String message, Throwable cause) {
    super(message, cause);
  }
}
