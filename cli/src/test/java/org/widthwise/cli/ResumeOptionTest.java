package org.widthwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResumeOptionTest {

  @Test
  void runsAreGoneOnWithUnlessThatIsForbidden(@TempDir Path directory) throws IOException {
    String[] command = {
      "reproduce",
      "fig2",
      "--widths",
      "2",
      "--trials",
      "1",
      "--steps",
      "2",
      "--data",
      FewImages.in(directory),
      "--out",
      directory.resolve("out").toString(),
      ""
    };
    command[command.length - 1] = "--no-resume";
    Outcome.good(command);
    Path csv = directory.resolve("out").resolve("fig2.csv");
    byte[] before = Files.readAllBytes(csv);
    Outcome refused = Outcome.of(command);
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("holds 2 finished runs already");
    command[command.length - 1] = "--resume";
    assertThat(Outcome.good(command).err()).contains("2 of 2 runs");
    assertThat(csv).hasBinaryContent(before);
  }
}
