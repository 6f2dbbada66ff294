package org.widthwise.lab.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs members side by side, whole members on threads of their own: batch by batch, so that results
 * come early, and in each the longest first. A thread that finds nothing left of a batch goes on
 * with the next one, so that none idles before the very end. Each member is stored as soon as it is
 * finished; those that are stored already are not run again.
 *
 * <p>Members that had better be trained together ({@link JointMember}) take one thread together.
 */
public final class MemberPool {

  /** More networks side by side hardly make better use of a device, and they share its memory. */
  private static final int MOST_TOGETHER = 16;

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
   * @param batches the members of each study
   * @param listener told of the progress
   * @throws InterruptedException if the thread was interrupted; the members in progress are lost
   * @throws RunException if a store cannot be read or written
   */
  public void run(List<MemberBatch> batches, RunListener listener) throws InterruptedException {
    List<Pending> pending = batches.stream().map(Pending::of).toList();
    Tracker tracker = new Tracker(pending, listener);
    listener.started(tracker.progress(""));
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      ExecutorCompletionService<Integer> running = new ExecutorCompletionService<>(executor);
      int submitted = 0;
      for (Pending batch : pending) {
        if (batch.left().isEmpty()) {
          batch.batch().whenFinished().run();
        }
        for (List<Member> together : together(batch.left())) {
          running.submit(
              () -> {
                run(batch, together, tracker);
                return together.size();
              });
          submitted++;
        }
      }
      for (int i = 0; i < submitted; i++) {
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

  /** Each member by itself, or with its company. */
  private static List<List<Member>> together(List<Member> members) {
    List<List<Member>> groups = new ArrayList<>();
    Map<Object, List<Member>> open = new HashMap<>();
    for (Member member : members) {
      Optional<Object> company =
          member instanceof JointMember joint ? joint.company() : Optional.empty();
      List<Member> group = company.map(open::get).orElse(null);
      if (group == null || group.size() == MOST_TOGETHER) {
        List<Member> fresh = new ArrayList<>();
        groups.add(fresh);
        company.ifPresent(key -> open.put(key, fresh));
        group = fresh;
      }
      group.add(member);
    }
    return groups;
  }

  private static void run(Pending batch, List<Member> members, Tracker tracker)
      throws InterruptedException {
    String study = batch.batch().study();
    // Stored here, not by the caller: what is finished when another member fails is kept.
    List<MemberResult> results =
        results(
            members, share -> members.forEach(member -> tracker.progressed(study, member, share)));
    for (int i = 0; i < members.size(); i++) {
      batch.batch().store().store(results.get(i));
      tracker.finished(study, members.get(i), results.get(i));
      if (batch.unfinished().decrementAndGet() == 0) {
        batch.batch().whenFinished().run();
      }
    }
  }

  private static List<MemberResult> results(List<Member> members, Member.ShareListener progress)
      throws InterruptedException {
    if (members.size() == 1) {
      return List.of(members.get(0).run(progress));
    }
    List<JointMember> joint = members.stream().map(JointMember.class::cast).toList();
    return joint.get(0).runTogether(joint, progress);
  }

  /** What is left of a batch, the longest first. */
  private record Pending(MemberBatch batch, List<Member> left, AtomicInteger unfinished) {

    static Pending of(MemberBatch batch) {
      Set<MemberKey> done = batch.store().results().keySet();
      List<Member> left =
          batch.members().stream()
              .filter(member -> !done.contains(member.key()))
              .sorted(Comparator.comparingDouble(Member::work).reversed())
              .toList();
      return new Pending(batch, left, new AtomicInteger(left.size()));
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
    private final IdentityHashMap<Member, Double> doneWork = new IdentityHashMap<>();
    private final long start = System.nanoTime();
    private int finished;

    Tracker(List<Pending> batches, RunListener listener) {
      this.listener = listener;
      int left = batches.stream().mapToInt(batch -> batch.left().size()).sum();
      this.members = batches.stream().mapToInt(batch -> batch.batch().members().size()).sum();
      this.finished = members - left;
      this.totalWork =
          batches.stream()
              .flatMap(b -> b.batch().members().stream())
              .mapToDouble(Member::work)
              .sum();
      this.earlierWork =
          totalWork
              - batches.stream().flatMap(b -> b.left().stream()).mapToDouble(Member::work).sum();
    }

    synchronized void progressed(String study, Member member, double share) {
      doneWork.put(member, share * member.work());
      listener.progressed(progress(study));
    }

    synchronized void finished(String study, Member member, MemberResult result) {
      doneWork.put(member, member.work());
      finished++;
      listener.finished(result, progress(study));
    }

    private RunListener.Progress progress(String study) {
      double doneNow = doneWork.values().stream().mapToDouble(Double::doubleValue).sum();
      double left = totalWork - earlierWork - doneNow;
      double seconds = (System.nanoTime() - start) / 1e9;
      Optional<Duration> timeToGo =
          doneNow > 0
              ? Optional.of(Duration.ofMillis((long) (1000 * seconds * left / doneNow)))
              : Optional.empty();
      return new RunListener.Progress(
          study, members, finished, (earlierWork + doneNow) / totalWork, timeToGo);
    }
  }
}
