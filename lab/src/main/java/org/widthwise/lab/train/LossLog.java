package org.widthwise.lab.train;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.widthwise.lab.run.AtomicFiles;
import org.widthwise.lab.run.RunException;

/** The loss of each step in a CSV file, on the disk as soon as it is known. */
final class LossLog implements AutoCloseable {

  private static final String HEADER = "step,loss";

  private final Path file;
  private final BufferedWriter writer;

  private LossLog(Path file, BufferedWriter writer) {
    this.file = file;
    this.writer = writer;
  }

  /**
   * Begins a file, or goes on with one: rows of steps that will be taken again are removed.
   *
   * @param done how many steps are done; at 0 what was in the file is lost
   * @throws RunException if it cannot be written, or is to be gone on with and holds something else
   */
  static LossLog open(Path file, long done) {
    try {
      List<String> lines = new ArrayList<>(List.of(HEADER));
      if (done > 0 && Files.exists(file)) {
        lines.addAll(rowsUpTo(file, done));
      }
      AtomicFiles.write(file.toAbsolutePath(), String.join("\n", lines) + "\n");
      return new LossLog(
          file, Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.APPEND));
    } catch (IOException unwritable) {
      throw RunException.unwritable(file, unwritable);
    }
  }

  private static List<String> rowsUpTo(Path file, long done) throws IOException {
    List<String> lines = Files.readAllLines(file);
    if (lines.isEmpty() || !lines.get(0).equals(HEADER)) {
      throw new RunException(
          "%s is no log of losses, which begins with '%s': choose another --log"
              .formatted(file, HEADER));
    }
    List<String> rows = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(",", -1);
      // A row cut short by a kill is of a step that will be taken again.
      if (cells.length == 2 && cells[0].matches("[0-9]{1,18}")) {
        if (Long.parseLong(cells[0]) <= done) {
          rows.add(line);
        }
      }
    }
    return rows;
  }

  void write(long step, double loss) {
    try {
      writer.write(step + "," + loss + "\n");
      writer.flush();
    } catch (IOException unwritable) {
      throw RunException.unwritable(file, unwritable);
    }
  }

  @Override
  public void close() {
    try {
      writer.close();
    } catch (IOException unwritable) {
      throw RunException.unwritable(file, unwritable);
    }
  }
}
