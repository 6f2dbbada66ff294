package org.widthwise.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.widthwise.cli.ProcessOptions.LocalRanks;
import org.widthwise.torch.distributed.PeerException;

/**
 * The processes of this host that train together, watched over by the one that the user started,
 * which trains nothing itself: it passes on what the first of them writes, and no process outlives
 * it, nor is waited for in vain.
 */
final class WorkerTeam {

  /** What a process takes, at most, to notice the loss of another one by itself and to say so. */
  private static final Duration GRACE = Duration.ofSeconds(15);

  /** For the others to end, once the first one has said all there is to say. */
  private static final Duration AFTERMATH = Duration.ofSeconds(3);

  private static final Duration STOP_PATIENCE = Duration.ofSeconds(90);
  private static final Duration FOREVER = Duration.ofDays(10_000);

  private final PrintWriter out;
  private final PrintWriter err;
  private final Duration timeout;

  /**
   * A team.
   *
   * @param out where the result goes
   * @param err where all else goes
   * @param timeout how long a process may keep the others waiting
   */
  WorkerTeam(PrintWriter out, PrintWriter err, Duration timeout) {
    this.out = out;
    this.err = err;
    this.timeout = timeout;
  }

  /** The words for a rank of this host, from those of the user. */
  static List<String> words(List<String> own, int rank, int worldSize, int port, int threads) {
    List<String> words = withoutNproc(own);
    words.addAll(List.of("--master-addr", InetAddress.getLoopbackAddress().getHostAddress()));
    addUnlessThere(words, "--master-port", port);
    addUnlessThere(words, "--rank", rank);
    addUnlessThere(words, "--world-size", worldSize);
    addUnlessThere(words, "--threads", threads);
    return words;
  }

  private static void addUnlessThere(List<String> words, String option, int value) {
    if (words.stream().noneMatch(word -> word.equals(option) || word.startsWith(option + "="))) {
      words.addAll(List.of(option, Integer.toString(value)));
    }
  }

  private static List<String> withoutNproc(List<String> own) {
    List<String> words = new ArrayList<>();
    for (Iterator<String> each = own.iterator(); each.hasNext(); ) {
      String word = each.next();
      if (word.equals(ProcessOptions.NPROC)) {
        each.next();
      } else if (!word.startsWith(ProcessOptions.NPROC + "=")) {
        words.add(word);
      }
    }
    return words;
  }

  /** A port of this host that nobody listened at a moment ago. */
  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException none) {
      throw new UncheckedIOException("no free port on this host: " + none.getMessage(), none);
    }
  }

  /**
   * Starts the processes and waits for their end.
   *
   * @param ranks which
   * @param words the command line of each
   * @return the exit code
   * @throws PeerException if one ended without saying why
   */
  int run(LocalRanks ranks, List<List<String>> words) throws InterruptedException, IOException {
    List<WorkerProcess> workers = new CopyOnWriteArrayList<>();
    try (ExitHook hook = new ExitHook("end the workers", () -> stop(workers)).add()) {
      return run(ranks, words, workers);
    }
  }

  private int run(LocalRanks ranks, List<List<String>> words, List<WorkerProcess> workers)
      throws InterruptedException, IOException {
    try {
      for (int i = 0; i < ranks.count(); i++) {
        boolean first = i == 0;
        workers.add(
            WorkerProcess.start(
                ranks.first() + i, words.get(i), first ? out : null, first ? err : null));
      }
      return await(workers);
    } finally {
      workers.forEach(WorkerProcess::kill);
    }
  }

  private int await(List<WorkerProcess> workers) throws InterruptedException {
    List<WorkerProcess> running = new ArrayList<>(workers);
    WorkerProcess lead = workers.get(0);
    WorkerProcess failed = null;
    while (lead.isAlive() && failed == null) {
      anyExit(running);
      for (WorkerProcess worker : List.copyOf(running)) {
        if (!worker.isAlive()) {
          running.remove(worker);
          failed = worker.end() == 0 ? failed : worker;
        }
      }
    }
    awaitAll(running, lead.isAlive() ? timeout.plus(GRACE) : AFTERMATH);
    running.forEach(WorkerProcess::kill);
    int code = lead.end();
    if (code == 0 || spoke(code)) {
      return code;
    }
    throw new PeerException((failed == null ? lead : failed).fate());
  }

  /** Whether an exit code is one with which the command tells what went wrong. */
  private static boolean spoke(int code) {
    return code == 1 || code == 2 || code == 130;
  }

  private static void anyExit(List<WorkerProcess> running) throws InterruptedException {
    awaitFor(CompletableFuture.anyOf(exits(running)), FOREVER);
  }

  private static void awaitAll(List<WorkerProcess> running, Duration most)
      throws InterruptedException {
    awaitFor(CompletableFuture.allOf(exits(running)), most);
  }

  private static CompletableFuture<?>[] exits(List<WorkerProcess> running) {
    return running.stream().map(WorkerProcess::onExit).toArray(CompletableFuture<?>[]::new);
  }

  private static void awaitFor(CompletableFuture<?> end, Duration most)
      throws InterruptedException {
    try {
      end.get(most.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      // Whoever asked looks at who is left.
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** The process is to end: the workers end at a good place first. */
  private static void stop(List<WorkerProcess> workers) {
    List<WorkerProcess> asked = List.copyOf(workers);
    asked.forEach(WorkerProcess::ask);
    try {
      awaitAll(asked, STOP_PATIENCE);
      asked.forEach(WorkerProcess::kill);
      for (WorkerProcess worker : asked) {
        worker.end();
      }
    } catch (InterruptedException unlikely) {
      Thread.currentThread().interrupt();
      asked.forEach(WorkerProcess::kill);
    }
  }
}
