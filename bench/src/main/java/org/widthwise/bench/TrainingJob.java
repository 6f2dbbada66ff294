package org.widthwise.bench;

/** A network with its data and its optimizer, to be trained from the same start again and again. */
interface TrainingJob {

  /**
   * Trains from the start.
   *
   * @param steps how many steps
   * @return the loss after the last one
   * @throws InterruptedException if the thread is interrupted
   */
  double train(long steps) throws InterruptedException;
}
