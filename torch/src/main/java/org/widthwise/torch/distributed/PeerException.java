package org.widthwise.torch.distributed;

/** Another process of the group ended, failed or is too slow. The message is one line. */
public final class PeerException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * With a message.
   *
   * @param message which process, and what became of it
   */
  public PeerException(String message) {
    super(message);
  }

  /**
   * With a message and a cause.
   *
   * @param message which process, and what became of it
   * @param cause how it was noticed
   */
  public PeerException(String message, Throwable cause) {
    super(message, cause);
  }
}
