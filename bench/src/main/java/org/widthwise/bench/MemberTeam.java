package org.widthwise.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.widthwise.torch.engine.OneBlasThread;

/**
 * The paper's job as an experiment runs it here: whole members side by side, each on a thread of
 * its own with one BLAS thread, by {@code CompressedMlpTrainer}.
 */
final class MemberTeam implements AutoCloseable {
  private final int members;
  private final ExecutorService threads;
  private final Map<Integer, PaperJob> jobs = new HashMap<>();
  private final Map<Integer, Pace> steps = new HashMap<>();
  private final List<Pace> rates = new ArrayList<>();

  MemberTeam(int members) {
    this.members = members;
    this.threads = Executors.newFixedThreadPool(members);
    for (int i = 0; i < members; i++) {
      rates.add(new Pace());
    }
  }

  /** Milliseconds per step and member, the preparation of each included. */
  double millisPerStep(int width, double seconds) {
    PaperJob job = jobs.computeIfAbsent(width, PaperJob::new);
    Pace pace = steps.computeIfAbsent(width, key -> new Pace());
    return 1e3
        * pace.run(
            count -> together(member -> JvmWorker.trained(job::trainCompressed, count)), seconds)
        / members;
  }

  /** GFLOP/s of all threads together, each with matrix products of its own. */
  double multiplicationRate(int size, double seconds) {
    return together(
            member -> {
              try (OneBlasThread one = OneBlasThread.open()) {
                return JvmWorker.multiplicationRate(size, seconds, rates.get(member));
              }
            })
        .stream()
        .mapToDouble(Double::doubleValue)
        .sum();
  }

  /** What each member does. */
  @FunctionalInterface
  private interface Work {
    double run(int member);
  }

  private List<Double> together(Work work) {
    List<Future<Double>> running = new ArrayList<>();
    for (int i = 0; i < members; i++) {
      int member = i;
      running.add(threads.submit(() -> work.run(member)));
    }
    List<Double> results = new ArrayList<>();
    try {
      for (Future<Double> one : running) {
        results.add(one.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the comparison was interrupted", e);
    } catch (ExecutionException failed) {
      throw new IllegalStateException("a member failed", failed.getCause());
    }
    return results;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
