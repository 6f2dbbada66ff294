package org.widthwise.lab.experiment;

/** What a directory holds of an item. */
public sealed interface ItemState {

  /**
   * The item.
   *
   * @return one of {@link PaperItems#all}
   */
  PaperItem item();

  /**
   * At least one of its runs is finished.
   *
   * @param item the item
   * @param report what came of it so far
   */
  record Reported(PaperItem item, ItemReport report) implements ItemState {}

  /**
   * There are files, but they cannot be read.
   *
   * @param item the item
   * @param problem why, and what to do about it
   */
  record Unreadable(PaperItem item, String problem) implements ItemState {}

  /**
   * None of its runs is finished.
   *
   * @param item the item
   */
  record NotRun(PaperItem item) implements ItemState {}
}
