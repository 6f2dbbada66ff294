package org.widthwise.lab.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A Python of this machine: the variable {@code PYTHON}, or {@code /usr/bin/python3}, or {@code
 * python3}.
 *
 * @param path how it is called
 */
record PythonProgram(String path) {

  /** The first one that can import a module, if there is any. */
  static Optional<PythonProgram> importing(String module) {
    String named = System.getenv("PYTHON");
    for (String python : named == null ? List.of("/usr/bin/python3", "python3") : List.of(named)) {
      if (imports(python, module)) {
        return Optional.of(new PythonProgram(python));
      }
    }
    return Optional.empty();
  }

  private static boolean imports(String python, String module) {
    try {
      return new ProcessBuilder(python, "-c", "import " + module)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException noSuchProgram) {
      return false;
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  /** Runs a script that lies beside the tests' classes, and asserts that it comes to its end. */
  void run(String script, Path directory, Path... arguments) throws Exception {
    Path copied = directory.resolve(script);
    try (InputStream in =
        Objects.requireNonNull(PythonProgram.class.getResourceAsStream(script), script)) {
      Files.write(copied, in.readAllBytes());
    }
    List<String> words = new ArrayList<>(List.of(path, "-B", copied.toString()));
    for (Path argument : arguments) {
      words.add(argument.toString());
    }
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().put("OMP_NUM_THREADS", "1");
    Process process = builder.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }

  /** The directory of the documentation, where scripts for users are. */
  static Path docs() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.isRegularFile(at.resolve("docs").resolve("widthwise_torch.py"))) {
      at = Objects.requireNonNull(at.getParent(), "no docs/widthwise_torch.py above");
    }
    return at.resolve("docs");
  }
}
