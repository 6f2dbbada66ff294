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
    ask("rate " + size + " " + seconds);
    return answer();
  }

  @Override
  public double lossAfter(JobKind kind, int width, long steps) {
    ask("loss " + kind.id() + " " + width + " " + steps);
    return answer();
  }

  @Override
  public double millisPerStep(JobKind kind, int width, double seconds) {
    askForStep(kind, width, seconds);
    return answer();
  }

  /** Starts what {@link #millisPerStep} does; {@link #answer} waits for it. */
  void askForStep(JobKind kind, int width, double seconds) {
    ask("step " + kind.id() + " " + width + " " + seconds);
  }

  @Override
  public Duration processorTime() {
    ask("cpu");
    return Duration.ofNanos((long) (NANOS * answer()));
  }

  @Override
  public void close() {
    process.destroy();
  }

  private void ask(String request) {
    try {
      requests.write(request);
      requests.newLine();
      requests.flush();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** What it says to the request before. */
  double answer() {
    try {
      String answer = answers.readLine();
      if (answer == null) {
        throw new IOException("it ended without an answer");
      }
      return Double.parseDouble(answer);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private static UncheckedIOException failed(IOException cause) {
    return new UncheckedIOException("the Python side failed: " + cause.getMessage(), cause);
  }
}
