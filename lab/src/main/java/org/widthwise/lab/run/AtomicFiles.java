package org.widthwise.lab.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Writes files so that a reader, or a second start after a crash, sees all of one or none of it.
 */
public final class AtomicFiles {

  private AtomicFiles() {}

  /**
   * Writes a file: to a temporary neighbour, which is forced to the disk and then takes its place.
   *
   * @param file where to write; its directory exists
   * @param content what to write
   * @throws IOException if it cannot be written; the file is then as it was before
   */
  public static void write(Path file, byte[] content) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    Path temporary = Files.createTempFile(directory, "." + file.getFileName(), ".tmp");
    try {
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        ByteBuffer buffer = ByteBuffer.wrap(content);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        channel.force(true);
      }
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
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
