package org.widthwise.sweep.run;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.widthwise.sweep.store.Claim;
import org.widthwise.sweep.store.SweepState;
import org.widthwise.sweep.store.SweepStore;

/**
 * Works on a sweep until it is finished: trials side by side, each on a thread of its own, the
 * longest first. Others may work on the same sweep meanwhile. Whatever ends this process, trials
 * that are over stay stored, and those that were running are run again by whoever comes next.
 */
public final class SweepRunner implements SweepJob {

  private static final long TICK_MILLIS = 1000;

  private final SweepStore store;
  private final String sweep;
  private final TrialExecutor executor;
  private final ClaimedTrials trials;
  private final int threads;
  private final Duration heartbeat;
  private final String worker;
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
    this.trials = new ClaimedTrials(store, executor);
    this.threads = threads;
    this.heartbeat = heartbeat;
    // Process and host.
    this.worker = ManagementFactory.getRuntimeMXBean().getName();
  }

  @Override
  public void stop() {
    stopped.countDown();
  }

  @Override
  public boolean awaitEnd(Duration patience) throws InterruptedException {
    return ended.await(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public SweepState run(SweepListener listener) throws InterruptedException {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    ScheduledExecutorService clock = Executors.newScheduledThreadPool(2);
    ProgressTracker tracker = new ProgressTracker(store, sweep, listener, trials::partialWork);
    AtomicReference<RuntimeException> failure = new AtomicReference<>();
    List<Future<?>> timers = new ArrayList<>();
    try {
      timers.add(
          clock.scheduleAtFixedRate(
              () -> guarded(trials::beat, failure),
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

  private boolean isStopped() {
    return stopped.getCount() == 0;
  }

  private void work(ProgressTracker tracker) {
    executor.enterThread();
    while (!isStopped()) {
      Optional<Claim> claim = store.claim(sweep, worker, heartbeat.multipliedBy(6));
      if (claim.isPresent()) {
        tracker.ended(trials.run(claim.get(), this::isStopped));
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
}
