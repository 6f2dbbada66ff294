package org.widthwise.torch.monitor;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A text file of lines in the order of steps, to which a training appends and a resumed training
 * goes on: lines of the step at which it resumes and of later ones, which the earlier training
 * wrote after its last checkpoint, are cut off first, and so is a line that was not finished.
 */
final class StepLines implements AutoCloseable {

  private final Path path;
  private final ToLongFunction<String> stepOf;
  private @Nullable RandomAccessFile file;

  StepLines(Path path, ToLongFunction<String> stepOf) {
    this.path = path;
    this.stepOf = stepOf;
  }

  /**
   * Appends.
   *
   * @param header the file's first line, empty for none
   * @param step the step of the lines
   * @param lines each with its line feed
   */
  void append(String header, long step, String lines) {
    try {
      if (file == null) {
        file = open(header, step);
      }
      file.write(lines.getBytes(StandardCharsets.UTF_8));
    } catch (IOException unwritable) {
      throw new UncheckedIOException(path + " cannot be written", unwritable);
    }
  }

  private RandomAccessFile open(String header, long step) throws IOException {
    Path directory = path.toAbsolutePath().getParent();
    if (directory != null) {
      Files.createDirectories(directory);
    }
    RandomAccessFile opened = new RandomAccessFile(path.toFile(), "rw");
    try {
      long end = end(Files.readAllBytes(path), header, step);
      opened.setLength(end);
      opened.seek(end);
      if (end == 0 && !header.isEmpty()) {
        opened.write((header + "\n").getBytes(StandardCharsets.UTF_8));
      }
      return opened;
    } catch (IOException | RuntimeException failed) {
      opened.close();
      throw failed;
    }
  }

  /** Where what is to be kept ends. */
  private long end(byte[] content, String header, long step) {
    int position = 0;
    boolean headerSeen = header.isEmpty();
    long rows = 0;
    while (position < content.length) {
      int next = position;
      while (next < content.length && content[next] != '\n') {
        next++;
      }
      if (next == content.length) {
        break; // Not finished.
      }
      String line = new String(content, position, next - position, StandardCharsets.UTF_8);
      if (!headerSeen) {
        if (!line.equals(header)) {
          throw new IllegalArgumentException(
              "%s has other columns, '%s', than '%s': it was written by another monitor; give a new"
                      .formatted(path, line, header)
                  + " path or delete it");
        }
        headerSeen = true;
      } else if (stepOf.applyAsLong(line) >= step) {
        break;
      } else {
        rows++;
      }
      position = next + 1;
    }
    boolean cutsRows = headerSeen && hasLineFrom(content, position);
    if (rows == 0 && cutsRows) {
      throw new IllegalArgumentException(
          "%s holds a training that begins at step %d or later, so this is not its continuation:"
                  .formatted(path, step)
              + " give a new path or delete it");
    }
    return position;
  }

  /** Whether there is a finished line. */
  private static boolean hasLineFrom(byte[] content, int position) {
    for (int i = position; i < content.length; i++) {
      if (content[i] == '\n') {
        return true;
      }
    }
    return false;
  }

  @Override
  public void close() {
    if (file != null) {
      try {
        file.close();
      } catch (IOException unwritable) {
        throw new UncheckedIOException(path + " cannot be closed", unwritable);
      }
    }
  }
}
