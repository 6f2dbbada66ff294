package org.widthwise.lab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TwoClassTaskTest {
  private final ImageDataset data = StandIn.generate(60, 7);

  @Test
  void standardisesAllPixelsJointlyAndKeepsThemInPlace() {
    TwoClassTask task = TwoClassTask.draw(data, 50, 1, 0);
    float[] x = task.inputs();
    double mean = 0;
    double square = 0;
    for (float v : x) {
      mean += v / (double) x.length;
      square += (double) v * v / x.length;
    }
    assertThat(x).hasSize(50 * 3072);
    assertThat(mean).isCloseTo(0, within(1e-6));
    assertThat(square).isCloseTo(1, within(1e-6));
    float[] raw = new float[3072];
    ImageBatch batch = task.batch();
    for (int i : new int[] {0, 17, 49}) {
      data.copyPixels(batch.indices()[i], raw, 0);
      for (int k = 0; k < 3072; k += 101) {
        assertThat(x[i * 3072 + k] * batch.standardDeviation() + batch.mean())
            .isCloseTo(raw[k], within(1e-3));
      }
    }
  }

  @Test
  void targetsFollowTheLabelsAndNoExampleOccursTwice() {
    TwoClassTask task = TwoClassTask.draw(data, 120, 1, 0);
    float[] targets = task.targets();
    int[] indices = task.batch().indices();
    assertThat(Arrays.stream(indices).distinct().count()).isEqualTo(120);
    int positive = 0;
    for (int i = 0; i < 120; i++) {
      assertThat(targets[i]).isEqualTo(data.label(indices[i]) == 0 ? 1f : -1f);
      assertThat(data.label(indices[i])).isLessThan(2);
      positive += targets[i] > 0 ? 1 : 0;
    }
    // All 120 such images are drawn, 60 of either class.
    assertThat(positive).isEqualTo(60);
    assertThat(indices).isNotEqualTo(Arrays.stream(indices).sorted().toArray());
  }

  @Test
  void dependsOnSeedAndTrialAlone() {
    int[] indices = TwoClassTask.draw(data, 20, 1, 2).batch().indices();
    assertThat(TwoClassTask.draw(data, 20, 1, 2).batch().indices()).isEqualTo(indices);
    assertThat(TwoClassTask.draw(data, 20, 1, 3).batch().indices()).isNotEqualTo(indices);
    assertThat(TwoClassTask.draw(data, 20, 2, 2).batch().indices()).isNotEqualTo(indices);
    // The draw is part of published results: it must never change.
    assertThat(TwoClassTask.draw(data, 5, 1, 2).batch().indices())
        .containsExactly(310, 360, 140, 70, 401);
  }

  @Test
  void everyExampleIsEquallyLikely() {
    int[] counts = new int[data.count()];
    int trials = 3000;
    for (int trial = 0; trial < trials; trial++) {
      for (int index : TwoClassTask.draw(data, 4, 5, trial).batch().indices()) {
        counts[index]++;
      }
    }
    double expected = trials * 4 / 120.0;
    double chiSquared = 0;
    for (int i = 0; i < counts.length; i++) {
      if (data.label(i) < 2) {
        chiSquared += Math.pow(counts[i] - expected, 2) / expected;
      } else {
        assertThat(counts[i]).isZero();
      }
    }
    // Mean 119·(1 − 4/120) and deviation about 15: within four.
    assertThat(chiSquared).isBetween(55.0, 175.0);
  }

  @Test
  void refusesTooFewExamplesAndSenselessRequests() {
    assertThatThrownBy(() -> TwoClassTask.draw(data, 121, 1, 0))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll("120 images", "[airplane-like, automobile-like]", "121");
    assertThatThrownBy(() -> TwoClassTask.draw(data, 3, 12, 121, 1, 0))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("number 12");
    assertThatThrownBy(() -> TwoClassTask.draw(data, 0, 1, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> TwoClassTask.draw(data, 3, 3, 10, 1, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void batchesFromAllClassesHoldAllClasses() {
    ImageBatch batch = ImageBatch.draw(data, 600, 1, 0);
    long[] perLabel = new long[10];
    for (int i = 0; i < 600; i++) {
      perLabel[batch.label(i)]++;
    }
    assertThat(perLabel).containsOnly(60L);
  }
}
