package org.widthwise.lab.run;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/**
 * Writes files so that a reader, or a second start after a crash, sees all of one or none of it.
 */
public final class AtomicFiles {

  private static final String TEMPORARY_SUFFIX = ".tmp";

  private AtomicFiles() {}

  /** What a file is to hold. */
  @FunctionalInterface
  public interface Content {

    /**
     * Writes all of it.
     *
     * @param out where to; not to be closed
     * @throws IOException if that fails
     */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes a file: to a temporary neighbour, which is forced to the disk and then takes its place.
   *
   * @param file where to write; its directory exists
   * @param content what to write
   * @throws IOException if it cannot be written; the file is then as it was before
   */
  public static void write(Path file, byte[] content) throws IOException {
    write(file, out -> out.write(content));
  }

  /**
   * Writes a file that need not fit into memory, like {@link #write(Path, byte[])}.
   *
   * @param file where to write; its directory exists
   * @param content what to write
   * @throws IOException if it cannot be written; the file is then as it was before
   */
  public static void write(Path file, Content content) throws IOException {
    // Not Files.createTempFile, whose files nobody but their owner may read.
    Path temporary =
        file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + TEMPORARY_SUFFIX);
    try {
      // Not a channel, which the interruption of its thread would close: what is finished is kept.
      try (FileOutputStream out = new FileOutputStream(temporary.toFile())) {
        content.writeTo(out);
        out.getFD().sync();
      }
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /**
   * Removes what writers left behind that were killed at work. Nobody may be writing meanwhile.
   *
   * @param directory where they wrote
   * @throws IOException if a file cannot be removed
   */
  public static void removeTemporaries(Path directory) throws IOException {
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(directory, ".*" + TEMPORARY_SUFFIX)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    }
  }

  /**
   * Writes a text file in UTF-8, like {@link #write(Path, byte[])}.
   *
   * @param file where to write; its directory exists
   * @param content what to write
   * @throws IOException if it cannot be written; the file is then as it was before
   */
  public static void write(Path file, String content) throws IOException {
    write(file, content.getBytes(StandardCharsets.UTF_8));
  }
}
