package org.widthwise.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ComparisonTest {
  @Test
  void mediansAndSpread() {
    Samples odd = Samples.of(3, 1, 2);
    Samples even = Samples.of(40, 10, 20, 30);

    assertThat(odd.median()).isEqualTo(2);
    assertThat(even.median()).isEqualTo(25);
    assertThat(even).hasToString("25.0 (10.0–40.0)");
    assertThat(new Samples()).hasToString("–");
  }

  @Test
  void ratiosAreTakenRoundByRound() {
    // The second round was slow for both: its ratio is as good as the others.
    assertThat(Samples.of(2, 20, 3).over(Samples.of(1, 10, 2))).hasToString("2.00 (1.50–2.00)");
  }

  @Test
  void waitingIsNotWork() {
    // user 100, nice 200, system 300, idle 400, iowait 500, irq 1, softirq 2, steal 97 ticks.
    assertThat(MachineLoad.busySeconds("cpu  100 200 300 400 500 1 2 97 0 0").getAsDouble())
        .isCloseTo(7, within(1e-12));
    assertThat(MachineLoad.busySeconds("")).isEmpty();
  }

  @Test
  void aPaceFillsTheTimeWithWholeRuns() {
    List<Long> counts = new ArrayList<>();
    Pace.Repeatable sleep =
        count -> {
          counts.add(count);
          try {
            Thread.sleep(count);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };

    double each = new Pace().run(sleep, 0.02);

    // Never less than the millisecond it sleeps; how much more depends on the machine.
    assertThat(each).isGreaterThanOrEqualTo(0.0009);
    assertThat(counts.get(0)).isEqualTo(1);
  }

  @Test
  void aPythonThatIsNotThereIsSkipped() {
    assertThat(PythonWorker.start("no-such-python", Path.of("worker.py"), 1)).isEmpty();
    assertThat(PythonWorker.start("true", Path.of("worker.py"), 1)).isEmpty();
  }

  @Test
  void theTableHoldsEachSideTheirRatioAndTheShareOfTheMachinesRate() throws InterruptedException {
    Contest contest =
        new Contest(
            List.of(
                new Contest.Contestant("a", (width, seconds) -> width / 8.0),
                new Contest.Contestant("b", (width, seconds) -> width)),
            List.of(new Contest.Ratio("b / a", 1, 0)),
            List.of(
                new Contest.Rate("products", seconds -> 100),
                new Contest.Rate("slow products", seconds -> 50)),
            width -> 0.1);
    Comparison comparison = new Comparison(contest, List.of(new JvmWorker(1)), 0.01, 1e9);

    comparison.measure(List.of(16), 2);

    assertThat(comparison.table().get(0))
        .isEqualTo("| n | a: ms/step | b: ms/step | b / a | share of products | others' CPUs |");
    // 0.1 GFLOP in 2 ms are 50 GFLOP/s.
    assertThat(comparison.table().get(2))
        .startsWith("| 16 | 2.00 (2.00–2.00) | 16.0 (16.0–16.0) | 8.00 (8.00–8.00) | 0.50 | ");
    assertThat(comparison.table().get(4)).isEqualTo("products, GFLOP/s: 100 (100–100)");
    assertThat(comparison.relativeRate(1)).isEqualTo(0.5);
  }

  @Test
  void bothSidesDoTheSameJobs() {
    Path script = Path.of("src", "main", "python", "side_by_side_worker.py");
    Optional<PythonWorker> python = PythonWorker.start("/usr/bin/python3", script, 1);
    assumeTrue(python.isPresent(), "python3 with torch is not installed: SKIPPED");
    try (JvmWorker here = new JvmWorker(1);
        PythonWorker there = python.get()) {
      for (JobKind kind : JobKind.values()) {
        double mine = here.lossAfter(kind, 16, 3);

        assertThat(there.lossAfter(kind, 16, 3)).as(kind.id()).isCloseTo(mine, within(1e-4 * mine));
      }
    }
  }

  @Test
  void membersRunSideBySide() {
    try (MemberTeam team = new MemberTeam(2)) {
      assertThat(team.millisPerStep(16, 0.01)).isPositive();
      assertThat(team.multiplicationRate(64, 0.01)).isPositive();
    }
  }
}
