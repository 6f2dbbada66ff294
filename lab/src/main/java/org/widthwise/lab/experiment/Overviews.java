package org.widthwise.lab.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.ServiceLoader;
import org.widthwise.lab.run.RunException;

/** Has every {@link Overview} written. */
final class Overviews {

  private Overviews() {}

  /**
   * Reads what is not known of a directory, and writes.
   *
   * @param out the directory with the results
   * @param known reports of the directory as it is now
   * @throws RunException if a file cannot be written
   */
  static void write(Path out, Collection<ItemReport> known) {
    List<ItemState> items = PaperItems.all().stream().map(item -> state(item, out, known)).toList();
    try {
      for (Overview overview :
          ServiceLoader.load(Overview.class, Overview.class.getClassLoader())) {
        overview.write(out, items);
      }
    } catch (IOException unwritable) {
      throw RunException.unwritable(out, unwritable);
    }
  }

  private static ItemState state(PaperItem item, Path out, Collection<ItemReport> known) {
    try {
      for (ItemReport report : known) {
        if (report.item().equals(item.id())) {
          return state(item, report);
        }
      }
      return Files.isDirectory(Drawing.runs(out, item.study().id()))
          ? state(item, Drawing.read(item, out))
          : new ItemState.NotRun(item);
    } catch (RunException unreadable) {
      // Damage to one study's files shall not stop the others.
      return new ItemState.Unreadable(item, String.valueOf(unreadable.getMessage()));
    }
  }

  private static ItemState state(PaperItem item, ItemReport report) {
    return report.missing() < report.runs()
        ? new ItemState.Reported(item, report)
        : new ItemState.NotRun(item);
  }
}
