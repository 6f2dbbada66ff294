package org.widthwise.lab.experiment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A file about all items of a directory, written anew whenever results are. Annotated with
 * {@code @AutoService(Overview.class)}, an implementation is found and called.
 */
public interface Overview {

  /**
   * Writes the file, whole or not at all.
   *
   * @param out the directory with the results
   * @param items every item, in the paper's order
   * @throws IOException if it cannot be written
   */
  void write(Path out, List<ItemState> items) throws IOException;
}
