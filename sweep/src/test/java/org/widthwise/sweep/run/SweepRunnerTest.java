package org.widthwise.sweep.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.widthwise.sweep.store.Claim;
import org.widthwise.sweep.store.StoredTrial;
import org.widthwise.sweep.store.SweepState;
import org.widthwise.sweep.store.SweepStore;
import org.widthwise.sweep.store.TrialState;

@Timeout(60)
final class SweepRunnerTest {

  private static final Duration HEARTBEAT = Duration.ofMillis(50);

  private final String place;
  private final SweepStore store;

  SweepRunnerTest(@TempDir Path directory) {
    this.place = directory.resolve("sweep.db").toString();
    this.store = SweepStore.open(place);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private SweepRunner runner(TrialExecutor executor, int threads) {
    return new SweepRunner(store, "a", executor, threads, HEARTBEAT);
  }

  @Test
  void theLongestComeFirstAndProgressEndsAtOne() throws InterruptedException {
    store.add("a", "d", Arithmetic.trials(20));
    List<Double> work = new ArrayList<>();
    List<Double> shares = Collections.synchronizedList(new ArrayList<>());
    SweepState end =
        runner(
                (trial, stop, share) -> {
                  work.add(trial.work());
                  return new Arithmetic(0).run(trial, stop, share);
                },
                1)
            .run(
                new SweepListener() {
                  @Override
                  public void ended(Claim trial, Ending ending, String message, Progress progress) {
                    shares.add(progress.share());
                  }
                });
    assertThat(end.isFinished()).isTrue();
    assertThat(work).hasSize(20).isSortedAccordingTo(Collections.reverseOrder());
    assertThat(shares).isSorted().hasSize(20);
    assertThat(shares.get(19)).isEqualTo(1);
  }

  @Test
  void whatThrowsIsRunOnceMoreAndTheRestGoesOn() throws InterruptedException {
    store.add("a", "d", Arithmetic.trials(6));
    AtomicInteger thrown = new AtomicInteger();
    SweepState end =
        runner(
                (trial, stop, share) -> {
                  if (trial.seed() == 0 || (trial.seed() == 1 && trial.attempts() == 1)) {
                    thrown.incrementAndGet();
                    throw new IllegalStateException("no luck\nand more");
                  }
                  return new Arithmetic(0).run(trial, stop, share);
                },
                3)
            .run(new SweepListener() {});
    assertThat(thrown).hasValue(3);
    assertThat(end.count(TrialState.DONE)).isEqualTo(5);
    assertThat(end.count(TrialState.FAILED)).isEqualTo(1);
    StoredTrial failed =
        store.trials("a").stream().filter(t -> t.state() == TrialState.FAILED).findFirst().get();
    assertThat(failed.message()).isEqualTo("IllegalStateException: no luck");
  }

  @Test
  void whoIsStoppedGivesTrialsBackAndCanGoOn() throws InterruptedException {
    store.add("a", "d", Arithmetic.trials(8));
    SweepRunner runner = runner(new Arithmetic(600), 2);
    SweepState stopped =
        runner.run(
            new SweepListener() {
              @Override
              public void ended(Claim trial, Ending ending, String message, Progress progress) {
                runner.stop();
              }
            });
    assertThat(runner.awaitEnd(Duration.ZERO)).isTrue();
    assertThat(stopped.count(TrialState.RUNNING)).isZero();
    assertThat(stopped.count(TrialState.DONE)).isBetween(1, 2);
    assertThat(stopped.count(TrialState.WAITING)).isBetween(6, 7);
    SweepState end = runner(new Arithmetic(0), 2).run(new SweepListener() {});
    assertThat(end.count(TrialState.DONE)).isEqualTo(8);
    assertThat(store.trials("a")).allSatisfy(trial -> assertThat(trial.failures()).isZero());
  }

  /** A trial that outlasts its patience many times over keeps its claim by heartbeats. */
  @Test
  void heartbeatsKeepALongTrial() throws InterruptedException {
    store.add("a", "d", Arithmetic.trials(1));
    try (SweepStore other = SweepStore.open(place)) {
      AtomicInteger runs = new AtomicInteger();
      TrialExecutor slow =
          (trial, stop, share) -> {
            runs.incrementAndGet();
            return new Arithmetic(2000).run(trial, stop, share);
          };
      Duration heartbeat = Duration.ofMillis(100);
      Thread second =
          new Thread(
              () -> {
                try {
                  new SweepRunner(other, "a", slow, 1, heartbeat).run(new SweepListener() {});
                } catch (InterruptedException interrupted) {
                  Thread.currentThread().interrupt();
                }
              });
      second.start();
      new SweepRunner(store, "a", slow, 1, heartbeat).run(new SweepListener() {});
      second.join();
      assertThat(runs).hasValue(1);
      assertThat(store.trials("a").get(0).takeovers()).isZero();
    }
  }

  @Test
  void aStoreThatFailsEndsTheWork() {
    store.add("a", "d", Arithmetic.trials(8));
    SweepRunner runner =
        runner(
            (trial, stop, share) -> {
              store.close();
              return new Arithmetic(0).run(trial, stop, share);
            },
            2);
    assertThatThrownBy(() -> runner.run(new SweepListener() {})).hasMessageContaining("sweep.db");
  }

  @Test
  void refusesNonsense() {
    assertThatThrownBy(() -> runner(new Arithmetic(0), 0)).hasMessageContaining("at least one");
    assertThatThrownBy(
            () -> new SweepRunner(store, "a", new Arithmetic(0), 1, Duration.ofMillis(9)))
        .hasMessageContaining("at least 10 ms, not 9");
  }
}
