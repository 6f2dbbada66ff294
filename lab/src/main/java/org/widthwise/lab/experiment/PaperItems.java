package org.widthwise.lab.experiment;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.widthwise.core.Registry;

/** The items by name. */
public final class PaperItems {

  private static final Registry<PaperItem> ALL =
      new Registry<>("item", PaperItem.class, PaperItem::id, List.of());

  private PaperItems() {}

  /**
   * Finds an item by name or alias.
   *
   * @param name the name, in any case
   * @return the item
   * @throws IllegalArgumentException if there is none; the message lists the known names
   */
  public static PaperItem named(String name) {
    String wanted = name.toLowerCase(Locale.ROOT);
    return all().stream()
        .filter(item -> item.aliases().contains(wanted))
        .findFirst()
        .orElseGet(() -> ALL.named(wanted));
  }

  /**
   * Every item.
   *
   * @return the items, in the paper's order
   */
  public static List<PaperItem> all() {
    return ALL.all().stream()
        .sorted(Comparator.comparingInt(PaperItem::place).thenComparing(PaperItem::id))
        .toList();
  }
}
