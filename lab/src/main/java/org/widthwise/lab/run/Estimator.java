package org.widthwise.lab.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;

/**
 * Foretells how long members will take on this machine, from short versions of those that make up
 * most of the work, run as many at a time as the members will be.
 *
 * <p>Two lengths tell what a step costs and what comes once, such as drawing weights and measuring
 * them. What is not probed is reckoned at the pace of what was.
 */
public final class Estimator {

  /** The probed members make up so much of what can be probed that the rest matters little. */
  private static final double SHARE_PROBED = 0.9;

  /** Steps that take this long together are not ruled by chance. */
  private static final double LEAST_SECONDS = 1;

  /** Nor by that of what comes once, if they take so many times as long. */
  private static final double LEAST_SHARE = 0.5;

  private static final int FIRST_STEPS = 4;

  private final int threads;
  private final LongSupplier nanoClock;

  /**
   * An estimator.
   *
   * @param threads how many members run at a time
   */
  public Estimator(int threads) {
    this(threads, System::nanoTime);
  }

  Estimator(int threads, LongSupplier nanoClock) {
    this.threads = threads;
    this.nanoClock = nanoClock;
  }

  /**
   * Foretells how long the members take together.
   *
   * @param members the members
   * @return an estimate; zero if none of them can be probed
   * @throws InterruptedException if the thread was interrupted
   */
  public Duration estimate(List<Member> members) throws InterruptedException {
    Map<Kind, List<ProbedMember>> alike = new LinkedHashMap<>();
    double total = 0;
    for (Member member : members) {
      total += member.work();
      if (member instanceof ProbedMember probed) {
        alike.computeIfAbsent(Kind.of(member), kind -> new ArrayList<>()).add(probed);
      }
    }
    List<List<ProbedMember>> heaviestFirst =
        alike.values().stream()
            .sorted(Comparator.comparingDouble(Estimator::work).reversed())
            .toList();
    double probeable = heaviestFirst.stream().mapToDouble(Estimator::work).sum();
    double probedWork = 0;
    double probedSeconds = 0;
    double longest = 0;
    for (List<ProbedMember> group : heaviestFirst) {
      if (probedWork > SHARE_PROBED * probeable) {
        break;
      }
      double each = secondsFor(group.get(0));
      probedWork += work(group);
      probedSeconds += each * group.size();
      longest = Math.max(longest, each);
    }
    if (probedWork == 0) {
      return Duration.ZERO;
    }
    double all = probedSeconds * total / probedWork;
    return Duration.ofMillis((long) (1000 * Math.max(longest, all / threads)));
  }

  /** What members have in common that take the same time: a width alone says nothing of a study. */
  private record Kind(Class<?> type, long x, double work) {

    static Kind of(Member member) {
      return new Kind(member.getClass(), member.key().x(), member.work());
    }
  }

  private static double work(List<ProbedMember> group) {
    return group.stream().mapToDouble(Member::work).sum();
  }

  private double secondsFor(ProbedMember member) throws InterruptedException {
    int steps = FIRST_STEPS;
    // The first one compiles code, loads what is needed and takes memory from the system.
    seconds(member, 1 + steps);
    double once = seconds(member, 1);
    double more = seconds(member, 1 + steps);
    while (more - once < Math.max(LEAST_SECONDS, LEAST_SHARE * once) && steps < member.steps()) {
      steps *= 4;
      more = seconds(member, 1 + steps);
    }
    double perStep = Math.max(0, more - once) / steps;
    return once + perStep * (member.steps() - 1);
  }

  /** How long a shortened member takes beside others like it. */
  private double seconds(ProbedMember member, int steps) throws InterruptedException {
    Member probe = member.shortened(steps);
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      long start = nanoClock.getAsLong();
      List<Future<MemberResult>> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        running.add(executor.submit(() -> probe.run(share -> {})));
      }
      for (Future<MemberResult> probed : running) {
        probed.get();
      }
      return (nanoClock.getAsLong() - start) / 1e9;
    } catch (ExecutionException failed) {
      throw new IllegalStateException("a probe failed", failed.getCause());
    } finally {
      executor.shutdownNow();
    }
  }
}
