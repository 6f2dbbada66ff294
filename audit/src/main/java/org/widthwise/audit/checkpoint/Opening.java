package org.widthwise.audit.checkpoint;

import java.nio.file.Path;
import java.util.function.Function;

/** Opens a file for a reader and sees to it that it is closed. */
final class Opening {

  private Opening() {}

  /** Leaves the file to the checkpoint, unless there is none. */
  static Checkpoint of(Path file, Function<FileSource, Checkpoint> reader) {
    FileSource source = FileSource.open(file);
    boolean done = false;
    try {
      Checkpoint checkpoint = reader.apply(source);
      done = true;
      return checkpoint;
    } finally {
      if (!done) {
        source.close();
      }
    }
  }

  /** Closes the file again. */
  static <T> T read(Path file, Function<FileSource, T> reader) {
    try (FileSource source = FileSource.open(file)) {
      return reader.apply(source);
    }
  }
}
