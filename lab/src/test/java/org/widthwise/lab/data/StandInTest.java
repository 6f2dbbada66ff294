package org.widthwise.lab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** Holds the stand-in, and CIFAR-10 where it is at hand, to the table in {@link StandIn}. */
class StandInTest {
  /** CIFAR-10 as measured on training batches 1 and 2. */
  private static final ImageStatistics REAL =
      new ImageStatistics(
          0.474, 0.252, 0.911, 0.787, -2.79, 0.278, 0.320, 0.135, 0.796, 0.145, 0.292, 0.30, 7.43,
          0.712);

  /** The stand-in as its Javadoc says. */
  private static final ImageStatistics STAND_IN =
      new ImageStatistics(
          0.481, 0.243, 0.905, 0.781, -2.73, 0.256, 0.325, 0.133, 0.805, 0.131, 0.285, 0.24, 7.66,
          0.662);

  @Test
  void hasTheStatisticsOfCifar10WithinBands() {
    ImageDataset data = StandIn.generate(Split.TRAIN);
    ImageStatistics s = ImageStatistics.of(data, 2000);

    assertThat(s.mean()).isCloseTo(REAL.mean(), within(0.02));
    assertThat(s.deviation()).isCloseTo(REAL.deviation(), within(0.02));
    assertThat(s.redGreen()).isCloseTo(REAL.redGreen(), within(0.03));
    assertThat(s.redBlue()).isCloseTo(REAL.redBlue(), within(0.04));
    assertThat(s.powerSlope()).isCloseTo(REAL.powerSlope(), within(0.15));
    assertThat(s.contrastSpread()).isCloseTo(REAL.contrastSpread(), within(0.04));
    assertThat(s.topShare()).isCloseTo(REAL.topShare(), within(0.1 * REAL.topShare()));
    assertThat(s.secondShare()).isCloseTo(REAL.secondShare(), within(0.2 * REAL.secondShare()));
    assertThat(s.topTwentyShare()).isCloseTo(REAL.topTwentyShare(), within(0.03));
    assertThat(s.medianEigenvalue())
        .isCloseTo(REAL.medianEigenvalue(), within(0.2 * REAL.medianEigenvalue()));
    assertThat(s.tenClassTopShare())
        .isCloseTo(REAL.tenClassTopShare(), within(0.1 * REAL.tenClassTopShare()));
    assertThat(s.hardness()).isCloseTo(REAL.hardness(), within(0.2 * REAL.hardness()));
    assertThat(s.nearestMean()).isBetween(0.63, 0.80);
    assertMeasured(s, STAND_IN);
  }

  @Test
  @EnabledIfEnvironmentVariable(named = DataLocator.VARIABLE, matches = ".+")
  void cifar10HasTheStatisticsThatTheTableStates() {
    ImageDataset data = Cifar10.read(Path.of(System.getenv(DataLocator.VARIABLE)), Split.TRAIN);
    ImageStatistics s = ImageStatistics.of(data, Math.min(20_000, data.count()));
    assertMeasured(s, REAL);
  }

  /** The draws of the Gram matrix differ with the batches at hand; their mean varies by 2 %. */
  private static void assertMeasured(ImageStatistics s, ImageStatistics stated) {
    assertThat(s.mean()).isCloseTo(stated.mean(), within(0.001));
    assertThat(s.deviation()).isCloseTo(stated.deviation(), within(0.001));
    assertThat(s.redGreen()).isCloseTo(stated.redGreen(), within(0.001));
    assertThat(s.redBlue()).isCloseTo(stated.redBlue(), within(0.001));
    assertThat(s.powerSlope()).isCloseTo(stated.powerSlope(), within(0.01));
    assertThat(s.contrastSpread()).isCloseTo(stated.contrastSpread(), within(0.001));
    assertThat(s.topShare()).isCloseTo(stated.topShare(), within(0.015));
    assertThat(s.secondShare()).isCloseTo(stated.secondShare(), within(0.01));
    assertThat(s.topTwentyShare()).isCloseTo(stated.topTwentyShare(), within(0.01));
    assertThat(s.medianEigenvalue()).isCloseTo(stated.medianEigenvalue(), within(0.01));
    assertThat(s.tenClassTopShare()).isCloseTo(stated.tenClassTopShare(), within(0.015));
    assertThat(s.targetInTopFive()).isCloseTo(stated.targetInTopFive(), within(0.04));
    assertThat(s.hardness()).isCloseTo(stated.hardness(), within(0.5));
    assertThat(s.nearestMean()).isCloseTo(stated.nearestMean(), within(0.01));
  }

  @Test
  void isTheSameOnEveryMachine() {
    assertThat(StandIn.generate(2, 1).digest())
        .isEqualTo("43f783707eeaa4e8f1185a590dca7b42f9537e0f81dd0939d771b9b9bd4e933a");
    assertThat(StandIn.generate(2, 2).digest()).isNotEqualTo(StandIn.generate(2, 1).digest());
  }

  @Test
  void imagesDependOnSeedAndIndexAlone() {
    ImageDataset few = StandIn.generate(2, 5);
    ImageDataset more = StandIn.generate(9, 5);
    float[] a = new float[3072];
    float[] b = new float[3072];
    for (int i = 0; i < few.count(); i++) {
      few.copyPixels(i, a, 0);
      more.copyPixels(i, b, 0);
      assertThat(a).isEqualTo(b);
      assertThat(few.label(i)).isEqualTo(i % 10);
    }
  }

  @Test
  void refusesSizesOutOfRange() {
    assertThatThrownBy(() -> StandIn.generate(0, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> StandIn.generate(10_001, 1)).hasMessageContaining("1..10000");
  }
}
