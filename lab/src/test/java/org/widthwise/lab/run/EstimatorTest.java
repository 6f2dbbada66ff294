package org.widthwise.lab.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Members that move a clock of their own take as long as they say, whatever the machine does. */
final class EstimatorTest {

  private static final double ONCE = 0.05;

  private double first;

  private final AtomicLong clock = new AtomicLong();
  private final List<Integer> probed = Collections.synchronizedList(new ArrayList<>());

  /** Takes 50 ms once and some time a step, side by side with so many others. */
  private final class Fake implements ProbedMember {

    private final long width;
    private final int steps;
    private final double perStep;
    private final int threads;

    Fake(long width, int steps, double perStep, int threads) {
      this.width = width;
      this.steps = steps;
      this.perStep = perStep;
      this.threads = threads;
    }

    @Override
    public MemberKey key() {
      return new MemberKey("s", width, 0);
    }

    @Override
    public double work() {
      return steps * perStep;
    }

    @Override
    public double memoryBytes() {
      return 1;
    }

    @Override
    public int steps() {
      return steps;
    }

    @Override
    public Member shortened(int fewer) {
      return new Fake(width, fewer, perStep, threads);
    }

    @Override
    public MemberResult run(ShareListener progress) {
      probed.add(steps);
      clock.addAndGet((long) (1e9 * (first + ONCE + steps * perStep) / threads));
      first = 0;
      return new MemberResult(key(), new TreeMap<>(), Double.NaN, steps, false, 0);
    }
  }

  @Test
  void foretellsFromFewSteps() throws InterruptedException {
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      members.add(new Fake(64, 1000, 0.02, 2));
    }
    // Too light to be worth a probe of its own.
    members.add(new Fake(8, 10, 0.02, 2));
    Duration estimate = new Estimator(2, clock::get).estimate(members);
    double truth = (6 * (ONCE + 1000 * 0.02) + ONCE + 10 * 0.02) / 2;
    // The light one is reckoned by its work, without what comes once.
    assertThat(estimate.toMillis() / 1e3).isCloseTo(truth, within(ONCE));
    assertThat(probed).allMatch(steps -> steps < 200);
  }

  @Test
  void whatTheFirstTrialTakesBesideIsNotOfTheSteps() throws InterruptedException {
    first = 2;
    List<Member> members = List.of(new Fake(64, 10_000, 0.01, 1));
    assertThat(new Estimator(1, clock::get).estimate(members).toMillis() / 1e3)
        .isCloseTo(ONCE + 10_000 * 0.01, within(0.1));
  }

  @Test
  void whatHasTheSameWidthNeedNotTakeTheSameTime() throws InterruptedException {
    List<Member> members = new ArrayList<>();
    double truth = 0;
    for (double perStep : new double[] {0.001, 0.02}) {
      for (int i = 0; i < 3; i++) {
        members.add(new Fake(64, 1000, perStep, 2));
        truth += (ONCE + 1000 * perStep) / 2;
      }
    }
    assertThat(new Estimator(2, clock::get).estimate(members).toMillis() / 1e3)
        .isCloseTo(truth, within(3 * ONCE));
  }

  @Test
  void whatCannotBeProbedDoesNotMakeAllElseBeProbed() throws InterruptedException {
    Member heavy =
        new Member() {
          @Override
          public MemberKey key() {
            return new MemberKey("heavy", 64, 0);
          }

          @Override
          public double work() {
            return 1000 * 0.02;
          }

          @Override
          public double memoryBytes() {
            return 1;
          }

          @Override
          public MemberResult run(ShareListener progress) {
            throw new AssertionError("not to be run");
          }
        };
    List<Member> members = List.of(heavy, new Fake(64, 1000, 0.02, 1), new Fake(8, 100, 0.0005, 1));
    Duration estimate = new Estimator(1, clock::get).estimate(members);
    assertThat(estimate.toMillis() / 1e3).isCloseTo(2 * 1000 * 0.02, within(3 * ONCE));
    // The light one's second would have taken more steps than the other's.
    assertThat(probed).allMatch(steps -> steps <= 65);
  }

  @Test
  void aLongMemberCannotBeShared() throws InterruptedException {
    List<Member> members = List.of(new Fake(64, 1000, 0.02, 4));
    double truth = ONCE + 1000 * 0.02;
    assertThat(new Estimator(4, clock::get).estimate(members).toMillis() / 1e3)
        .isCloseTo(truth, within(0.01));
  }

  @Test
  void whatCannotBeProbedIsNotForetold() throws InterruptedException {
    assertThat(new Estimator(1).estimate(List.of())).isZero();
  }
}
