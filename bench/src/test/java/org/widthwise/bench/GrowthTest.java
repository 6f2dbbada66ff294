package org.widthwise.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.widthwise.torch.engine.Libtorch;

final class GrowthTest {

  @ParameterizedTest
  @EnumSource(GrowthJob.class)
  void everyJobRunsAtItsFirstPoint(GrowthJob job) {
    Libtorch.load();
    int threads = Libtorch.threads();
    try (PointerScope scope = new PointerScope()) {
      job.at(job.points().get(0)).run(1);
    } finally {
      Libtorch.setThreads(threads);
    }
    assertThat(job.points()).isSorted().doesNotHaveDuplicates();
  }

  /** The exponents of 6144 n + 3 n² through these widths, by hand: 1.25, and 1.57 from 1024 on. */
  @Test
  void whatGrowsAsTheoryHasItHasTheExponentsOfTheory() {
    List<Growth.Measured> measured = new ArrayList<>();
    for (int width : GrowthJob.AUTOGRAD.points()) {
      measured.add(
          new Growth.Measured(
              1e-8 * GrowthJob.AUTOGRAD.operations(width),
              1e-4 * GrowthJob.AUTOGRAD.numbers(width)));
    }
    List<String> lines = Growth.table(GrowthJob.AUTOGRAD, measured);
    List<String> exponents =
        lines.stream().filter(line -> line.matches("\\| (time|memory) .*")).toList();
    assertThat(exponents).hasSize(3);
    for (String line : exponents) {
      String[] cells = line.split("\\|", -1);
      assertThat(cells[3].strip()).startsWith(cells[4].strip());
    }
    assertThat(exponents.get(0)).startsWith("| time | 16…8192 | 1.25");
    assertThat(exponents.get(1)).startsWith("| time | 1024…8192 | 1.57");
  }

  @Test
  void whatIsNotNoticedHasNoExponent() {
    List<Growth.Measured> measured =
        GrowthJob.TENSORS.points().stream().map(n -> new Growth.Measured(n, 3)).toList();
    assertThat(Growth.table(GrowthJob.TENSORS, measured))
        .anySatisfy(line -> assertThat(line).isEqualTo("| 132 | 132 | < 20 |"))
        .noneSatisfy(line -> assertThat(line).startsWith("| memory"));
  }
}
