package org.widthwise.audit.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that Python's pickle and zipfile, NumPy and ggml wrote, value for value. */
class OtherProgramsTest {

  private final Path directory;

  OtherProgramsTest(@TempDir Path directory) {
    this.directory = directory;
  }

  static Stream<Arguments> files() {
    List<Arguments> files = new ArrayList<>();
    for (String expected : List.of(Fixtures.EXPECTED, Fixtures.EXPECTED_OF_GGML)) {
      Fixtures.expected(Fixtures.bytes(expected))
          .properties()
          .forEach(file -> files.add(arguments(file.getKey(), file.getValue())));
    }
    return files.stream();
  }

  @ParameterizedTest
  @MethodSource("files")
  void readsWhatTheyWrote(String name, JsonNode expected) {
    Fixtures.compare(Fixtures.copy(name, directory), expected);
  }

  @Test
  void readsWhatTheyWriteHere() throws Exception {
    Path script = Fixtures.copy(Fixtures.SCRIPT, directory);
    assumeTrue(runs("python3", "-c", "import numpy"), "needs python3 with numpy");
    Path written = Files.createDirectory(directory.resolve("written"));

    assertThat(runs("python3", script.toString(), written.toString())).isTrue();

    JsonNode expected = Fixtures.expected(Files.readAllBytes(written.resolve("expected.json")));
    for (String name : (Iterable<String>) expected::fieldNames) {
      Fixtures.compare(written.resolve(name), expected.get(name));
    }
  }

  private static boolean runs(String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(1, TimeUnit.MINUTES) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
