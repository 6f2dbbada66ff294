package org.widthwise.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.widthwise.lab.run.RunStore;

/** Directories that cannot be written or read, or hold something else. */
final class BadDirectoriesTest {

  private static final String RUN = "runs/widths/mup-8-0.run.json";

  private final Path directory;
  private final Path out;
  private final String images;

  BadDirectoriesTest(@TempDir Path directory) throws IOException {
    this.directory = directory;
    this.out = directory.resolve("out");
    this.images = FewImages.in(directory);
  }

  private String[] tiny(String... more) {
    return Stream.concat(
            Stream.of(
                "reproduce", "fig2", "--widths", "8", "--trials", "1", "--out", out.toString()),
            more.length == 0 ? Stream.of("--steps", "2", "--data", images) : Stream.of(more))
        .toArray(String[]::new);
  }

  @Test
  void aFileWhereTheDirectoryShouldBe() throws IOException {
    Files.writeString(out, "mine");
    assertThat(Outcome.refused(tiny()).err()).contains("cannot write to " + out);
    assertThat(out).hasContent("mine");
  }

  @Test
  void aDirectoryThatMayNotBeWritten() throws IOException {
    Files.createDirectory(out);
    assertThat(out.toFile().setWritable(false)).isTrue();
    assumeFalse(Files.isWritable(out), "the superuser may write anywhere");
    assertThat(Outcome.refused(tiny()).err()).contains("cannot write to " + out, "no permission");
  }

  @Test
  void aSecondProcessInTheSameDirectory() throws IOException {
    Path runs = out.resolve("runs").resolve("widths");
    try (RunStore held = RunStore.open(runs, JsonNodeFactory.instance.objectNode())) {
      assertThat(held.results()).isEmpty();
      assertThat(Outcome.refused(tiny()).err())
          .contains("another process is writing to " + runs)
          .contains("choose another --out");
      assertThat(list(runs)).containsExactlyInAnyOrder(".lock", "configuration.json");
    }
  }

  @Test
  void anotherConfigurationThere() throws IOException {
    Outcome.good(tiny());
    byte[] before = Files.readAllBytes(out.resolve(RUN));
    byte[] csv = Files.readAllBytes(out.resolve("fig2.csv"));
    assertThat(Outcome.refused(tiny("--steps", "3", "--seed", "9", "--data", images)).err())
        .contains("steps is 2 there and 3 here")
        .contains("seed is 0 there and 9 here")
        .contains("choose another --out");
    assertThat(out.resolve(RUN)).hasBinaryContent(before);
    assertThat(out.resolve("fig2.csv")).hasBinaryContent(csv);
    Outcome.good(tiny());
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "null"})
  void aDamagedRun(String content) throws IOException {
    Outcome.good(tiny());
    byte[] csv = Files.readAllBytes(out.resolve("fig2.csv"));
    Files.writeString(out.resolve(RUN), content);
    for (Outcome outcome :
        List.of(Outcome.refused(tiny()), Outcome.refused("draw", out.toString()))) {
      assertThat(outcome.err())
          .contains(out.resolve(RUN) + " is damaged: delete it, and it will be run again");
    }
    assertThat(out.resolve("fig2.csv")).hasBinaryContent(csv);
    Files.delete(out.resolve(RUN));
    Outcome.good(tiny());
    assertThat(out.resolve("fig2.csv")).hasBinaryContent(csv);
  }

  @Test
  void dataThatIsMissingTruncatedOrTooLong() throws IOException {
    Path data = directory.resolve("data");
    String[] command = tiny("--steps", "2", "--data", data.toString());
    assertThat(Outcome.refused(command).err()).contains(data + " does not exist");
    Path folder = Files.createDirectories(data.resolve("cifar-10-batches-bin"));
    assertThat(Outcome.refused(command).err()).contains(data + " holds no CIFAR-10");
    Path batch = folder.resolve("data_batch_1.bin");
    Files.write(batch, new byte[3073 * 10_000 - 1]);
    assertThat(Outcome.refused(command).err()).contains(batch.toString(), "truncated");
    Files.write(batch, new byte[3073 * 10_000 + 1]);
    assertThat(Outcome.refused(command).err()).contains(batch.toString(), "oversized");
    assertThat(out).doesNotExist();
  }

  @Test
  void nothingToDraw() throws IOException {
    assertThat(Outcome.refused("draw", out.toString()).err())
        .contains("holds no runs", "widthwise reproduce --out");
    Files.createDirectories(out.resolve("runs/widths"));
    assertThat(Outcome.refused("draw", out.toString()).err()).contains("holds no runs");
  }

  private static List<String> list(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
