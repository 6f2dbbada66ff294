package org.widthwise.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A {@link Worker} as its parent sees it. */
final class WorkerProcess {

  /** What the native library says on standard output about the connections of a process. */
  private static final String NATIVE_CHATTER = "[Gloo] ";

  private static final long PUMP_SECONDS = 10;

  private final int rank;
  private final Process process;
  private final Thread output;
  private final Thread errors;

  private WorkerProcess(int rank, Process process, Thread output, Thread errors) {
    this.rank = rank;
    this.process = process;
    this.output = output;
    this.errors = errors;
  }

  /**
   * Starts a worker.
   *
   * @param words its command line after the program's name
   * @param out where its standard output goes; null for nowhere
   * @param err where its standard error goes; null for nowhere
   */
  static WorkerProcess start(
      int rank, List<String> words, @Nullable PrintWriter out, @Nullable PrintWriter err)
      throws IOException {
    Process process = new ProcessBuilder(Worker.commandLine(words)).start();
    Thread output = daemon(rank, () -> copyLines(process.getInputStream(), out));
    Thread errors = daemon(rank, () -> copy(process.getErrorStream(), err));
    return new WorkerProcess(rank, process, output, errors);
  }

  private static Thread daemon(int rank, Runnable work) {
    Thread thread = new Thread(work, "output of rank " + rank);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static void copyLines(InputStream in, @Nullable PrintWriter to) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (to != null && !line.startsWith(NATIVE_CHATTER)) {
          to.println(line);
          to.flush();
        }
      }
    } catch (IOException ended) {
      // The process has ended, and its exit code tells more.
    }
  }

  /** Not by lines: progress on a terminal has none. */
  private static void copy(InputStream in, @Nullable PrintWriter to) {
    char[] piece = new char[4096];
    try (Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
      for (int count = reader.read(piece); count >= 0; count = reader.read(piece)) {
        if (to != null) {
          to.write(piece, 0, count);
          to.flush();
        }
      }
    } catch (IOException ended) {
      // The process has ended, and its exit code tells more.
    }
  }

  int rank() {
    return rank;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  CompletableFuture<Process> onExit() {
    return process.onExit();
  }

  /** Asks it to end at a good place. Not by the process itself, which would close its pipes too. */
  void ask() {
    process.toHandle().destroy();
  }

  void kill() {
    process.destroyForcibly();
  }

  /** Its exit code, once it has ended and all that it wrote is passed on. */
  int end() throws InterruptedException {
    int code = process.waitFor();
    output.join(TimeUnit.SECONDS.toMillis(PUMP_SECONDS));
    errors.join(TimeUnit.SECONDS.toMillis(PUMP_SECONDS));
    return code;
  }

  /** What became of it, in words. */
  String fate() {
    int code = process.exitValue();
    return "rank %d (process %d) %s"
        .formatted(
            rank,
            process.pid(),
            code > 128 && code < 160
                ? "was ended by signal " + (code - 128)
                : "ended with exit code " + code);
  }
}
