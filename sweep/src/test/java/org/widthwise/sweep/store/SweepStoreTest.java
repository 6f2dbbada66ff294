package org.widthwise.sweep.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class SweepStoreTest {

  private static final Duration LONG = Duration.ofHours(1);
  private static final TrialResult RESULT =
      new TrialResult(
          false, "", List.of(new Metric("loss", 1, 2.5), new Metric("loss", 2, 0.1)), 1.5, "{}");

  private final Path directory;

  SweepStoreTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private static List<NewTrial> trials(int count) {
    List<NewTrial> trials = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      trials.add(new NewTrial("{\"x\":%d}".formatted(i / 2), i % 2, 1 + i));
    }
    return trials;
  }

  @ParameterizedTest
  @EnumSource
  void aTrialGoesItsWay(Storages storages) throws Exception {
    String place = storages.fresh(directory);
    try (SweepStore store = SweepStore.open(place)) {
      assertThat(store.add("a", "d", trials(2))).isEqualTo("d");
      Claim first = store.claim("a", "me", LONG).orElseThrow();
      assertThat(first.seed()).as("the longest comes first").isEqualTo(1);
      assertThat(first.configuration()).isEqualTo("{\"x\":0}");
      assertThat(first.work()).isEqualTo(2);
      assertThat(first.attempts()).isEqualTo(1);
      assertThat(store.heartbeat(List.of(first))).containsExactly(first);
      assertThat(store.finish(first, RESULT)).isTrue();
      assertThat(store.finish(first, RESULT)).as("once and no more").isFalse();
      assertThat(store.heartbeat(List.of(first))).isEmpty();
      Claim second = store.claim("a", "me", LONG).orElseThrow();
      assertThat(store.claim("a", "me", LONG)).isEmpty();
      SweepState state = store.state("a");
      assertThat(state.count(TrialState.RUNNING)).isEqualTo(1);
      assertThat(state.isFinished()).isFalse();
      assertThat(state.work()).isEqualTo(3);
      assertThat(state.finishedWork()).isEqualTo(2);
      assertThat(store.finish(second, new TrialResult(true, "far", List.of(), 1, "{}"))).isTrue();
    }
    try (SweepStore again = SweepStore.openExisting(place)) {
      assertThat(again.sweeps()).containsExactly("a");
      List<StoredTrial> stored = again.trials("a");
      assertThat(stored)
          .extracting(StoredTrial::state)
          .containsExactly(TrialState.DIVERGED, TrialState.DONE);
      assertThat(stored.get(1).metrics().get("loss")).containsEntry(1L, 2.5).containsEntry(2L, 0.1);
      assertThat(stored.get(1).seconds()).isEqualTo(1.5);
      assertThat(stored.get(0).message()).isEqualTo("far");
      assertThat(again.state("a").isFinished()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void addingAgainAddsWhatIsNewAndNothingElse(Storages storages) throws Exception {
    try (SweepStore store = SweepStore.open(storages.fresh(directory))) {
      store.add("a", "d", trials(2));
      store.finish(store.claim("a", "me", LONG).orElseThrow(), RESULT);
      store.add("a", "d", trials(4));
      assertThat(store.state("a").count()).isEqualTo(4);
      assertThat(store.state("a").count(TrialState.DONE)).isEqualTo(1);
      assertThat(store.add("a", "another", trials(8))).isEqualTo("d");
      assertThat(store.state("a").count()).isEqualTo(4);
      assertThat(store.definition("a")).isEqualTo("d");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSilentWorkersTrialIsTakenOverAndItsOwnResultRefused(Storages storages) throws Exception {
    try (SweepStore store = SweepStore.open(storages.fresh(directory))) {
      store.add("a", "d", trials(1));
      Claim silent = store.claim("a", "silent", Duration.ofMillis(50)).orElseThrow();
      assertThat(store.claim("a", "next", LONG)).as("not before its time").isEmpty();
      Thread.sleep(120);
      Claim next = store.claim("a", "next", LONG).orElseThrow();
      assertThat(next.digest()).isEqualTo(silent.digest());
      assertThat(next.attempts()).isEqualTo(2);
      assertThat(store.heartbeat(List.of(silent, next))).isEqualTo(Set.of(next));
      assertThat(store.finish(silent, RESULT)).isFalse();
      assertThat(store.release(silent)).isFalse();
      assertThat(store.fail(silent, "late")).isFalse();
      assertThat(store.trials("a").get(0).metrics()).isEmpty();
      assertThat(store.finish(next, RESULT)).isTrue();
      assertThat(store.trials("a").get(0).takeovers()).isEqualTo(1);
      assertThat(store.trials("a").get(0).worker()).isEqualTo("next");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aTrialThatKillsItsWorkersIsGivenUp(Storages storages) throws Exception {
    try (SweepStore store = SweepStore.open(storages.fresh(directory))) {
      store.add("a", "d", trials(1));
      for (int i = 0; i <= Claims.MOST_TAKEOVERS; i++) {
        assertThat(store.claim("a", "me", Duration.ofMillis(-1))).isPresent();
        Thread.sleep(2);
      }
      assertThat(store.claim("a", "me", LONG)).isEmpty();
      StoredTrial trial = store.trials("a").get(0);
      assertThat(trial.state()).isEqualTo(TrialState.FAILED);
      assertThat(trial.message()).isEqualTo("its worker fell silent 21 times");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatThrowsIsTriedOnceMore(Storages storages) throws Exception {
    try (SweepStore store = SweepStore.open(storages.fresh(directory))) {
      store.add("a", "d", trials(1));
      assertThat(store.fail(store.claim("a", "me", LONG).orElseThrow(), "one")).isTrue();
      assertThat(store.state("a").count(TrialState.WAITING)).isEqualTo(1);
      Claim second = store.claim("a", "me", LONG).orElseThrow();
      assertThat(store.release(second)).as("giving back is no failure").isTrue();
      assertThat(store.fail(store.claim("a", "me", LONG).orElseThrow(), "two")).isTrue();
      StoredTrial trial = store.trials("a").get(0);
      assertThat(trial.state()).isEqualTo(TrialState.FAILED);
      assertThat(trial.message()).isEqualTo("two");
      assertThat(trial.attempts()).isEqualTo(3);
      assertThat(trial.failures()).isEqualTo(2);
    }
  }

  /**
   * SQLite refuses the turn to a write-ahead log at once, without waiting, while another makes it.
   */
  @Test
  void aNewFileIsOpenedByManyAtOnce() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(6);
    try {
      for (int file = 0; file < 60; file++) {
        String place = directory.resolve("new" + file + ".db").toString();
        CyclicBarrier together = new CyclicBarrier(6);
        Callable<Integer> opening =
            () -> {
              together.await();
              try (SweepStore store = SweepStore.open(place)) {
                return store.sweeps().size();
              }
            };
        for (Future<Integer> sweeps : pool.invokeAll(Collections.nCopies(6, opening))) {
          assertThat(sweeps.get()).isZero();
        }
      }
    } finally {
      pool.shutdownNow();
    }
  }

  /** Each worker has a connection of its own, as processes do; they open the store at once, too. */
  @ParameterizedTest
  @EnumSource
  void noTwoWorkersHaveTheSameTrial(Storages storages) throws Exception {
    String place = storages.fresh(directory);
    ExecutorService pool = Executors.newFixedThreadPool(6);
    try {
      List<Callable<List<String>>> workers = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        workers.add(
            () -> {
              List<String> claimed = new ArrayList<>();
              try (SweepStore store = SweepStore.open(place)) {
                store.add("a", "d", trials(60));
                Optional<Claim> claim = store.claim("a", "me", LONG);
                while (claim.isPresent()) {
                  claimed.add(claim.get().digest());
                  store.finish(claim.get(), RESULT);
                  claim = store.claim("a", "me", LONG);
                }
              }
              return claimed;
            });
      }
      List<String> all = new ArrayList<>();
      for (Future<List<String>> claimed : pool.invokeAll(workers)) {
        all.addAll(claimed.get());
      }
      assertThat(all).hasSize(60).doesNotHaveDuplicates();
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void aStoreOfANewerVersionIsRefused() throws Exception {
    String place = directory.resolve("new.db").toString();
    SweepStore.open(place).close();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + place);
        Statement statement = connection.createStatement()) {
      statement.execute("INSERT INTO schema_version VALUES (" + (Migrations.NEWEST + 1) + ")");
    }
    assertThatThrownBy(() -> SweepStore.open(place))
        .hasMessageContaining("has schema 2, but this version of widthwise knows up to 1");
  }

  @ParameterizedTest
  @CsvSource({
    "mysql://host/db, 'takes a file for SQLite or postgresql://…, not ''mysql://host/db'''",
    "postgresql:///db, 'is postgresql://user:password@host:port/database'",
    "postgresql://me:secret@host:x/db, 'is postgresql://user:password@host:port/database'",
    "postgresql://me:secret@localhost:1/db, 'the storage postgresql://localhost:1/db: '",
    "' ', '--storage is empty'",
    "/proc/none/sweep.db, 'cannot make the directory of /proc/none/sweep.db'",
  })
  void refuses(String place, String message) {
    assertThatThrownBy(() -> SweepStore.open(place))
        .hasMessageContaining(message)
        .hasMessageNotContaining("secret");
  }

  @Test
  void whatIsNotThereIsNotMade() {
    Path place = directory.resolve("absent.db");
    assertThatThrownBy(() -> SweepStore.openExisting(place.toString()))
        .hasMessageContaining("there is no sweep in");
    assertThat(place).doesNotExist();
  }
}
