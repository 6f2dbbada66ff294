package org.widthwise.lab.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class MemberPoolTest {

  private final RunStore store;

  private final Recorder recorder = new Recorder();

  private final AtomicInteger finished = new AtomicInteger();

  MemberPoolTest(@TempDir Path directory) {
    store = RunStore.open(directory, JsonNodeFactory.instance.objectNode());
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void run(int threads, List<? extends Member> members) throws InterruptedException {
    new MemberPool(threads)
        .run(
            List.of(
                new MemberBatch("study", List.copyOf(members), store, finished::incrementAndGet)),
            recorder);
  }

  @Test
  void beginsWithTheLongest() throws InterruptedException {
    List<Long> order = Collections.synchronizedList(new ArrayList<>());
    List<Member> members = new ArrayList<>();
    for (int work : new int[] {3, 9, 1, 7, 5}) {
      members.add(new Fake(work, work, () -> order.add((long) work)));
    }
    run(1, members);
    assertThat(order).containsExactly(9L, 7L, 5L, 3L, 1L);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void runsAsManyAtATimeAsAskedAndNoMore(int threads) throws InterruptedException {
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    // The first ones wait for each other: so many do run at once.
    CountDownLatch together = new CountDownLatch(threads);
    Task task =
        () -> {
          most.accumulateAndGet(running.incrementAndGet(), Math::max);
          together.countDown();
          together.await();
          Thread.sleep(5);
          running.decrementAndGet();
        };
    run(threads, IntStream.range(0, 12).mapToObj(i -> new Fake(i, 1, task)).toList());
    assertThat(most).hasValue(threads);
    assertThat(store.results()).hasSize(12);
  }

  @Test
  void storesEachAtOnce() throws InterruptedException {
    List<Integer> storedBefore = new ArrayList<>();
    Task task = () -> storedBefore.add(store.results().size());
    run(1, List.of(new Fake(1, 3, task), new Fake(2, 2, task), new Fake(3, 1, task)));
    assertThat(storedBefore).containsExactly(0, 1, 2);
    assertThat(recorder.finished).containsExactly(key(1), key(2), key(3));
  }

  @Test
  void doesNotRunAgainWhatIsStored() throws InterruptedException {
    AtomicInteger runs = new AtomicInteger();
    List<Fake> members =
        IntStream.rangeClosed(1, 5).mapToObj(i -> new Fake(i, i, runs::incrementAndGet)).toList();
    MemberResult earlier = new MemberResult(key(2), new TreeMap<>(), 42, 1, false, 1);
    store.store(earlier);
    run(2, members);
    assertThat(runs).hasValue(4);
    assertThat(store.results()).hasSize(5).containsEntry(key(2), earlier);
    run(2, members);
    assertThat(runs).hasValue(4);
  }

  @Test
  void aFailureReachesTheCallerAndFinishedOnesStayStored() {
    CountDownLatch finished = new CountDownLatch(1);
    recorder.onFinished = finished::countDown;
    Fake good = new Fake(1, 2, () -> {});
    Fake bad =
        new Fake(
            2,
            2,
            () -> {
              finished.await();
              throw new IllegalStateException("broken");
            });
    Fake never = new Fake(3, 1, () -> new CountDownLatch(1).await());
    assertThatThrownBy(() -> run(2, List.of(good, bad, never)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("broken");
    assertThat(store.results()).containsOnlyKeys(key(1));
  }

  @Test
  void whatFinishesBesideAFailureIsStoredToo() {
    CountDownLatch begun = new CountDownLatch(1);
    Fake bad =
        new Fake(
            1,
            2,
            () -> {
              begun.await();
              throw new IllegalStateException("broken");
            });
    // Deaf to interruption, as native code is: it ends long after the failure.
    Fake slow =
        new Fake(
            2,
            2,
            () -> {
              begun.countDown();
              long end = System.nanoTime() + 200_000_000;
              while (System.nanoTime() < end) {
                Thread.onSpinWait();
              }
            });
    assertThatThrownBy(() -> run(2, List.of(bad, slow))).hasMessage("broken");
    assertThat(store.results()).containsOnlyKeys(key(2));
  }

  @Test
  void interruptionEndsTheMembersBeforeItReturns() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(2);
    AtomicInteger running = new AtomicInteger();
    Task task =
        () -> {
          running.incrementAndGet();
          begun.countDown();
          try {
            new CountDownLatch(1).await();
          } finally {
            Thread.interrupted();
            Thread.sleep(50);
            running.decrementAndGet();
          }
        };
    Fake quick = new Fake(9, 9, () -> {});
    List<Fake> members = List.of(quick, new Fake(1, 1, task), new Fake(2, 1, task));
    AtomicBoolean interrupted = new AtomicBoolean();
    AtomicInteger runningAfter = new AtomicInteger(-1);
    Thread caller =
        new Thread(
            () -> {
              try {
                run(2, members);
              } catch (InterruptedException expected) {
                interrupted.set(true);
              }
              runningAfter.set(running.get());
            });
    caller.start();
    begun.await();
    caller.interrupt();
    caller.join();
    assertThat(interrupted).isTrue();
    assertThat(runningAfter).hasValue(0);
    assertThat(store.results()).containsOnlyKeys(key(9));
  }

  @Test
  void progressCountsWorkOfThisStartAndOfEarlierOnes() throws InterruptedException {
    store.store(Results.of(key(1)));
    // Of 10 + 20 + 70 units the first 10 are there already.
    List<Member> members =
        List.of(new Fake(1, 10, () -> {}), new Fake(2, 20, () -> {}), new Fake(3, 70, () -> {}));
    run(1, members);
    assertThat(recorder.starts).hasSize(1);
    assertThat(recorder.starts.get(0))
        .isEqualTo(new RunListener.Progress("", 3, 1, 0.1, Optional.empty()));
    // Each fake reports half its work, then its end.
    assertThat(recorder.progress)
        .extracting(RunListener.Progress::share)
        .usingElementComparator((a, b) -> Math.abs(a - b) < 1e-12 ? 0 : Double.compare(a, b))
        .containsExactly(0.45, 0.8, 0.9, 1.0);
    assertThat(recorder.progress)
        .extracting(RunListener.Progress::finished)
        .containsExactly(1, 2, 2, 3);
    assertThat(recorder.progress.get(3).timeToGo()).contains(Duration.ZERO);
  }

  @Test
  void timeToGoFollowsFromTheRateOfThisStart() throws InterruptedException {
    store.store(Results.of(key(1)));
    long start = System.nanoTime();
    // 1000 units came from an earlier start and must not make this one look fast.
    List<Member> members =
        List.of(
            new Fake(1, 1000, () -> {}),
            new Fake(2, 30, () -> Thread.sleep(300)),
            new Fake(3, 10, () -> {}));
    run(1, members);
    double elapsed = (System.nanoTime() - start) / 1e9;
    // After the 30 units that slept 0.3 s before their half, 25 of the 40 are left.
    double half = seconds(recorder.progress.get(0));
    assertThat(half).isBetween(0.3 * 25 / 15 - 0.001, elapsed * 25 / 15);
    double whole = seconds(recorder.progress.get(1));
    assertThat(whole).isBetween(0.3 * 10 / 30 - 0.001, elapsed * 10 / 30);
  }

  private static double seconds(RunListener.Progress progress) {
    return progress.timeToGo().orElseThrow().toMillis() / 1e3;
  }

  @Test
  void memoryIsThatOfTheLargestThatRunAtATime() {
    List<Fake> members =
        List.of(new Fake(5, 1, () -> {}), new Fake(7, 1, () -> {}), new Fake(3, 1, () -> {}));
    double gibibyte = 1L << 30;
    new MemberPool(2).requireMemory(members, 12 * gibibyte);
    assertThatThrownBy(() -> new MemberPool(2).requireMemory(members, 11.9 * gibibyte))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("width 7 with 2 runs at a time needs about 12.0 GiB")
        .hasMessageContaining("11.9 GiB are available")
        .hasMessageContaining("--widths")
        .hasMessageContaining("--threads");
    assertThatThrownBy(() -> new MemberPool(64).requireMemory(members, gibibyte))
        .hasMessageContaining("3 runs at a time needs about 15.0 GiB");
    new MemberPool(2).requireMemory(List.of(), 0);
  }

  @Test
  void studiesFollowEachOtherWithoutABarrier(@TempDir Path other) throws InterruptedException {
    List<String> events = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch secondBegan = new CountDownLatch(1);
    // The last of the first study waits for one of the second, which is longer and yet comes later.
    List<Member> first =
        List.of(
            new Fake(1, 3, () -> events.add("1")),
            new Fake(
                2,
                2,
                () -> {
                  secondBegan.await();
                  events.add("2");
                }));
    List<Member> second = List.of(new Fake(3, 100, secondBegan::countDown));
    try (RunStore otherStore = RunStore.open(other, JsonNodeFactory.instance.objectNode())) {
      new MemberPool(2)
          .run(
              List.of(
                  new MemberBatch(
                      "a",
                      first,
                      store,
                      () -> events.add("a has " + store.results().size() + " results")),
                  new MemberBatch("b", second, otherStore, () -> events.add("b is done"))),
              recorder);
      assertThat(otherStore.results()).containsOnlyKeys(key(3));
    }
    assertThat(store.results()).containsOnlyKeys(key(1), key(2));
    assertThat(events).containsExactlyInAnyOrder("1", "2", "a has 2 results", "b is done");
    assertThat(events.indexOf("a has 2 results")).isGreaterThan(events.indexOf("2"));
    assertThat(recorder.progress).extracting(RunListener.Progress::study).contains("a", "b");
  }

  @Test
  void whatIsFinishedIsToldOnceAndAlsoWhereNothingIsLeft() throws InterruptedException {
    List<Member> members = List.of(new Fake(1, 1, () -> {}), new Fake(2, 1, () -> {}));
    run(2, members);
    assertThat(finished).hasValue(1);
    run(2, members);
    assertThat(finished).hasValue(2);
  }

  @Test
  void companiesRunTogetherUpToSixteenOfThem() throws InterruptedException {
    List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());
    List<Member> members = new ArrayList<>();
    for (int x = 1; x <= 20; x++) {
      members.add(new Joint(x, "a", sizes));
    }
    members.add(new Joint(21, "b", sizes));
    members.add(new Joint(22, "", sizes));
    members.add(new Joint(23, "", sizes));
    run(2, members);
    assertThat(sizes).containsExactlyInAnyOrder(16, 4, 1, 1, 1);
    assertThat(store.results().keySet())
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, 23).mapToObj(MemberPoolTest::key).toList());
    assertThat(recorder.finished).hasSize(23).doesNotHaveDuplicates();
    assertThat(finished).hasValue(1);
  }

  @Test
  void needsAThread() {
    assertThatThrownBy(() -> new MemberPool(0)).isInstanceOf(IllegalArgumentException.class);
  }

  private static MemberKey key(long x) {
    return new MemberKey("mup", x, 0);
  }

  @FunctionalInterface
  private interface Task {
    void run() throws InterruptedException;
  }

  /** Needs x GiB, does something, and reports half of its work after that. */
  private record Fake(long x, double work, Task task) implements Member {

    @Override
    public MemberKey key() {
      return MemberPoolTest.key(x);
    }

    @Override
    public double memoryBytes() {
      return x * (double) (1L << 30);
    }

    @Override
    public MemberResult run(ShareListener progress) throws InterruptedException {
      task.run();
      progress.done(0.5);
      return Results.of(key());
    }
  }

  /** Adds with how many it was run; without a name it has no company. */
  private record Joint(long x, String name, List<Integer> sizes) implements JointMember {

    @Override
    public MemberKey key() {
      return MemberPoolTest.key(x);
    }

    @Override
    public double work() {
      return 1;
    }

    @Override
    public double memoryBytes() {
      return 1;
    }

    @Override
    public Optional<Object> company() {
      return name.isEmpty() ? Optional.empty() : Optional.of(name);
    }

    @Override
    public MemberResult run(ShareListener progress) {
      sizes.add(1);
      return Results.of(key());
    }

    @Override
    public List<MemberResult> runTogether(List<JointMember> members, ShareListener progress) {
      sizes.add(members.size());
      progress.done(0.5);
      return members.stream().map(member -> Results.of(member.key())).toList();
    }
  }

  private static final class Recorder implements RunListener {

    final List<Progress> starts = new ArrayList<>();
    final List<Progress> progress = Collections.synchronizedList(new ArrayList<>());
    final List<MemberKey> finished = Collections.synchronizedList(new ArrayList<>());
    Runnable onFinished = () -> {};

    @Override
    public void started(Progress now) {
      starts.add(now);
    }

    @Override
    public void progressed(Progress now) {
      progress.add(now);
    }

    @Override
    public void finished(MemberResult result, Progress now) {
      progress.add(now);
      finished.add(result.key());
      onFinished.run();
    }
  }
}
