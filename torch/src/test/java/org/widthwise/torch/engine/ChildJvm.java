package org.widthwise.torch.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A main class in a JVM of its own, on the class path of the tests.
 *
 * @param process the running JVM, its error stream merged into its output
 */
public record ChildJvm(Process process) {
  /**
   * Starts it.
   *
   * @param flags the JVM's flags
   * @param mainClass the class to run
   * @param arguments its arguments
   * @return the running JVM
   * @throws IOException if it cannot be started
   */
  public static ChildJvm start(List<String> flags, Class<?> mainClass, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(mainClass.getName());
    command.addAll(List.of(arguments));
    return new ChildJvm(new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  /**
   * Waits for its end.
   *
   * @return what it wrote
   * @throws IOException if its output cannot be read
   * @throws InterruptedException if interrupted while waiting
   * @throws IllegalStateException if it failed or did not end
   */
  public String output() throws IOException, InterruptedException {
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IllegalStateException("the child JVM failed: " + output);
    }
    return output;
  }
}
