package org.widthwise.audit.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.widthwise.audit.MalformedFileException;

class ZipArchiveTest {

  private static final int LIMIT = 1 << 20;

  private final Path file;

  ZipArchiveTest(@TempDir Path directory) {
    this.file = directory.resolve("a.zip");
  }

  private byte[] write(byte[] content, int method) throws Exception {
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.setComment("ends PK\5\6 in a comment");
      for (String name : new String[] {"d/é", "b"}) {
        var entry = new java.util.zip.ZipEntry(name);
        CRC32 crc = new CRC32();
        crc.update(content);
        entry.setMethod(method);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
      }
    }
    return Files.readAllBytes(file);
  }

  private void with(Consumer<ZipArchive> use) {
    try (FileSource source = FileSource.open(file)) {
      use.accept(ZipArchive.open(source));
    }
  }

  @Test
  void readsWhatTheJdkWrites() throws Exception {
    byte[] content = new byte[200_000];
    new Random(3).nextBytes(content);
    Arrays.fill(content, 1000, 100_000, (byte) 7);
    for (int method : new int[] {ZipEntry.STORED, ZipEntry.DEFLATED}) {
      write(content, method);
      with(
          archive -> {
            assertThat(archive.entries()).extracting(ZipEntry::name).containsExactly("d/é", "b");
            for (ZipEntry entry : archive.entries()) {
              assertThat(entry.isStored()).isEqualTo(method == ZipEntry.STORED);
              assertThat(archive.bytes(entry, LIMIT)).isEqualTo(content);
              assertThatThrownBy(() -> archive.bytes(entry, 1000))
                  .isInstanceOf(MalformedFileException.class)
                  .hasMessageContaining("has 200000 bytes, must have at most 1000");
            }
          });
    }
  }

  private void refuses(byte[] bytes, String message) throws Exception {
    Files.write(file, bytes);
    assertThatThrownBy(
            () -> with(archive -> archive.entries().forEach(entry -> archive.bytes(entry, LIMIT))))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContaining(message);
  }

  private static int find(byte[] bytes, String signature) {
    return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(signature);
  }

  @Test
  void saysWhatIsWrong() throws Exception {
    byte[] good = write(new byte[100], ZipEntry.STORED);
    int entry = find(good, "PK\1\2");
    int end = find(good, "PK\5\6");

    refuses(change(good, entry + 8, 1), "is encrypted, must not be");
    refuses(change(good, entry + 10, 93), "is packed by method 93, must be stored (0) or deflated");
    refuses(change(good, entry + 20, 99), "must have the 99 that it takes in the archive");
    refuses(change(good, entry + 42, 1), "has no local header at byte 1: the file is damaged");
    refuses(change(good, 30, 'x'), "is another one by its local header at byte 0");
    refuses(change(good, 28, 0xff, 0xff), "must end before the directory at byte " + entry);
    refuses(change(good, entry + 45, 0x7f), "must end before the directory at byte " + entry);
    refuses(change(good, entry, 'x'), "at byte " + entry + ": must be a zip entry");
    refuses(change(good, entry + 29, 0xff), "the zip entry is longer than the directory");
    refuses(change(good, end + 10, 1), "has 2 entries, must have the 1 that it says");
    refuses(change(good, end + 16, 0xff, 0xff, 0xff, 0x7f), "must end by here");
    refuses(change(good, end + 16, 0xff, 0xff, 0xff, 0xff), "must be a zip record of");
    refuses(change(good, entry + 24, 0xff, 0xff, 0xff, 0xff), "lacks a value of 64 bits: it is");
    refuses(Arrays.copyOf(good, good.length - 1), "has no zip directory at its end");

    byte[] deflated = write(new byte[100], ZipEntry.DEFLATED);
    int packed = find(deflated, "PK\1\2");
    refuses(change(deflated, packed + 24, 99), "inflates to more than the 99 bytes that it says");
    refuses(change(deflated, packed + 24, 101), "inflates to 100 bytes, must inflate to 101");
    refuses(change(deflated, packed + 16, 0), "must have 9988c600");
  }

  @Test
  void refusesTwoEntriesOfOneName() throws Exception {
    byte[] bytes = write(new byte[1], ZipEntry.STORED);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    // "b" becomes "a", and so does the other one, the three bytes that are left being its comment.
    int first = text.indexOf("PK\1\2");
    byte[] twice = change(bytes, first + 28, 1);
    twice = change(twice, first + 32, 3);
    twice = change(twice, first + 46, 'b');
    refuses(twice, "the zip entry \"b\" comes twice, names must be unique");
  }

  private static byte[] change(byte[] bytes, int at, int... values) {
    byte[] changed = bytes.clone();
    for (int i = 0; i < values.length; i++) {
      changed[at + i] = (byte) values[i];
    }
    return changed;
  }
}
