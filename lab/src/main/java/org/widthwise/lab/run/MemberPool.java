package org.widthwise.lab.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Runs members side by side, whole members on threads of their own, the longest first so that no
 * thread idles at the end. Each is stored as soon as it is finished; those that are stored already
 * are not run again.
 */
public final class MemberPool {

  private final int threads;

  /**
   * A pool.
   *
   * @param threads how many members run at a time, at least 1
   */
  public MemberPool(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("at least one thread is needed, not " + threads);
    }
    this.threads = threads;
  }

  /**
   * Refuses what cannot fit into memory, before anything is started.
   *
   * @param members the members
   * @param availableBytes how much memory there is
   * @throws RunException if the largest members that would run at a time need more
   */
  public void requireMemory(List<? extends Member> members, double availableBytes) {
    double needed =
        members.stream()
            .map(Member::memoryBytes)
            .sorted(Comparator.reverseOrder())
            .limit(threads)
            .mapToDouble(Double::doubleValue)
            .sum();
    if (needed > availableBytes) {
      int atOnce = Math.min(threads, members.size());
      Member largest =
          members.stream().max(Comparator.comparingDouble(Member::memoryBytes)).orElseThrow();
      throw new RunException(
          String.format(
              Locale.ROOT,
              "width %d with %d run%s at a time needs about %s of memory, but %s are available:"
                  + " choose smaller --widths or fewer --threads",
              largest.key().x(),
              atOnce,
              atOnce == 1 ? "" : "s",
              gibibytes(needed),
              gibibytes(availableBytes)));
    }
  }

  private static String gibibytes(double bytes) {
    return String.format(Locale.ROOT, "%.1f GiB", bytes / (1L << 30));
  }

  /**
   * Runs the members that are not stored yet.
   *
   * @param members all members
   * @param store where finished ones are and go
   * @param listener told of the progress
   * @throws InterruptedException if the thread was interrupted; the members in progress are lost
   * @throws RunException if the store cannot be read or written
   */
  public void run(List<? extends Member> members, RunStore store, RunListener listener)
      throws InterruptedException {
    Map<MemberKey, MemberResult> done = store.results();
    List<Member> left = new ArrayList<>();
    for (Member member : members) {
      if (!done.containsKey(member.key())) {
        left.add(member);
      }
    }
    left.sort(Comparator.comparingDouble(Member::work).reversed());
    Tracker tracker = new Tracker(members, left, listener);
    listener.started(tracker.progress());
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      ExecutorCompletionService<MemberKey> running = new ExecutorCompletionService<>(executor);
      for (Member member : left) {
        running.submit(
            () -> {
              // Stored here, not by the caller: what is finished when another member fails is kept.
              MemberResult result = member.run(share -> tracker.progressed(member, share));
              store.store(result);
              tracker.finished(result);
              return member.key();
            });
      }
      for (int i = 0; i < left.size(); i++) {
        running.take().get();
      }
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(failed.getCause());
    } finally {
      executor.shutdownNow();
      awaitEnd(executor);
    }
  }

  /** Nobody may write to the store once it is closed; members see the interruption soon. */
  private static void awaitEnd(ExecutorService executor) {
    boolean interrupted = false;
    while (true) {
      try {
        if (executor.awaitTermination(1, TimeUnit.DAYS)) {
          break;
        }
      } catch (InterruptedException again) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Adds up the shares, and estimates the time to go from the work done since the start. */
  private static final class Tracker {

    private final RunListener listener;
    private final int members;
    private final double totalWork;
    private final double earlierWork;
    private final Map<MemberKey, Double> work = new HashMap<>();
    private final Map<MemberKey, Double> shares = new HashMap<>();
    private final long start = System.nanoTime();
    private int finished;

    Tracker(List<? extends Member> members, List<Member> left, RunListener listener) {
      this.listener = listener;
      this.members = members.size();
      this.finished = members.size() - left.size();
      this.totalWork = members.stream().mapToDouble(Member::work).sum();
      double leftWork = 0;
      for (Member member : left) {
        work.put(member.key(), member.work());
        leftWork += member.work();
      }
      this.earlierWork = totalWork - leftWork;
    }

    synchronized void progressed(Member member, double share) {
      shares.put(member.key(), share);
      listener.progressed(progress());
    }

    synchronized void finished(MemberResult result) {
      shares.put(result.key(), 1.0);
      finished++;
      listener.finished(result, progress());
    }

    private RunListener.Progress progress() {
      double doneNow = 0;
      for (Map.Entry<MemberKey, Double> share : shares.entrySet()) {
        doneNow += share.getValue() * work.getOrDefault(share.getKey(), 0.0);
      }
      double left = totalWork - earlierWork - doneNow;
      double seconds = (System.nanoTime() - start) / 1e9;
      Optional<Duration> timeToGo =
          doneNow > 0
              ? Optional.of(Duration.ofMillis((long) (1000 * seconds * left / doneNow)))
              : Optional.empty();
      return new RunListener.Progress(
          members, finished, (earlierWork + doneNow) / totalWork, timeToGo);
    }
  }
}
