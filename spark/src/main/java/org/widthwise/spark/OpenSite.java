package org.widthwise.spark;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.widthwise.lab.run.RunException;
import org.widthwise.sweep.run.ClaimedTrials;
import org.widthwise.sweep.run.StoredSweep;
import org.widthwise.sweep.run.SweepData;
import org.widthwise.sweep.run.SweepListener;
import org.widthwise.sweep.run.TrainingExecutor;
import org.widthwise.sweep.run.TrialEnd;
import org.widthwise.sweep.store.Claim;
import org.widthwise.sweep.store.OpenTrial;
import org.widthwise.sweep.store.SweepStore;
import org.widthwise.torch.engine.ComputeDevice;
import org.widthwise.torch.engine.Libtorch;

/** Store and data on an executor, the trials that its tasks hold, and the heartbeat of these. */
final class OpenSite {

  /** An executor is killed 10 seconds after it was asked to end. */
  private static final long MOST_MILLIS_TO_END = 8_000;

  private static final long PAUSE_MILLIS = 50;
  private static final long MOST_MILLIS_BETWEEN_CLAIMS = 1000;

  private final SiteSettings settings;
  private final String worker;
  private final SweepStore store;
  private final TrainingExecutor executor;
  private final ClaimedTrials trials;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(OpenSite::heart);
  private final Thread hook = new Thread(this::awaitEnd, "give trials back");
  private final Future<?> beats;
  private volatile boolean ending;

  private OpenSite(
      SiteSettings settings, String worker, SweepStore store, TrainingExecutor executor) {
    this.settings = settings;
    this.worker = worker;
    this.store = store;
    this.executor = executor;
    this.trials = new ClaimedTrials(store, executor);
    long millis = settings.heartbeat().toMillis();
    this.beats = clock.scheduleAtFixedRate(this::beat, millis, millis, TimeUnit.MILLISECONDS);
  }

  private static Thread heart(Runnable action) {
    Thread thread = new Thread(action, "heartbeat of trials");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Opens the store and reads the data.
   *
   * @throws RunException if this is not the driver's store, or the sweep is of other data
   */
  static OpenSite of(SiteSettings settings, String executorId, int threads) {
    SweepStore store = openStore(settings);
    boolean usable = false;
    try {
      StoredSweep sweep = StoredSweep.read(store, settings.sweep());
      SweepData data =
          SweepData.load(sweep.task(), settings.data().isEmpty() ? null : Path.of(settings.data()));
      sweep.require(data);
      Libtorch.load();
      String worker =
          SiteSettings.prefix(settings.application(), executorId)
              + ManagementFactory.getRuntimeMXBean().getName();
      OpenSite site =
          new OpenSite(
              settings,
              worker,
              store,
              new TrainingExecutor(sweep.task(), data, threads, ComputeDevice.CPU));
      Runtime.getRuntime().addShutdownHook(site.hook);
      usable = true;
      return site;
    } finally {
      if (!usable) {
        store.close();
      }
    }
  }

  private static SweepStore openStore(SiteSettings settings) {
    SweepStore store;
    try {
      store = SweepStore.openExisting(settings.storage());
    } catch (RunException absent) {
      throw new RunException(absent.getMessage() + "; " + advice(), absent);
    }
    if (!store.identity().equals(settings.identity())) {
      store.close();
      throw new RunException("the storage it sees is not the driver's; " + advice());
    }
    return store;
  }

  private static String advice() {
    return "a file works where executors run on the driver's machine alone: use --storage"
        + " postgresql://… with a host that all of them reach";
  }

  private void beat() {
    try {
      trials.beat();
    } catch (RuntimeException unreachable) {
      // An exception would end all further ones. If the store stays away, the tasks fail with it.
    }
  }

  double partialWork() {
    return trials.partialWork();
  }

  /**
   * Runs a trial to its end.
   *
   * @param stop asked often; once true, the trial is given back
   * @return how it ended, each time that it was run; empty if it is over, or somebody outside of
   *     this application has it
   */
  List<TrialEnd> run(String digest, BooleanSupplier stop) {
    executor.enterThread();
    Duration patience = settings.heartbeat().multipliedBy(6);
    BooleanSupplier stopped = () -> ending || stop.getAsBoolean();
    List<TrialEnd> ends = new ArrayList<>();
    while (!stopped.getAsBoolean()) {
      Optional<Claim> claim = store.claimTrial(settings.sweep(), digest, worker, patience);
      if (claim.isPresent()) {
        TrialEnd end = trials.run(claim.get(), stopped);
        ends.add(end);
        if (end.ending() != SweepListener.Ending.THREW) {
          break;
        }
      } else if (isOthers(digest)) {
        break;
      } else {
        // An executor that was lost had it, or this task is the copy of one that is slow.
        pause(Math.min(settings.heartbeat().toMillis(), MOST_MILLIS_BETWEEN_CLAIMS));
      }
    }
    return ends;
  }

  /** Whether a trial is over, or somebody outside of this application has it. */
  private boolean isOthers(String digest) {
    Optional<OpenTrial> trial =
        store.openTrials(settings.sweep()).stream()
            .filter(open -> open.digest().equals(digest))
            .findFirst();
    return trial
        .map(OpenTrial::holder)
        .map(holder -> !holder.isEmpty() && !holder.startsWith(settings.application() + "/"))
        .orElse(true);
  }

  private static void pause(long millis) {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  /** Has the tasks give their trials back after the step they are at. */
  void giveBack() {
    ending = true;
  }

  private void awaitEnd() {
    giveBack();
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MOST_MILLIS_TO_END);
    while (!trials.isEmpty() && System.nanoTime() < end) {
      pause(PAUSE_MILLIS);
    }
  }

  /** Lets go of the store. */
  void close() {
    beats.cancel(false);
    clock.shutdown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException alreadyEnding) {
      // The hook is being run, or was.
    }
    store.close();
  }
}
