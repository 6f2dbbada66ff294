package org.widthwise.lab.run;

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
   * With a message and a cause.
   *
   * @param message what is wrong, and what would be right
   * @param cause why
   */
  public RunException(String message, Throwable cause) {
    super(message, cause);
  }
}
