package org.widthwise.lab.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RunStoreTest {

  private static final String CONFIGURATION =
      "{\"figure\":\"fig2\",\"widths\":[8,16],\"steps\":30,\"data\":{\"name\":\"a\"}}";

  private final Path parent;
  private final Path directory;

  RunStoreTest(@TempDir Path parent) {
    this.parent = parent;
    this.directory = parent.resolve("runs").resolve("fig2");
  }

  private static JsonNode json(String text) throws JsonProcessingException {
    return Json.read(text, JsonNode.class);
  }

  private RunStore open() throws JsonProcessingException {
    return RunStore.open(directory, json(CONFIGURATION));
  }

  @Test
  void givesBackWhatWasStoredInTheOrderOfKeys() throws IOException {
    try (RunStore store = open()) {
      assertThat(store.results()).isEmpty();
      store.store(Results.of("ntp", 8, 0));
      store.store(Results.of("mup", 16, 1));
      store.store(Results.of("mup", 16, 0));
      store.store(Results.of("mup", 8, 3));
    }
    try (RunStore store = RunStore.openToRead(directory)) {
      assertThat(store.configuration()).isEqualTo(json(CONFIGURATION));
      assertThat(store.results().values())
          .containsExactly(
              Results.of("mup", 8, 3),
              Results.of("mup", 16, 0),
              Results.of("mup", 16, 1),
              Results.of("ntp", 8, 0));
    }
  }

  @Test
  void keepsEveryBitOfAValueAndNotANumberToo() throws IOException {
    MemberResult odd =
        new MemberResult(
            new MemberKey("mup", 8, 0),
            new TreeMap<>(
                Map.of("A", Math.nextUp(0.1), "B", Double.MIN_VALUE, "C", -0.0, "D", Double.NaN)),
            Double.NaN,
            3,
            true,
            1e300);
    try (RunStore store = open()) {
      store.store(odd);
      assertThat(store.results().values()).containsExactly(odd);
    }
    String text = Files.readString(directory.resolve("mup-8-0.run.json"));
    assertThat(text).contains("\"D\" : null", "\"final_loss\" : null").doesNotContain("NaN");
  }

  @Test
  void twoCannotWriteAtATimeButTheNextCan() throws IOException {
    try (RunStore first = open()) {
      assertThatThrownBy(this::open)
          .isInstanceOf(RunException.class)
          .hasMessageContaining("another process is writing to " + directory);
      first.store(Results.of("mup", 8, 0));
    }
    try (RunStore second = open()) {
      assertThat(second.results()).hasSize(1);
    }
  }

  @Test
  void aConfigurationWithoutAnyRunsBindsNobody() throws IOException {
    open().close();
    JsonNode other = json("{\"figure\":\"fig2\",\"widths\":[8,32]}");
    try (RunStore store = RunStore.open(directory, other)) {
      assertThat(store.configuration()).isEqualTo(other);
    }
  }

  @Test
  void namesEveryDifferenceOfAnotherConfigurationAndChangesNothing() throws IOException {
    try (RunStore store = open()) {
      store.store(Results.of("mup", 8, 0));
    }
    Map<String, String> before = contents();
    JsonNode other =
        json(
            "{\"figure\":\"fig2\",\"widths\":[8,32],\"steps\":30,\"data\":{\"name\":\"b\"},\"new\":1}");
    assertThatThrownBy(() -> RunStore.open(directory, other))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("widths is [8,16] there and [8,32] here")
        .hasMessageContaining("data.name is \"a\" there and \"b\" here")
        .hasMessageContaining("new is not set there and 1 here")
        .hasMessageContaining("choose another --out")
        .hasMessageNotContaining("steps");
    assertThat(contents()).isEqualTo(before);
    // The refusal has let go of the lock.
    open().close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "null",
        "[]",
        "{}",
        "{\"key\":null}",
        "{\"key\":{\"series\":\"mup\",\"x\":8,\"trial\":0},\"values\":{\"A\":\"x\"},"
            + "\"final_loss\":1,\"steps\":1,\"diverged\":false,\"seconds\":1}",
        "{\"key\":{\"series\":\"mup\",\"x\":8,\"trial\":0},\"values\":{},"
            + "\"steps\":1,\"diverged\":false,\"seconds\":1}",
        "{\"key\":{\"series\":\"mup\",\"x\":8,\"trial\":0},"
            + "\"final_loss\":1,\"steps\":1,\"diverged\":false,\"seconds\":1}",
      })
  void namesADamagedRunAndTheWayOut(String content) throws IOException {
    try (RunStore store = open()) {
      store.store(Results.of("mup", 16, 0));
      Path damaged = directory.resolve("mup-8-0.run.json");
      Files.writeString(damaged, content);
      assertThatThrownBy(store::results)
          .isInstanceOf(RunException.class)
          .hasMessageStartingWith(damaged + " is damaged: delete it, and it will be run again")
          .hasMessageNotContaining("REDACTED");
      Files.delete(damaged);
      assertThat(store.results()).hasSize(1);
    }
  }

  @Test
  void refusesBytesThatAreNoText() throws IOException {
    try (RunStore store = open()) {
      Path damaged = directory.resolve("mup-8-0.run.json");
      Files.write(damaged, new byte[] {'{', (byte) 0xff, '}'});
      assertThatThrownBy(store::results)
          .isInstanceOf(RunException.class)
          .hasMessageStartingWith(damaged + " is damaged");
    }
  }

  @Test
  void refusesARunUnderAnotherName() throws IOException {
    try (RunStore store = open()) {
      store.store(Results.of("mup", 16, 0));
      Files.copy(directory.resolve("mup-16-0.run.json"), directory.resolve("mup-16-1.run.json"));
      assertThatThrownBy(store::results)
          .isInstanceOf(RunException.class)
          .hasMessageContaining("mup-16-1.run.json holds the run mup-16-0");
    }
  }

  @Test
  void refusesRunsWhoseConfigurationIsLost() throws IOException {
    try (RunStore store = open()) {
      store.store(Results.of("mup", 16, 0));
    }
    Files.delete(directory.resolve("configuration.json"));
    assertThatThrownBy(this::open)
        .isInstanceOf(RunException.class)
        .hasMessageContaining("holds runs but no configuration.json");
    assertThatThrownBy(() -> RunStore.openToRead(directory))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("holds no runs: it has no configuration.json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "xx", "null", "[1]", "{\"figure\":"})
  void refusesADamagedConfiguration(String content) throws IOException {
    try (RunStore store = open()) {
      store.store(Results.of("mup", 8, 0));
    }
    Path file = directory.resolve("configuration.json");
    Files.writeString(file, content);
    assertThatThrownBy(this::open)
        .isInstanceOf(RunException.class)
        .hasMessageStartingWith(file + " is damaged");
    assertThat(Files.readString(file)).isEqualTo(content);
  }

  @Test
  void ignoresAndRemovesWhatAKilledWriterLeft() throws IOException {
    open().close();
    Path left = directory.resolve(".mup-8-0.run.json.12.tmp");
    Files.writeString(left, "{\"key\":");
    try (RunStore store = open()) {
      assertThat(store.results()).isEmpty();
    }
    assertThat(left).doesNotExist();
  }

  @Test
  void saysWhyADirectoryCannotBeMade() throws IOException {
    Path file = Files.createFile(parent.resolve("file"));
    assertThatThrownBy(() -> RunStore.open(file.resolve("runs"), json(CONFIGURATION)))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("cannot write to " + file.resolve("runs"));
    assertThatThrownBy(() -> RunStore.open(file, json(CONFIGURATION)))
        .isInstanceOf(RunException.class)
        .hasMessage("cannot write to %s: %s is no directory".formatted(file, file));
  }

  private Map<String, String> contents() throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        contents.put(
            file.getFileName().toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    assertThat(contents.keySet()).containsAll(List.of("configuration.json", "mup-8-0.run.json"));
    return contents;
  }
}
