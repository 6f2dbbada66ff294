package org.widthwise.lab.run;

import java.util.List;
import java.util.Optional;

/** A member that can be trained together with others like it, where that is faster. */
public interface JointMember extends Member {

  /**
   * With which others of its study: those that say the same.
   *
   * @return a value; empty for none, as on a CPU, where each is faster by itself
   */
  Optional<Object> company();

  /**
   * Trains and measures several. Each result is what {@link Member#run} gives, to rounding.
   *
   * @param members of the same company, this one among them
   * @param progress told the share of the work done, from 0 to 1, now and then
   * @return what was measured, in their order
   * @throws InterruptedException if the thread was interrupted; nothing is left behind
   */
  List<MemberResult> runTogether(List<JointMember> members, ShareListener progress)
      throws InterruptedException;
}
