package org.widthwise.torch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UnpackingTest {
  @Test
  void twoProcessesUnpackIntoOneEmptyCacheOneAfterTheOther(@TempDir Path cache) throws Exception {
    List<Process> processes = List.of(start(cache), start(cache));

    List<String> outputs = new ArrayList<>();
    for (Process process : processes) {
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as("output: %s", output).isZero();
      outputs.add(output);
    }

    assertThat(outputs).allSatisfy(output -> assertThat(output).contains("loaded 2."));
    assertThat(outputs).filteredOn(output -> output.contains("unpacking")).hasSize(1);
  }

  private static Process start(Path cache) throws IOException {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-Dorg.bytedeco.javacpp.cachedir=" + cache,
            "-cp",
            classPath,
            UnpackingMain.class.getName())
        .redirectErrorStream(true)
        .start();
  }
}
