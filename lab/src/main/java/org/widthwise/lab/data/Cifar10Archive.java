package org.widthwise.lab.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Unpacks CIFAR-10's archive and nothing else: only regular files of the eight known names, each
 * once, within known sizes, written below a directory that the caller chose. The digest of the
 * archive is checked before; this is the second wall.
 */
final class Cifar10Archive {
  private static final long SMALL_FILE_LIMIT = 64 * 1024;
  private static final Set<String> SMALL_FILES = Set.of("batches.meta.txt", "readme.html");

  private final Path archive;
  private final long batchBytes;

  Cifar10Archive(Path archive, int recordsPerBatch) {
    this.archive = archive;
    this.batchBytes = (long) recordsPerBatch * Cifar10.RECORD_BYTES;
  }

  /** Unpacks into {@code directory}, which exists and is empty, and forces the files to disk. */
  void unpackInto(Path directory) {
    Set<String> batches = new HashSet<>(Cifar10.TRAINING_BATCHES);
    batches.add(Cifar10.TEST_BATCH);
    Set<String> missing = new HashSet<>(batches);
    Set<String> seen = new HashSet<>();
    try (TarArchiveInputStream tar = new TarArchiveInputStream(new Bounded(open()))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        String name = entry.getName();
        if (entry.isDirectory() && name.equals(Cifar10.FOLDER + "/")) {
          continue;
        }
        String file = plainName(entry);
        boolean batch = batches.contains(file);
        if (!batch && !SMALL_FILES.contains(file)) {
          throw refused(name, "is none of CIFAR-10's files");
        }
        if (batch ? entry.getSize() != batchBytes : entry.getSize() > SMALL_FILE_LIMIT) {
          throw refused(
              name,
              "has %,d bytes where %s%,d are right"
                  .formatted(
                      entry.getSize(),
                      batch ? "" : "at most ",
                      batch ? batchBytes : SMALL_FILE_LIMIT));
        }
        if (!seen.add(file)) {
          throw refused(name, "occurs twice");
        }
        write(tar, directory.resolve(file));
        missing.remove(file);
      }
    } catch (EOFException | ZipException e) {
      throw new DataException(archive + " is damaged: " + DataException.reason(e), e);
    } catch (IOException e) {
      throw DataException.inputOutput("unpack", archive, e);
    }
    if (!missing.isEmpty()) {
      throw new DataException(
          "%s lacks %s; CIFAR-10's archive holds six batches"
              .formatted(archive, missing.stream().sorted().toList()));
    }
  }

  private String plainName(TarArchiveEntry entry) {
    String name = entry.getName();
    if (!entry.isFile() || entry.isLink() || entry.isSymbolicLink() || entry.isSparse()) {
      throw refused(name, "is not a regular file");
    }
    String prefix = Cifar10.FOLDER + "/";
    if (!name.startsWith(prefix)) {
      throw refused(name, "is not directly in " + prefix);
    }
    return name.substring(prefix.length());
  }

  private DataException refused(String entry, String why) {
    return new DataException(
        "%s is not CIFAR-10's archive: its entry '%s' %s; nothing was installed"
            .formatted(archive, entry, why));
  }

  private InputStream open() throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(archive), 1 << 16);
    try {
      return new GZIPInputStream(in, 1 << 16);
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  private static void write(InputStream entry, Path file) throws IOException {
    try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        OutputStream out = Channels.newOutputStream(channel)) {
      entry.transferTo(out);
      channel.force(true);
    }
  }

  /**
   * Stops a compressed stream from growing without limit in headers that the tar reader holds in
   * memory.
   */
  private final class Bounded extends FilterInputStream {
    private long left = 6 * batchBytes + (1 << 20);

    Bounded(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int value = super.read();
      count(value < 0 ? 0 : 1);
      return value;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int n = super.read(buffer, offset, length);
      count(n);
      return n;
    }

    @Override
    public long skip(long n) throws IOException {
      long skipped = super.skip(n);
      count(skipped);
      return skipped;
    }

    private void count(long n) {
      left -= Math.max(n, 0);
      if (left < 0) {
        throw new DataException(
            archive + " unpacks to more than CIFAR-10 holds; nothing was installed");
      }
    }
  }
}
