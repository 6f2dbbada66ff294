package org.widthwise.lab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class ExampleOrderTest {

  private static int[] steps(ExampleOrder order, long from, long to) {
    return LongStream.rangeClosed(from, to)
        .mapToObj(order::minibatch)
        .flatMapToInt(Arrays::stream)
        .toArray();
  }

  @Test
  void anEpochSeesEveryExampleOnceAndTheNextInAnotherOrder() {
    ExampleOrder order = new ExampleOrder(30, 5, 3);
    int[] first = steps(order, 1, 6);
    int[] second = steps(order, 7, 12);
    int[] all = IntStream.range(0, 30).toArray();
    assertThat(first).containsExactlyInAnyOrder(all).isNotEqualTo(all);
    assertThat(second).containsExactlyInAnyOrder(all).isNotEqualTo(first);
  }

  @Test
  void whatIsLeftOverIsNotSeenInThatEpoch() {
    ExampleOrder order = new ExampleOrder(11, 4, 3);
    assertThat(steps(order, 1, 2)).doesNotHaveDuplicates().hasSize(8);
    assertThat(steps(order, 3, 4)).doesNotHaveDuplicates().hasSize(8);
    assertThat(new ExampleOrder(4, 4, 3).minibatch(9)).containsExactlyInAnyOrder(0, 1, 2, 3);
  }

  @Test
  void aStepMayBeAskedForByItself() {
    ExampleOrder inOrder = new ExampleOrder(30, 5, 3);
    int[] all = steps(inOrder, 1, 20);
    for (long step : new long[] {17, 2, 9, 20}) {
      assertThat(new ExampleOrder(30, 5, 3).minibatch(step))
          .isEqualTo(Arrays.copyOfRange(all, (int) (step - 1) * 5, (int) step * 5));
    }
    assertThat(steps(new ExampleOrder(30, 5, 4), 1, 6)).isNotEqualTo(steps(inOrder, 1, 6));
  }

  /** Of 20,000 epochs of 4 examples: each order should come 833 times, with a deviation of 28. */
  @Test
  void everyOrderIsAsLikely() {
    ExampleOrder order = new ExampleOrder(4, 4, 1);
    int[] counts = new int[256];
    for (long step = 1; step <= 20_000; step++) {
      int[] drawn = order.minibatch(step);
      counts[(drawn[0] << 6) + (drawn[1] << 4) + (drawn[2] << 2) + drawn[3]]++;
    }
    assertThat(Arrays.stream(counts).filter(count -> count > 0))
        .hasSize(24)
        .allMatch(count -> Math.abs(count - 833) < 5 * 28);
  }

  @Test
  void saysWhatIsWrong() {
    assertThatThrownBy(() -> new ExampleOrder(10, 11, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("all 10, but 11");
    assertThatThrownBy(() -> new ExampleOrder(10, 2, 0).minibatch(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("counted from 1");
  }
}
