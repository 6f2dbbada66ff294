package org.widthwise.lab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.widthwise.lab.data.CifarArchives.PREFIX;
import static org.widthwise.lab.data.CifarArchives.archive;
import static org.widthwise.lab.data.CifarArchives.file;
import static org.widthwise.lab.data.CifarArchives.link;
import static org.widthwise.lab.data.CifarArchives.pack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class Cifar10DownloadTest {
  private final Path cache;

  Cifar10DownloadTest(@TempDir Path dir) {
    this.cache = dir.resolve("cache/widthwise");
  }

  @Test
  void installsTheWholeArchiveAndLeavesNothingElse() throws Exception {
    byte[] archive = archive(tar -> {});
    List<Long> progress = new ArrayList<>();
    try (ArchiveServer server = new ArchiveServer(archive)) {
      Path installed =
          download(server, archive)
              .run(
                  (bytes, total) -> {
                    assertThat(total).isEqualTo(archive.length);
                    progress.add(bytes);
                  });
      assertThat(installed).isEqualTo(cache.resolve("cifar-10-batches-bin"));
      assertInstalled();
      assertThat(progress).isSorted().startsWith(0L).endsWith((long) archive.length);
      assertThat(names(cache))
          .containsExactlyInAnyOrder("cifar-10-batches-bin", "cifar-10-binary.tar.gz.lock");
      download(server, archive).run(DownloadListener.silent());
      assertThat(server.ranges()).as("no second download").hasSize(1);
    }
  }

  @Test
  void resumesAfterCutsOfTheConnection() throws Exception {
    byte[] archive = archive(tar -> {});
    List<Long> resumed = new ArrayList<>();
    try (ArchiveServer server = new ArchiveServer(archive)) {
      server.cuts.set(2);
      server.cutAfter = archive.length / 3;
      download(server, archive)
          .run(
              new DownloadListener() {
                @Override
                public void progressed(long bytes, long total) {}

                @Override
                public void resuming(long bytes, String reason) {
                  resumed.add(bytes);
                }
              });
      assertInstalled();
      assertThat(server.ranges())
          .containsExactly(
              "none", "bytes=" + resumed.get(0) + "-", "bytes=" + resumed.get(1) + "-");
      assertThat(resumed).allMatch(n -> n > 0 && n < archive.length);
    }
  }

  @Test
  void resumesWhatAnEarlierRunLeft() throws Exception {
    byte[] archive = archive(tar -> {});
    leavePart(Arrays.copyOf(archive, 1000), "\"one\"");
    try (ArchiveServer server = new ArchiveServer(archive)) {
      download(server, archive).run(DownloadListener.silent());
      assertInstalled();
      assertThat(server.ranges()).containsExactly("bytes=1000-");
    }
  }

  @Test
  void startsAgainWhenTheFileChangedOrTheServerIgnoresRanges() throws Exception {
    byte[] archive = archive(tar -> {});
    leavePart(new byte[1000], "\"older\"");
    try (ArchiveServer server = new ArchiveServer(archive)) {
      download(server, archive).run(DownloadListener.silent());
      assertInstalled();
    }
    Files.delete(cache.resolve("cifar-10-batches-bin/data_batch_3.bin"));
    leavePart(new byte[1000], "\"one\"");
    try (ArchiveServer server = new ArchiveServer(archive)) {
      server.honoursRange = false;
      download(server, archive).run(DownloadListener.silent());
      assertInstalled();
      assertThat(server.ranges()).containsExactly("bytes=1000-");
    }
  }

  @Test
  void usesAPartThatIsWholeAlreadyAndDropsOneThatIsTooLong() throws Exception {
    byte[] archive = archive(tar -> {});
    leavePart(archive, "\"one\"");
    try (ArchiveServer server = new ArchiveServer(archive)) {
      download(server, archive).run(DownloadListener.silent());
      assertInstalled();
      assertThat(server.ranges()).hasSize(1);
      Files.delete(cache.resolve("cifar-10-batches-bin/test_batch.bin"));
      leavePart(new byte[archive.length + 5], "\"one\"");
      download(server, archive).run(DownloadListener.silent());
      assertInstalled();
      assertThat(server.ranges()).hasSize(3).endsWith("none");
    }
  }

  @Test
  void goesOnAfterAServerThatHangs() throws Exception {
    byte[] archive = archive(tar -> {});
    try (ArchiveServer server = new ArchiveServer(archive)) {
      server.cuts.set(1);
      server.cutAfter = 500;
      server.hangMillis = 60_000;
      List<String> reasons = new CopyOnWriteArrayList<>();
      download(server, archive)
          .withStall(Duration.ofSeconds(2))
          .run(
              new DownloadListener() {
                @Override
                public void progressed(long bytes, long total) {}

                @Override
                public void resuming(long bytes, String reason) {
                  reasons.add(reason);
                }
              });
      assertInstalled();
      assertThat(reasons).containsExactly("nothing arrived for 2 s");
    }
  }

  @Test
  void deletesAnArchiveOfTheWrongDigest() throws Exception {
    byte[] archive = archive(tar -> {});
    byte[] other = archive.clone();
    other[other.length / 2] ^= 1;
    try (ArchiveServer server = new ArchiveServer(other)) {
      assertThatThrownBy(() -> download(server, archive).run(DownloadListener.silent()))
          .isInstanceOf(DataException.class)
          .hasMessageContainingAll(server.uri().toString(), md5(other), md5(archive), "deleted");
    }
    assertThat(names(cache)).containsExactly("cifar-10-binary.tar.gz.lock");
  }

  @Test
  void refusesHostileArchives() throws Exception {
    refuses("'../../evil.bin' is not directly in", tar -> file(tar, "../../evil.bin", 3));
    refuses("'" + PREFIX + "../evil' is none", tar -> file(tar, PREFIX + "../evil", 3));
    refuses("'/etc/evil' is not directly in", tar -> file(tar, "/etc/evil", 3));
    refuses("'" + PREFIX + "evil.sh' is none", tar -> file(tar, PREFIX + "evil.sh", 3));
    refuses("occurs twice", tar -> file(tar, PREFIX + "data_batch_1.bin", batchBytes()));
    refuses("has 65,537 bytes", tar -> file(tar, PREFIX + "readme.html", 65_537));
    refuses(
        "is not a regular file",
        tar -> link(tar, PREFIX + "readme.html", TarConstants.LF_SYMLINK, "/etc/passwd"));
    refuses(
        "is not a regular file",
        tar -> link(tar, PREFIX + "readme.html", TarConstants.LF_LINK, PREFIX + "test_batch.bin"));
    refuses(
        "is not a regular file",
        tar -> {
          tar.putArchiveEntry(new TarArchiveEntry("elsewhere/"));
          tar.closeArchiveEntry();
        });
  }

  @Test
  void refusesAHugeEntryABombAndAnArchiveThatLacksBatches() throws Exception {
    byte[] huge =
        pack(
            tar -> {
              TarArchiveEntry entry = new TarArchiveEntry(PREFIX + "data_batch_1.bin");
              entry.setSize(1L << 40);
              tar.putArchiveEntry(entry);
              tar.write(new byte[100]);
            });
    refuses("has 1,099,511,627,776 bytes where 12,292 are right", huge);
    byte[] bomb =
        pack(
            tar -> {
              // The reader holds a long name in memory; eight megabytes compress to eight
              // kilobytes.
              byte[] name = new byte[8 << 20];
              Arrays.fill(name, (byte) 'x');
              TarArchiveEntry entry =
                  new TarArchiveEntry("././@LongLink", TarConstants.LF_GNUTYPE_LONGNAME);
              entry.setSize(name.length);
              tar.putArchiveEntry(entry);
              tar.write(name);
              tar.closeArchiveEntry();
              file(tar, PREFIX + "readme.html", 1);
            });
    refuses("unpacks to more than CIFAR-10 holds", bomb);
    refuses(
        "lacks [data_batch_2.bin",
        pack(tar -> file(tar, PREFIX + "data_batch_1.bin", batchBytes())));
    refuses("cifar-10-binary.tar.gz.part", "no archive".getBytes(StandardCharsets.US_ASCII));
    byte[] whole = archive(tar -> {});
    refuses("is damaged", Arrays.copyOf(whole, whole.length / 2));
  }

  @Test
  void refusesAnEndlessAnswer() throws Exception {
    byte[] endless = new byte[3 << 20];
    try (ArchiveServer server = new ArchiveServer(endless)) {
      assertThatThrownBy(() -> download(server, endless).run(DownloadListener.silent()))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("sends more than");
    }
    assertThat(names(cache)).containsExactly("cifar-10-binary.tar.gz.lock");
  }

  @Test
  void saysWhatTheServerAnswered() throws Exception {
    byte[] archive = archive(tar -> {});
    leavePart(Arrays.copyOf(archive, 1000), "\"one\"");
    try (ArchiveServer server = new ArchiveServer(archive)) {
      server.status = 404;
      assertThatThrownBy(() -> download(server, archive).run(DownloadListener.silent()))
          .isInstanceOf(DataException.class)
          .hasMessageContainingAll(server.uri().toString(), "HTTP 404");
      server.status = 200;
      download(server, archive).run(DownloadListener.silent());
      assertThat(server.ranges()).endsWith("bytes=1000-");
      assertInstalled();
    }
  }

  @Test
  void saysInOneLineThatThereIsNoNetworkAndWhatToDo() throws Exception {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    URI refused = URI.create("http://127.0.0.1:" + free + "/cifar.tar.gz");
    assertThatThrownBy(
            () -> Cifar10Download.into(cache).withUri(refused).run(DownloadListener.silent()))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll(
            refused.toString(),
            "no connection to 127.0.0.1",
            cache.resolve("cifar-10-batches-bin").toString(),
            "by hand")
        .message()
        .doesNotContain("\n");
    // The name is reserved never to resolve (RFC 6761).
    URI unknown = URI.create("http://data.invalid/cifar.tar.gz");
    assertThatThrownBy(
            () -> Cifar10Download.into(cache).withUri(unknown).run(DownloadListener.silent()))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll("data.invalid", "unknown host");
  }

  @Test
  void twoAtOnceDownloadOnce() throws Exception {
    byte[] archive = archive(tar -> {});
    List<Path> waited = new CopyOnWriteArrayList<>();
    DownloadListener listener =
        new DownloadListener() {
          @Override
          public void progressed(long bytes, long total) {}

          @Override
          public void waiting(Path lock) {
            waited.add(lock);
          }
        };
    try (ArchiveServer server = new ArchiveServer(archive)) {
      server.delayMillis = 1500;
      CompletableFuture<Path> first =
          CompletableFuture.supplyAsync(() -> download(server, archive).run(listener));
      CompletableFuture<Path> second =
          CompletableFuture.supplyAsync(() -> download(server, archive).run(listener));
      assertThat(first.get()).isEqualTo(second.get());
      assertThat(server.ranges()).hasSize(1);
      assertThat(waited).containsExactly(cache.resolve("cifar-10-binary.tar.gz.lock"));
    }
    assertInstalled();
  }

  @Test
  void keepsOtherFilesThatLieInTheDestination() throws Exception {
    Path destination = cache.resolve("cifar-10-batches-bin");
    CifarFiles.write(destination, "data_batch_1.bin", CifarFiles.batch(1));
    CifarFiles.write(destination, "notes", new byte[] {1});
    byte[] archive = archive(tar -> {});
    try (ArchiveServer server = new ArchiveServer(archive)) {
      download(server, archive).run(DownloadListener.silent());
    }
    assertInstalled();
    assertThat(destination.resolve("notes")).exists();
  }

  @Test
  void refusesAnAddressThatIsNotOfTheWeb() {
    assertThatThrownBy(() -> Cifar10Download.into(cache).withUri(URI.create("file:///etc/passwd")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private Cifar10Download download(ArchiveServer server, byte[] expected) {
    return Cifar10Download.into(cache)
        .withUri(server.uri())
        .withMd5(md5(expected))
        .withRecordsPerBatch(CifarFiles.RECORDS);
  }

  private void refuses(String message, CifarArchives.TarPart extra) throws IOException {
    refuses(message, archive(extra));
  }

  /** The digest is right here: the archive alone must give the intruder away. */
  private void refuses(String message, byte[] archive) throws IOException {
    Files.createDirectories(cache);
    try (Stream<Path> left = Files.list(cache)) {
      for (Path file : left.toList()) {
        Files.delete(file);
      }
    }
    try (ArchiveServer server = new ArchiveServer(archive)) {
      assertThatThrownBy(() -> download(server, archive).run(DownloadListener.silent()))
          .isInstanceOf(DataException.class)
          .hasMessageContaining(message);
    }
    assertThat(names(cache)).noneMatch(n -> n.startsWith("cifar-10-batches-bin"));
    assertThat(cache.resolveSibling("evil.bin")).doesNotExist();
    assertThat(cache.resolve("evil")).doesNotExist();
  }

  private void leavePart(byte[] bytes, String validator) throws IOException {
    CifarFiles.write(cache, "cifar-10-binary.tar.gz.part", bytes);
    Files.writeString(cache.resolve("cifar-10-binary.tar.gz.part.validator"), validator);
  }

  private void assertInstalled() throws IOException {
    Path folder = cache.resolve("cifar-10-batches-bin");
    for (int k = 1; k <= 5; k++) {
      assertThat(folder.resolve("data_batch_" + k + ".bin")).hasBinaryContent(CifarFiles.batch(k));
    }
    assertThat(folder.resolve("test_batch.bin")).hasBinaryContent(CifarFiles.batch(0));
    assertThat(CifarFiles.read(cache, Split.TRAIN).count()).isEqualTo(20);
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(f -> String.valueOf(f.getFileName())).toList();
    }
  }

  private static int batchBytes() {
    return CifarFiles.RECORDS * Cifar10.RECORD_BYTES;
  }

  private static String md5(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
