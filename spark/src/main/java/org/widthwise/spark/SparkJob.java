package org.widthwise.spark;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;
import org.widthwise.lab.run.RunException;
import org.widthwise.sweep.run.EngineSettings;
import org.widthwise.sweep.run.ProgressTracker;
import org.widthwise.sweep.run.StoredSweep;
import org.widthwise.sweep.run.SweepJob;
import org.widthwise.sweep.run.SweepListener;
import org.widthwise.sweep.store.OpenTrial;
import org.widthwise.sweep.store.SweepState;
import org.widthwise.sweep.store.SweepStore;

/**
 * The driver's part: hands every trial to Spark that can be claimed, the longest first, and follows
 * them in the store. Trials that others have are handed over when these fall silent.
 */
final class SparkJob implements SweepJob {

  private static final long TICK_MILLIS = 1000;
  private static final long PAUSE_MILLIS = 50;

  /** As long as a step of a wide network may take. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final SweepStore store;
  private final StoredSweep sweep;
  private final EngineSettings settings;
  private final SparkConf conf;
  private final BlockingQueue<TaskReport> reports = new LinkedBlockingQueue<>();
  private final List<SparkRound> rounds = new ArrayList<>();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile @Nullable TrialSite site;

  SparkJob(SweepStore store, StoredSweep sweep, EngineSettings settings, SparkConf conf) {
    this.store = store;
    this.sweep = sweep;
    this.settings = settings;
    this.conf = conf;
  }

  @Override
  public void stop() {
    stopped.countDown();
    TrialSite here = site;
    if (here != null) {
      here.giveBack();
    }
  }

  private boolean isStopped() {
    return stopped.getCount() == 0;
  }

  @Override
  public boolean awaitEnd(Duration patience) throws InterruptedException {
    return ended.await(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public SweepState run(SweepListener listener) throws InterruptedException {
    try {
      ProgressTracker tracker =
          new ProgressTracker(store, sweep.name(), listener, this::partialWork);
      if (!store.state(sweep.name()).isFinished()) {
        try (JavaSparkContext context = start()) {
          work(context, tracker);
        }
      }
      return store.state(sweep.name());
    } finally {
      ended.countDown();
    }
  }

  /** Of this process: what executors elsewhere have done of a trial is not known here. */
  private double partialWork() {
    TrialSite here = site;
    return here == null ? 0 : here.partialWork();
  }

  private JavaSparkContext start() {
    JavaSparkContext context;
    try {
      context = new JavaSparkContext(conf);
    } catch (Exception failed) {
      // Scala declares no exceptions, but throws checked ones.
      throw new RunException(
          "Spark does not start at '%s': %s".formatted(conf.get("spark.master"), reason(failed)),
          failed);
    }
    if (!conf.contains("spark.log.level")) {
      context.setLogLevel("WARN");
    }
    return context;
  }

  private void work(JavaSparkContext context, ProgressTracker tracker) throws InterruptedException {
    String application = context.sc().applicationId();
    @Nullable Path data = settings.data();
    TrialSite here =
        new TrialSite(
            new SiteSettings(
                store.address(),
                store.identity(),
                sweep.name(),
                data == null ? "" : data.toAbsolutePath().toString(),
                settings.heartbeat(),
                application));
    context.sc().addSparkListener(new ExecutorLosses(store, sweep.name(), application));
    site = here;
    try {
      Broadcast<TrialSite> everywhere = context.broadcast(here);
      while (!isStopped() && submit(context, everywhere)) {
        follow(tracker);
      }
    } catch (RuntimeException failed) {
      // Where the process is to end, Spark ends its work by itself, maybe before we are told.
      if (!stopped.await(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
        throw context.sc().isStopped() && !(failed instanceof RunException)
            ? new IllegalStateException(
                "Spark at '%s' has ended or was never there; what it says of it is above"
                    .formatted(conf.get("spark.master")),
                failed)
            : failed;
      }
    } finally {
      rounds.forEach(SparkRound::cancel);
      awaitReturn(application + "/");
      here.close();
    }
  }

  /** Hands over what can be claimed; returns whether anything is left to wait for. */
  private boolean submit(JavaSparkContext context, Broadcast<TrialSite> everywhere) {
    rounds.removeIf(SparkRound::isOver);
    List<OpenTrial> open = store.openTrials(sweep.name());
    List<String> digests =
        open.stream()
            .filter(trial -> trial.holder().isEmpty())
            .map(OpenTrial::digest)
            .filter(digest -> rounds.stream().noneMatch(round -> round.has(digest)))
            .toList();
    if (!digests.isEmpty()) {
      rounds.add(SparkRound.of(context, everywhere, digests, reports::add));
    }
    return !open.isEmpty() || !rounds.isEmpty();
  }

  /** Tells of what tasks report for a while. */
  private void follow(ProgressTracker tracker) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS);
    boolean over = false;
    while (!over && !isStopped() && System.nanoTime() < end) {
      @Nullable TaskReport report = reports.poll(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
      if (report != null) {
        tell(report, tracker);
      }
      over = !rounds.isEmpty() && rounds.stream().allMatch(SparkRound::isOver);
    }
    List<TaskReport> last = new ArrayList<>();
    reports.drainTo(last);
    last.forEach(report -> tell(report, tracker));
    tracker.tick();
  }

  private static void tell(TaskReport report, ProgressTracker tracker) {
    if (!report.refusal().isEmpty()) {
      throw new RunException(report.refusal());
    }
    report.ends().forEach(tracker::ended);
  }

  /** Waits until workers have given back what they have. */
  private void awaitReturn(String application) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (store.openTrials(sweep.name()).stream()
            .anyMatch(trial -> trial.holder().startsWith(application))
        && System.nanoTime() < end) {
      Thread.sleep(PAUSE_MILLIS);
    }
  }

  static String reason(Throwable failed) {
    return String.valueOf(failed.getMessage()).lines().findFirst().orElse("");
  }
}
