package org.widthwise.audit;

import java.nio.file.Path;

/**
 * A file cannot be used: it is missing, unreadable, or breaks a rule of its format.
 *
 * <p>The message is one line: the file, the place in it, what is wrong and what would be right.
 * Text that came from the file is escaped in it.
 */
public final class MalformedFileException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String file;

  /**
   * Names the file and the problem.
   *
   * @param file the file at fault
   * @param problem what is wrong, where in the file, and what would be right; one line, with text
   *     from the file escaped by {@link UntrustedText}
   */
  public MalformedFileException(Path file, String problem) {
    super(UntrustedText.escape(file.toString()) + ": " + problem);
    this.file = file.toString();
  }

  /**
   * Names the file, the problem and what it came from.
   *
   * @param file the file at fault
   * @param problem what is wrong, as in the other constructor
   * @param cause the failure underneath
   */
  public MalformedFileException(Path file, String problem, Throwable cause) {
    super(UntrustedText.escape(file.toString()) + ": " + problem, cause);
    this.file = file.toString();
  }

  /**
   * Returns the file at fault.
   *
   * @return its path as it was given, not escaped
   */
  public String file() {
    return file;
  }
}
