package org.widthwise.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
  void theTableHoldsBothSidesAndTheirRatio() throws InterruptedException {
    Worker fixed = new FixedWorker();
    Comparison comparison = new Comparison(1, new JvmWorker(1), fixed, 0.01, 1e9);

    assertThat(comparison.checkLosses(List.of(16)).get(0)).endsWith("0.500000 there");
    comparison.measure(List.of(16), 2);

    List<String> table = comparison.table();
    assertThat(table.get(2)).startsWith("| 16 | 1 | ").contains(" | 8.00 (8.00–8.00) | ");
    assertThat(table.get(table.size() - 1)).endsWith("100 (100–100) there");
    assertThat(comparison.relativeRate()).isPositive();
  }

  /** Another side whose figures are known. */
  private static final class FixedWorker implements Worker {
    @Override
    public String description() {
      return "fixed";
    }

    @Override
    public double multiplicationRate(int size, double seconds) {
      return 100;
    }

    @Override
    public double lossAfter(int width, long steps) {
      return 0.5;
    }

    @Override
    public double millisPerStep(int width, double seconds) {
      return 8;
    }

    @Override
    public Duration processorTime() {
      return Duration.ZERO;
    }

    @Override
    public void close() {}
  }
}
