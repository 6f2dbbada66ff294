package org.widthwise.lab.run;

/** A member whose duration can be told from shorter ones like it. */
public interface ProbedMember extends Member {

  /**
   * How many steps it trains.
   *
   * @return the number
   */
  int steps();

  /**
   * The same network, trained for fewer steps.
   *
   * @param steps the number
   * @return a member whose result means nothing, but takes as long
   */
  Member shortened(int steps);
}
