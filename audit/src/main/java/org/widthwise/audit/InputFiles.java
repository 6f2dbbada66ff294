package org.widthwise.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Opens and reads files, and says in one line why it cannot. */
public final class InputFiles {

  private InputFiles() {}

  /**
   * Opens a regular file for reading.
   *
   * @param file the file
   * @return its channel, at byte 0; the caller closes it
   * @throws MalformedFileException when there is no such file, it is a directory or a device, or it
   *     must not be read
   */
  public static FileChannel open(Path file) {
    if (!Files.exists(file)) {
      throw new MalformedFileException(file, "no such file");
    }
    if (Files.isDirectory(file)) {
      throw new MalformedFileException(file, "is a directory, must be a file");
    }
    // Opening a named pipe would wait for its writer, and a device has no size to check against.
    if (!Files.isRegularFile(file)) {
      throw new MalformedFileException(file, "is a pipe or a device, must be a regular file");
    }
    try {
      return FileChannel.open(file, StandardOpenOption.READ);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /**
   * Reads bytes from a channel until a buffer is full or the file ends.
   *
   * @param file the file, for messages
   * @param channel where to read
   * @param position the first byte's offset in the file
   * @param count how many bytes to read at most
   * @return the bytes read, fewer than {@code count} only if the file ended
   * @throws MalformedFileException when reading fails
   */
  public static byte[] read(Path file, FileChannel channel, long position, int count) {
    ByteBuffer buffer = ByteBuffer.allocate(count);
    try {
      while (buffer.hasRemaining()) {
        if (channel.read(buffer, position + buffer.position()) < 0) {
          break;
        }
      }
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    if (!buffer.hasRemaining()) {
      return buffer.array();
    }
    byte[] shorter = new byte[buffer.position()];
    buffer.flip().get(shorter);
    return shorter;
  }

  /**
   * Says that a file could not be read.
   *
   * @param file the file
   * @param cause what the operating system answered
   * @return the exception to throw
   */
  public static MalformedFileException unreadable(Path file, IOException cause) {
    String reason = cause.getMessage() == null ? "" : ": " + cause.getMessage();
    return new MalformedFileException(
        file,
        "cannot be read ("
            + cause.getClass().getSimpleName()
            + UntrustedText.escape(reason)
            + "); must be a file that may be read",
        cause);
  }
}
