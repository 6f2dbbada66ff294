package org.widthwise.audit.json;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.widthwise.audit.InputFiles;
import org.widthwise.audit.MalformedFileException;

/** Reads the bytes of a JSON file of bounded length. */
public final class JsonText {

  /** The longest JSON file that is read, in bytes. */
  public static final int LONGEST = 100_000_000;

  private JsonText() {}

  /**
   * Reads a file.
   *
   * @param file the file
   * @param what what it is to be, for messages: "a JSON description"
   * @return its bytes, at least one
   * @throws MalformedFileException when the file is missing, unreadable, empty or too long
   */
  public static byte[] read(Path file, String what) {
    return read(file, what, LONGEST);
  }

  /**
   * Reads a file that is to be shorter.
   *
   * @param file the file
   * @param what what it is to be, for messages: "a JSON description"
   * @param longest the most bytes that it may have, up to {@link #LONGEST}
   * @return its bytes, at least one
   * @throws MalformedFileException when the file is missing, unreadable, empty or too long
   */
  public static byte[] read(Path file, String what, int longest) {
    try (FileChannel channel = InputFiles.open(file)) {
      long size = channel.size();
      if (size == 0) {
        throw new MalformedFileException(file, "is empty, must be a JSON object");
      }
      if (size > longest) {
        throw new MalformedFileException(
            file, "has %d bytes, %s must have at most %d".formatted(size, what, longest));
      }
      return InputFiles.read(file, channel, 0, (int) size);
    } catch (IOException e) {
      throw InputFiles.unreadable(file, e);
    }
  }
}
