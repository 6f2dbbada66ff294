package org.widthwise.lab.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Sees to it that one process at a time writes to a directory. */
public final class DirectoryLock implements AutoCloseable {

  private final FileChannel channel;

  private DirectoryLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Locks a directory, or makes it first.
   *
   * @param directory the directory
   * @return the lock, held until it is closed or the process ends, however it ends
   * @throws RunException if another process, or another run of this one, holds it, or the directory
   *     cannot be written
   */
  public static DirectoryLock of(Path directory) {
    FileChannel channel = null;
    try {
      Files.createDirectories(directory);
      channel =
          FileChannel.open(
              directory.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!isLocked(channel)) {
        throw new RunException(
            "another process is writing to %s: wait for it or choose another --out"
                .formatted(directory));
      }
      DirectoryLock lock = new DirectoryLock(channel);
      channel = null;
      return lock;
    } catch (IOException unwritable) {
      throw RunException.unwritable(directory, unwritable);
    } finally {
      if (channel != null) {
        close(channel);
      }
    }
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException heldInThisProcess) {
      return false;
    }
  }

  @Override
  public void close() {
    close(channel);
  }

  private static void close(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException unlikely) {
      throw new UncheckedIOException(unlikely);
    }
  }
}
