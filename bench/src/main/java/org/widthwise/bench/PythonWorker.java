package org.widthwise.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The other side: PyTorch in a Python process of its own, told what to do line by line. */
final class PythonWorker implements Worker {
  private static final String READY = "ready ";
  private static final double NANOS = 1e9;

  private final Process process;
  private final BufferedWriter requests;
  private final BufferedReader answers;
  private final String description;

  private PythonWorker(
      Process process, BufferedWriter requests, BufferedReader answers, String description) {
    this.process = process;
    this.requests = requests;
    this.answers = answers;
    this.description = description;
  }

  /**
   * Starts Python.
   *
   * @param python the interpreter
   * @param script the worker's script
   * @param threads how many threads an operation may use
   * @return the worker; empty if there is no such interpreter, or no PyTorch in it
   */
  static Optional<PythonWorker> start(String python, Path script, int threads) {
    ProcessBuilder builder =
        new ProcessBuilder(python, script.toString(), Integer.toString(threads))
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    String count = Integer.toString(threads);
    // Some BLAS libraries do not listen to torch.set_num_threads but read these at the start.
    builder.environment().putAll(Map.of("OMP_NUM_THREADS", count, "OPENBLAS_NUM_THREADS", count));
    Process process;
    try {
      process = builder.start();
    } catch (IOException noSuchProgram) {
      return Optional.empty();
    }
    try {
      BufferedReader answers = process.inputReader();
      String greeting = answers.readLine();
      if (greeting == null || !greeting.startsWith(READY)) {
        process.destroy();
        return Optional.empty();
      }
      return Optional.of(
          new PythonWorker(
              process, process.outputWriter(), answers, greeting.substring(READY.length())));
    } catch (IOException e) {
      process.destroy();
      throw new UncheckedIOException("the Python side cannot be reached", e);
    }
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public double multiplicationRate(int size, double seconds) {
    return ask("rate " + size + " " + seconds);
  }

  @Override
  public double lossAfter(int width, long steps) {
    return ask("loss " + width + " " + steps);
  }

  @Override
  public double millisPerStep(int width, double seconds) {
    return ask("step " + width + " " + seconds);
  }

  @Override
  public Duration processorTime() {
    return Duration.ofNanos((long) (NANOS * ask("cpu")));
  }

  @Override
  public void close() {
    process.destroy();
  }

  private double ask(String request) {
    try {
      requests.write(request);
      requests.newLine();
      requests.flush();
      String answer = answers.readLine();
      if (answer == null) {
        throw new IOException("it ended without an answer to '" + request + "'");
      }
      return Double.parseDouble(answer);
    } catch (IOException e) {
      throw new UncheckedIOException("the Python side failed: " + e.getMessage(), e);
    }
  }
}
