package org.widthwise.sweep.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.widthwise.lab.run.RunException;

/** What engines ask of a store that place trials by themselves. */
final class WorkersOfEnginesTest {

  private static final Duration LONG = Duration.ofMinutes(5);
  private static final NewTrial SHORT = new NewTrial("{}", 0, 1);
  private static final NewTrial MIDDLE = new NewTrial("{}", 1, 2);
  private static final NewTrial LONGEST = new NewTrial("{}", 2, 3);
  private static final TrialResult RESULT = new TrialResult(false, "", List.of(), 1, "{}");

  private final Path directory;

  WorkersOfEnginesTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private static SweepStore open(String place) {
    SweepStore store = SweepStore.open(place);
    store.add("a", "d", List.of(SHORT, LONGEST, MIDDLE));
    return store;
  }

  @ParameterizedTest
  @EnumSource
  void aCertainTrialIsClaimedOnceAndNotBeforeItsHolderFellSilent(Storages storages)
      throws Exception {
    try (SweepStore store = open(storages.fresh(directory))) {
      Claim claim = store.claimTrial("a", SHORT.digest(), "me", LONG).orElseThrow();
      assertThat(claim.digest()).isEqualTo(SHORT.digest());
      assertThat(store.claimTrial("a", SHORT.digest(), "you", LONG)).isEmpty();
      assertThat(store.claimTrial("b", LONGEST.digest(), "you", LONG)).isEmpty();
      assertThat(store.finish(claim, RESULT)).isTrue();
      assertThat(store.claimTrial("a", SHORT.digest(), "you", LONG)).as("over").isEmpty();
      assertThat(store.claimTrial("a", MIDDLE.digest(), "silent", Duration.ofMillis(20)))
          .isPresent();
      Thread.sleep(60);
      assertThat(store.openTrials("a"))
          .containsExactly(
              new OpenTrial(LONGEST.digest(), 3, ""), new OpenTrial(MIDDLE.digest(), 2, ""));
      assertThat(store.claimTrial("a", MIDDLE.digest(), "you", LONG)).isPresent();
      assertThat(store.openTrials("a"))
          .containsExactly(
              new OpenTrial(LONGEST.digest(), 3, ""), new OpenTrial(MIDDLE.digest(), 2, "you"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void trialsOfTheDeadWaitAgainAndTheirResultsAreRefused(Storages storages) throws Exception {
    try (SweepStore store = open(storages.fresh(directory))) {
      Claim dead = store.claimTrial("a", SHORT.digest(), "app_1/1 7@x", LONG).orElseThrow();
      assertThat(store.claimTrial("a", MIDDLE.digest(), "app_1/12 8@x", LONG)).isPresent();
      assertThat(store.claimTrial("a", LONGEST.digest(), "appX1/1 9@x", LONG)).isPresent();
      assertThat(store.abandon("b", "app_1/1 ")).isZero();
      assertThat(store.abandon("a", "app_1/1 ")).as("no pattern, but words").isEqualTo(1);
      assertThat(store.openTrials("a"))
          .extracting(OpenTrial::holder)
          .containsExactly("appX1/1 9@x", "app_1/12 8@x", "");
      assertThat(store.finish(dead, RESULT)).isFalse();
      assertThat(store.heartbeat(List.of(dead))).isEmpty();
      assertThat(store.claimTrial("a", SHORT.digest(), "next", LONG).orElseThrow().attempts())
          .isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aTrialThatKillsEveryWorkerIsGivenUp(Storages storages) throws Exception {
    try (SweepStore store = open(storages.fresh(directory))) {
      for (int i = 0; i <= Claims.MOST_TAKEOVERS; i++) {
        assertThat(store.openTrials("a")).hasSize(3);
        assertThat(store.claimTrial("a", SHORT.digest(), "app/1 7@x", LONG)).isPresent();
        assertThat(store.abandon("a", "app/1 ")).isEqualTo(1);
      }
      assertThat(store.trials("a"))
          .filteredOn(trial -> trial.digest().equals(SHORT.digest()))
          .singleElement()
          .satisfies(
              trial -> {
                assertThat(trial.state()).isEqualTo(TrialState.FAILED);
                assertThat(trial.message()).isEqualTo("its worker died 21 times");
              });
    }
  }

  @ParameterizedTest
  @EnumSource
  void theAddressOpensTheSameStoreAndTheIdentityTells(Storages storages) throws Exception {
    String place = storages.fresh(directory);
    try (SweepStore store = open(place);
        SweepStore again = SweepStore.openExisting(store.address());
        SweepStore other = SweepStore.open(storages.fresh(directory.resolve("other")))) {
      assertThat(again.sweeps()).containsExactly("a");
      assertThat(again.identity()).isNotEmpty().isEqualTo(store.identity());
      assertThat(other.identity()).isNotEqualTo(store.identity());
    }
  }

  @Test
  void aCopyOfAFileIsNoOtherNameForIt() throws Exception {
    Path file = directory.resolve("sweep.db");
    open(file.toString()).close();
    Path copy = Files.copy(file, directory.resolve("copy.db"));
    Path link = Files.createSymbolicLink(directory.resolve("link.db"), file);
    try (SweepStore store = SweepStore.open(file.toString());
        SweepStore ofCopy = SweepStore.open(copy.toString());
        SweepStore ofLink = SweepStore.open(link.toString())) {
      assertThat(Path.of(store.address())).isAbsolute();
      assertThat(ofLink.identity()).isEqualTo(store.identity());
      assertThat(ofCopy.identity()).isNotEqualTo(store.identity());
    }
    try (SweepStore memory = SweepStore.open(":memory:")) {
      assertThatThrownBy(memory::identity)
          .isInstanceOf(RunException.class)
          .hasMessageContaining("the storage :memory: is no file");
    }
  }
}
