package org.widthwise.sweep.run;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.widthwise.lab.run.RunException;
import org.widthwise.sweep.store.Claim;
import org.widthwise.sweep.store.SweepState;
import org.widthwise.sweep.store.SweepStore;
import org.widthwise.sweep.store.TrialResult;
import org.widthwise.torch.engine.Libtorch;

/**
 * Works on a sweep until it is finished: trials side by side, each on a thread of its own, the
 * longest first. Others may work on the same sweep meanwhile. Whatever ends this process, trials
 * that are over stay stored, and those that were running are run again by whoever comes next.
 */
public final class SweepRunner {

  private static final long TICK_MILLIS = 1000;

  private final SweepStore store;
  private final String sweep;
  private final TrialExecutor executor;
  private final int threads;
  private final Duration heartbeat;
  private final String worker;
  private final Map<Claim, Running> running = new ConcurrentHashMap<>();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);

  /**
   * A runner.
   *
   * @param store where the trials are
   * @param sweep the name of the sweep
   * @param executor runs a trial
   * @param threads how many trials run at a time, at least 1
   * @param heartbeat the time from one sign of life to the next, at least 10 milliseconds; others
   *     take trials over after six of them
   * @throws IllegalArgumentException if there is no thread or the heartbeat is shorter
   */
  public SweepRunner(
      SweepStore store, String sweep, TrialExecutor executor, int threads, Duration heartbeat) {
    if (threads < 1) {
      throw new IllegalArgumentException("at least one thread is needed, not " + threads);
    }
    if (heartbeat.toMillis() < 10) {
      throw new IllegalArgumentException(
          "a heartbeat takes at least 10 ms, not %d".formatted(heartbeat.toMillis()));
    }
    this.store = store;
    this.sweep = sweep;
    this.executor = executor;
    this.threads = threads;
    this.heartbeat = heartbeat;
    // Process and host.
    this.worker = ManagementFactory.getRuntimeMXBean().getName();
  }

  /** A trial at work here. */
  private static final class Running {
    private volatile boolean lost;
    private volatile double share;
  }

  /** Ends the work soon: running trials are given up after their step and wait again. */
  public void stop() {
    stopped.countDown();
  }

  /**
   * Waits until the work has ended and every trial that was running here is given back.
   *
   * @param patience the longest to wait
   * @return whether it has
   * @throws InterruptedException if the thread is interrupted
   */
  public boolean awaitEnd(Duration patience) throws InterruptedException {
    return ended.await(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Works until every trial of the sweep is over, here or elsewhere, or {@link #stop()}.
   *
   * @param listener told of the progress
   * @return how far the sweep is
   * @throws InterruptedException if the thread is interrupted
   * @throws RunException if the store fails
   */
  public SweepState run(SweepListener listener) throws InterruptedException {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    ScheduledExecutorService clock = Executors.newScheduledThreadPool(2);
    Tracker tracker = new Tracker(listener);
    AtomicReference<RuntimeException> failure = new AtomicReference<>();
    List<Future<?>> timers = new ArrayList<>();
    try {
      timers.add(
          clock.scheduleAtFixedRate(
              () -> guarded(this::beat, failure),
              heartbeat.toMillis(),
              heartbeat.toMillis(),
              TimeUnit.MILLISECONDS));
      timers.add(
          clock.scheduleAtFixedRate(
              () -> guarded(tracker::tick, failure),
              TICK_MILLIS,
              TICK_MILLIS,
              TimeUnit.MILLISECONDS));
      List<Future<?>> workers = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        workers.add(pool.submit(() -> guarded(() -> work(tracker), failure)));
      }
      for (Future<?> each : workers) {
        each.get();
      }
    } catch (ExecutionException failed) {
      throw new IllegalStateException(failed.getCause());
    } finally {
      stop();
      pool.shutdown();
      pool.awaitTermination(1, TimeUnit.DAYS);
      timers.forEach(timer -> timer.cancel(false));
      clock.shutdown();
      clock.awaitTermination(1, TimeUnit.MINUTES);
      ended.countDown();
    }
    RuntimeException failed = failure.get();
    if (failed != null) {
      throw failed;
    }
    return store.state(sweep);
  }

  /** The first failure ends the work of all threads. */
  private void guarded(Runnable action, AtomicReference<RuntimeException> failure) {
    try {
      action.run();
    } catch (RuntimeException failed) {
      failure.compareAndSet(null, failed);
      stop();
    }
  }

  private void beat() {
    Set<Claim> held = Set.copyOf(running.keySet());
    if (held.isEmpty()) {
      return;
    }
    Set<Claim> kept = store.heartbeat(held);
    for (Claim claim : held) {
      Running trial = running.get(claim);
      if (trial != null && !kept.contains(claim)) {
        trial.lost = true;
      }
    }
  }

  private boolean isStopped() {
    return stopped.getCount() == 0;
  }

  private void work(Tracker tracker) {
    executor.enterThread();
    while (!isStopped()) {
      Optional<Claim> claim = store.claim(sweep, worker, heartbeat.multipliedBy(6));
      if (claim.isPresent()) {
        run(claim.get(), tracker);
      } else if (store.state(sweep).isFinished() || isStoppedWithin(heartbeat)) {
        return;
      }
    }
  }

  /** Others are at work on what is left: their trials may yet have to be taken over. */
  private boolean isStoppedWithin(Duration time) {
    try {
      return stopped.await(Math.min(time.toMillis(), TICK_MILLIS), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private void run(Claim claim, Tracker tracker) {
    Running trial = new Running();
    running.put(claim, trial);
    try {
      Optional<TrialResult> result = Optional.empty();
      @Nullable String thrown = null;
      try {
        result = executor.run(claim, () -> isStopped() || trial.lost, share -> trial.share = share);
      } catch (RuntimeException | Error failed) {
        thrown = failed.getClass().getSimpleName() + ": " + Libtorch.reason(failed);
      }
      end(claim, result, thrown, tracker);
    } finally {
      running.remove(claim);
    }
  }

  private void end(
      Claim claim, Optional<TrialResult> result, @Nullable String thrown, Tracker tracker) {
    if (thrown != null) {
      boolean owned = store.fail(claim, thrown);
      tracker.ended(claim, owned ? SweepListener.Ending.THREW : SweepListener.Ending.LOST, thrown);
    } else if (result.isEmpty()) {
      boolean owned = store.release(claim);
      tracker.ended(claim, owned ? SweepListener.Ending.RELEASED : SweepListener.Ending.LOST, "");
    } else {
      boolean owned = store.finish(claim, result.get());
      SweepListener.Ending ending =
          result.get().diverged() ? SweepListener.Ending.DIVERGED : SweepListener.Ending.FINISHED;
      tracker.ended(claim, owned ? ending : SweepListener.Ending.LOST, result.get().message());
    }
  }

  /** Estimates the time to go from all work done since the start, others' included. */
  private final class Tracker {

    private final SweepListener listener;
    private final double workBefore;
    private final long start = System.nanoTime();
    private SweepState state;

    Tracker(SweepListener listener) {
      this.listener = listener;
      this.state = store.state(sweep);
      this.workBefore = state.finishedWork();
      listener.started(progress());
    }

    synchronized void tick() {
      state = store.state(sweep);
      listener.progressed(progress());
    }

    synchronized void ended(Claim claim, SweepListener.Ending ending, String message) {
      running.remove(claim);
      state = store.state(sweep);
      listener.ended(claim, ending, message, progress());
    }

    private SweepListener.Progress progress() {
      double partly = 0;
      for (Map.Entry<Claim, Running> trial : running.entrySet()) {
        partly += trial.getKey().work() * trial.getValue().share;
      }
      double done = state.finishedWork() + partly;
      double doneHere = done - workBefore;
      double seconds = (System.nanoTime() - start) / 1e9;
      Optional<Duration> timeToGo =
          doneHere > 0
              ? Optional.of(
                  Duration.ofMillis((long) (1000 * seconds * (state.work() - done) / doneHere)))
              : Optional.empty();
      return new SweepListener.Progress(
          state, state.work() > 0 ? done / state.work() : 1, timeToGo);
    }
  }
}
