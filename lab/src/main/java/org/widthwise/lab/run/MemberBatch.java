package org.widthwise.lab.run;

import java.util.List;

/**
 * The members of one study, with the place where their results go.
 *
 * @param study the study's name, for the progress
 * @param members all of its members
 * @param store where finished ones are and go
 * @param whenFinished called once, when every member is stored; from the thread of the last one
 */
public record MemberBatch(
    String study, List<Member> members, RunStore store, Runnable whenFinished) {

  /**
   * Copies the list.
   *
   * @param study the study's name
   * @param members all of its members
   * @param store where finished ones are and go
   * @param whenFinished called once, when every member is stored
   */
  public MemberBatch {
    members = List.copyOf(members);
  }
}
