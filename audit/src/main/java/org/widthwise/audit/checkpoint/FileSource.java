package org.widthwise.audit.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.widthwise.audit.InputFiles;
import org.widthwise.audit.MalformedFileException;

/**
 * A file read at positions.
 *
 * <p>Reading and not mapping: a mapped page that the disk cannot deliver ends the whole process,
 * and what is mapped of a checkpoint of hundreds of gigabytes counts as resident.
 */
final class FileSource implements ByteSource, AutoCloseable {

  private final Path file;
  private final FileChannel channel;
  private final long size;

  private FileSource(Path file, FileChannel channel, long size) {
    this.file = file;
    this.channel = channel;
    this.size = size;
  }

  static FileSource open(Path file) {
    FileChannel channel = InputFiles.open(file);
    try {
      return new FileSource(file, channel, channel.size());
    } catch (IOException e) {
      closeQuietly(channel);
      throw InputFiles.unreadable(file, e);
    }
  }

  Path file() {
    return file;
  }

  /** The file's size when it was opened, in bytes. */
  long size() {
    return size;
  }

  @Override
  public void read(long position, ByteBuffer into) {
    int start = into.position();
    try {
      while (into.hasRemaining()) {
        if (channel.read(into, position + into.position() - start) < 0) {
          throw new MalformedFileException(
              file,
              "ends before byte "
                  + (position + into.limit() - start)
                  + ", had "
                  + size
                  + " bytes when it was opened and must not change while it is read");
        }
      }
    } catch (ClosedChannelException e) {
      throw new MalformedFileException(
          file, "was closed, its checkpoint must be open while tensors are read", e);
    } catch (IOException e) {
      throw InputFiles.unreadable(file, e);
    }
  }

  /** Reads a piece at once, fewer bytes than asked for only if the file ends. */
  byte[] bytes(long position, int count) {
    return InputFiles.read(file, channel, position, count);
  }

  @Override
  public void close() {
    closeQuietly(channel);
  }

  private static void closeQuietly(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException ignored) {
      // Nothing was written: whatever closing may fail at, nothing is lost.
    }
  }
}
