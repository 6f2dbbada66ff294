package org.widthwise.lab.data;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Downloads CIFAR-10's binary version and installs it in a cache directory as {@value
 * Cifar10#FOLDER}. The archive arrives in a {@code .part} file, from whose end a later run goes on;
 * its MD5 is checked; it is unpacked beside the destination and moved there in one step, so that
 * nobody ever sees half a data set. Downloads of several processes wait for one another.
 */
public final class Cifar10Download {
  /** The address of the official archive, 170,052,171 bytes. */
  public static final URI OFFICIAL =
      URI.create("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz");

  /** The MD5 of the official archive, as its authors publish it. */
  public static final String OFFICIAL_MD5 = "c32a1d4ab5d03f1284b67883e8d87530";

  private static final String ARCHIVE = "cifar-10-binary.tar.gz";
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(20);
  private static final long LOCK_POLL_MILLIS = 200;

  private final Path cache;
  private final URI uri;
  private final String md5;
  private final int recordsPerBatch;
  private final Duration stall;

  private Cifar10Download(Path cache, URI uri, String md5, int recordsPerBatch, Duration stall) {
    this.cache = cache;
    this.uri = uri;
    this.md5 = md5;
    this.recordsPerBatch = recordsPerBatch;
    this.stall = stall;
  }

  /**
   * Returns the download of the official archive; a server that sends nothing for 60 s counts as
   * gone.
   *
   * @param cache the directory to install in, see {@link DataLocator#cache()}; made if missing
   * @return the configuration
   */
  public static Cifar10Download into(Path cache) {
    return new Cifar10Download(
        cache, OFFICIAL, OFFICIAL_MD5, Cifar10.RECORDS_PER_BATCH, Duration.ofSeconds(60));
  }

  /**
   * Takes the archive from elsewhere, such as a mirror.
   *
   * @param newUri an {@code http} or {@code https} address of the same archive
   * @return the changed configuration
   * @throws IllegalArgumentException if the scheme is another
   */
  public Cifar10Download withUri(URI newUri) {
    if (!List.of("http", "https").contains(String.valueOf(newUri.getScheme()))) {
      throw new IllegalArgumentException("the address must be http or https, not " + newUri);
    }
    return new Cifar10Download(cache, newUri, md5, recordsPerBatch, stall);
  }

  /**
   * Expects another digest than that of the official archive.
   *
   * @param newMd5 the MD5 in 32 hexadecimal digits
   * @return the changed configuration
   */
  public Cifar10Download withMd5(String newMd5) {
    return new Cifar10Download(cache, uri, newMd5.toLowerCase(Locale.ROOT), recordsPerBatch, stall);
  }

  Cifar10Download withRecordsPerBatch(int records) {
    return new Cifar10Download(cache, uri, md5, records, stall);
  }

  Cifar10Download withStall(Duration newStall) {
    return new Cifar10Download(cache, uri, md5, recordsPerBatch, newStall);
  }

  /**
   * Downloads and installs, unless all six batches are installed already.
   *
   * @param listener hears the progress
   * @return the directory that holds the batch files
   * @throws DataException if the server cannot be reached or answers wrongly, the archive is not
   *     the one expected, or the cache cannot be written; what arrived before a broken connection
   *     stays for the next run
   */
  public Path run(DownloadListener listener) {
    Path destination = cache.resolve(Cifar10.FOLDER);
    if (Cifar10.isComplete(destination, recordsPerBatch)) {
      return destination;
    }
    Path lockFile = cache.resolve(ARCHIVE + ".lock");
    try {
      Files.createDirectories(cache);
      try (FileChannel channel =
              FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = lock(channel, lockFile, listener)) {
        if (lock.isValid() && !Cifar10.isComplete(destination, recordsPerBatch)) {
          install(fetch(listener), destination);
        }
      }
    } catch (IOException e) {
      throw DataException.inputOutput("install CIFAR-10 in", cache, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DataException("the download of " + uri + " was interrupted; run it again", e);
    }
    return destination;
  }

  private static FileLock lock(FileChannel channel, Path lockFile, DownloadListener listener)
      throws IOException, InterruptedException {
    boolean told = false;
    while (true) {
      FileLock lock;
      try {
        lock = channel.tryLock();
      } catch (OverlappingFileLockException e) {
        // Held by another thread of this process.
        lock = null;
      }
      if (lock != null) {
        return lock;
      }
      if (!told) {
        listener.waiting(lockFile);
        told = true;
      }
      Thread.sleep(LOCK_POLL_MILLIS);
    }
  }

  private Path fetch(DownloadListener listener) throws IOException, InterruptedException {
    Path part = cache.resolve(ARCHIVE + ".part");
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();
    long limit = 2L * Cifar10.RECORD_BYTES * 6 * recordsPerBatch + (1 << 20);
    ResumableDownload download = new ResumableDownload(client, uri, part, limit, stall);
    try {
      download.run(listener);
    } catch (ResumableDownload.NetworkException e) {
      throw new DataException(
          ("cannot download %s: %s; run it again when there is a network, or put data_batch_1.bin …"
                  + " data_batch_5.bin and test_batch.bin into %s by hand")
              .formatted(uri, e.getMessage(), cache.resolve(Cifar10.FOLDER)),
          e);
    }
    String found = Digests.md5(part);
    if (!found.equals(md5)) {
      download.discard();
      throw new DataException(
          "%s has MD5 %s where %s is right; it was deleted, run the download again"
              .formatted(uri, found, md5));
    }
    return part;
  }

  private void install(Path archive, Path destination) throws IOException {
    Path unpacked = Files.createTempDirectory(cache, Cifar10.FOLDER + ".");
    try {
      new Cifar10Archive(archive, recordsPerBatch).unpackInto(unpacked);
      forceDirectory(unpacked);
      if (Files.exists(destination)) {
        try (Stream<Path> files = Files.list(unpacked)) {
          for (Path file : files.toList()) {
            Path to = destination.resolve(String.valueOf(file.getFileName()));
            Files.move(file, to, StandardCopyOption.ATOMIC_MOVE);
          }
        }
        forceDirectory(destination);
      } else {
        Files.move(unpacked, destination, StandardCopyOption.ATOMIC_MOVE);
      }
      forceDirectory(cache);
    } finally {
      delete(unpacked);
    }
    Files.deleteIfExists(archive);
    Files.deleteIfExists(archive.resolveSibling(archive.getFileName() + ".validator"));
  }

  /** Makes new names durable; Windows cannot open a directory and does not need to. */
  private static void forceDirectory(Path directory) throws IOException {
    if (!System.getProperty("os.name", "").startsWith("Windows")) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  /** Removes what is left of the flat directory that the archive was unpacked to. */
  private static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }
}
