package org.widthwise.cli;

/** What is to be done should the process end, as by Ctrl-C, while some work goes on. */
final class ExitHook implements AutoCloseable {

  private final Thread thread;

  /**
   * A hook that is not there yet.
   *
   * @param name of the thread
   * @param action which holds the end of the process up for as long as it takes
   */
  ExitHook(String name, Runnable action) {
    this.thread = new Thread(action, name);
  }

  /** From now on. */
  ExitHook add() {
    Runtime.getRuntime().addShutdownHook(thread);
    return this;
  }

  /** The work is over: nothing is to be done any more. */
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(thread);
    } catch (IllegalStateException alreadyEnding) {
      // The hook is what is being run.
    }
  }
}
