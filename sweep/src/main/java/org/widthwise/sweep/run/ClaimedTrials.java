package org.widthwise.sweep.run;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.widthwise.sweep.store.Claim;
import org.widthwise.sweep.store.SweepStore;
import org.widthwise.sweep.store.TrialResult;
import org.widthwise.torch.engine.Libtorch;

/** The trials that this process is at work on: run, kept by heartbeats, and their ends stored. */
public final class ClaimedTrials {

  private final SweepStore store;
  private final TrialExecutor executor;
  private final Map<Claim, Running> running = new ConcurrentHashMap<>();

  /** A trial at work here. */
  private static final class Running {
    private volatile boolean lost;
    private volatile double share;
  }

  /**
   * No trial yet.
   *
   * @param store where they are
   * @param executor runs them
   */
  public ClaimedTrials(SweepStore store, TrialExecutor executor) {
    this.store = store;
    this.executor = executor;
  }

  /** Says that this process is alive; to be called once in each heartbeat. */
  public void beat() {
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

  /**
   * How much of the running trials is done.
   *
   * @return in units of {@link Claim#work()}
   */
  public double partialWork() {
    double partly = 0;
    for (Map.Entry<Claim, Running> trial : running.entrySet()) {
      partly += trial.getKey().work() * trial.getValue().share;
    }
    return partly;
  }

  /**
   * Whether none is running.
   *
   * @return true if so
   */
  public boolean isEmpty() {
    return running.isEmpty();
  }

  /**
   * Runs a trial and stores what comes of it.
   *
   * @param claim the trial
   * @param stop asked often; once true, the trial is given back
   * @return how it ended
   */
  public TrialEnd run(Claim claim, BooleanSupplier stop) {
    Running trial = new Running();
    running.put(claim, trial);
    try {
      Optional<TrialResult> result = Optional.empty();
      @Nullable String thrown = null;
      try {
        result =
            executor.run(
                claim, () -> stop.getAsBoolean() || trial.lost, share -> trial.share = share);
      } catch (RuntimeException | Error failed) {
        thrown = failed.getClass().getSimpleName() + ": " + Libtorch.reason(failed);
      }
      return end(claim, result, thrown);
    } finally {
      running.remove(claim);
    }
  }

  private TrialEnd end(Claim claim, Optional<TrialResult> result, @Nullable String thrown) {
    if (thrown != null) {
      return end(claim, store.fail(claim, thrown), SweepListener.Ending.THREW, thrown);
    }
    if (result.isEmpty()) {
      return end(claim, store.release(claim), SweepListener.Ending.RELEASED, "");
    }
    TrialResult stored = result.get();
    return end(
        claim,
        store.finish(claim, stored),
        stored.diverged() ? SweepListener.Ending.DIVERGED : SweepListener.Ending.FINISHED,
        stored.message());
  }

  private static TrialEnd end(
      Claim claim, boolean owned, SweepListener.Ending ending, String message) {
    return new TrialEnd(claim, owned ? ending : SweepListener.Ending.LOST, message);
  }
}
