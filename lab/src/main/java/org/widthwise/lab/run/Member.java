package org.widthwise.lab.run;

/** One network or matrix to be made and measured, independent of all others. */
public interface Member {

  /**
   * Which member it is.
   *
   * @return its key
   */
  MemberKey key();

  /**
   * How much work it is, in floating-point operations; what takes its time otherwise counts as so
   * many of them as a processor would have done meanwhile.
   *
   * @return the work, above 0
   */
  double work();

  /**
   * How much memory it needs at most.
   *
   * @return an estimate in bytes
   */
  double memoryBytes();

  /**
   * Trains and measures.
   *
   * @param progress told the share of the work done, from 0 to 1, now and then
   * @return what was measured
   * @throws InterruptedException if the thread was interrupted; nothing is left behind
   */
  MemberResult run(ShareListener progress) throws InterruptedException;

  /** Told how far a member is. */
  @FunctionalInterface
  interface ShareListener {
    /**
     * A member got further.
     *
     * @param share the share of its work that is done, from 0 to 1
     */
    void done(double share);
  }
}
