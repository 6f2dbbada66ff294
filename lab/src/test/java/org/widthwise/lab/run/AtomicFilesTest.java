package org.widthwise.lab.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AtomicFilesTest {

  private final Path directory;

  AtomicFilesTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void replacesTheWholeContent() throws IOException {
    Path file = directory.resolve("a.txt");
    AtomicFiles.write(file, "a long first content");
    AtomicFiles.write(file, "µ");
    assertThat(Files.readString(file)).isEqualTo("µ");
    assertThat(names()).containsExactly("a.txt");
  }

  @Test
  void aReaderSeesAllOfOneContentOrAllOfAnother() throws Exception {
    Path file = directory.resolve("a.bin");
    AtomicFiles.write(file, filled(0));
    ExecutorService writer = Executors.newSingleThreadExecutor();
    try {
      Future<?> writing =
          writer.submit(
              () -> {
                for (int i = 1; i <= 60; i++) {
                  AtomicFiles.write(file, filled(i));
                }
                return null;
              });
      int reads = 0;
      while (!writing.isDone() || reads == 0) {
        byte[] seen = Files.readAllBytes(file);
        assertThat(seen).isEqualTo(filled(seen[0]));
        reads++;
      }
      writing.get();
    } finally {
      writer.shutdownNow();
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(filled(60));
  }

  private static byte[] filled(int value) {
    byte[] bytes = new byte[100_000];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  @Test
  void permissionsAreThoseOfAnyNewFile() throws IOException {
    assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
    Path usual = Files.createFile(directory.resolve("usual"));
    Path file = directory.resolve("file");
    AtomicFiles.write(file, "text");
    assertThat(Files.getPosixFilePermissions(file)).isEqualTo(Files.getPosixFilePermissions(usual));
  }

  @Test
  void aFailureLeavesTheOldFileAndNoTemporary() throws IOException {
    // A directory that is not empty cannot be replaced by a file.
    Path target = Files.createDirectory(directory.resolve("target"));
    Files.createFile(target.resolve("inside"));
    assertThatThrownBy(() -> AtomicFiles.write(target, "text")).isInstanceOf(IOException.class);
    assertThat(names()).containsExactly("target");
    assertThat(target.resolve("inside")).exists();
  }

  @Test
  void aMissingDirectoryIsAnError() {
    assertThatThrownBy(() -> AtomicFiles.write(directory.resolve("no/file"), "text"))
        .isInstanceOf(IOException.class);
    assertThat(directory.resolve("no")).doesNotExist();
  }

  @Test
  void removesWhatKilledWritersLeft() throws IOException {
    Files.createFile(directory.resolve(".a.run.json.0123.tmp"));
    Files.createFile(directory.resolve("a.run.json"));
    Files.createFile(directory.resolve(".lock"));
    AtomicFiles.removeTemporaries(directory);
    assertThat(names()).containsExactly(".lock", "a.run.json");
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
