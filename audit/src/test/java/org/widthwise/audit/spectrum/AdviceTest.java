package org.widthwise.audit.spectrum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.widthwise.audit.spectrum.Matrices.checkpoint;
import static org.widthwise.audit.spectrum.Matrices.gaussian;
import static org.widthwise.audit.spectrum.Matrices.tensor;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.widthwise.audit.checkpoint.Checkpoint;
import org.widthwise.audit.checkpoint.CheckpointTensor;

final class AdviceTest {

  /** What two searches to 1e-6 leave. */
  private static final double PRECISION = 3e-6;

  private static TensorAudit audit(CheckpointTensor now, @Nullable Checkpoint before)
      throws InterruptedException {
    return SpectralAudit.withDefaults()
        .run(checkpoint(now), before, (tensors, of, share) -> {})
        .tensors()
        .get(0);
  }

  private static double[] times(double factor, double[] values) {
    return Arrays.stream(values).map(v -> factor * v).toArray();
  }

  /** Heeding the advice on a matrix, a table or a bias leaves nothing to advise. */
  @ParameterizedTest
  @ValueSource(strings = {"fc.weight", "embed.weight", "head.weight"})
  void whatIsAdvisedHelps(String name) throws InterruptedException {
    double[] values = times(30, gaussian(20 * 40, 1));
    Band narrow = new Band(0.999, 1.001);
    List<Advice> advice = Advice.of(audit(tensor(name, values, 20, 40), null), Band.usual());
    assertThat(advice).hasSize(1);
    assertThat(advice.get(0).subject()).isEqualTo(Advice.Subject.WEIGHT);
    double factor = advice.get(0).factor().orElseThrow();
    assertThat(factor).isLessThan(0.1);
    assertThat(factor * advice.get(0).multiple()).isCloseTo(1, within(1e-12));

    TensorAudit heeded = audit(tensor(name, times(factor, values), 20, 40), null);
    assertThat(Advice.of(heeded, narrow)).isEmpty();
    // σ, too, is in proportion.
    assertThat(heeded.sizes().rms() / advice.get(0).initStd().orElseThrow())
        .isCloseTo(1, within(PRECISION));
    assertThat(advice.get(0).inShort()).startsWith("init or multiplier ×0.0");
  }

  @Test
  void updatesAreAMatterOfTheRate() throws InterruptedException {
    double[] before = gaussian(400, 1);
    double[] step = times(1e-3, gaussian(400, 2));
    double[] after = new double[400];
    Arrays.setAll(after, i -> before[i] + step[i]);
    Checkpoint earlier = checkpoint(tensor("fc.weight", before, 20, 20));
    List<Advice> advice =
        Advice.of(audit(tensor("fc.weight", after, 20, 20), earlier), new Band(0.01, 100));
    assertThat(advice).hasSize(1);
    Advice rate = advice.get(0);
    assertThat(rate.subject()).isEqualTo(Advice.Subject.UPDATE);
    assertThat(rate.initStd()).isEmpty();
    double factor = rate.factor().orElseThrow();
    assertThat(rate.inShort()).startsWith("rate ×1");

    Arrays.setAll(after, i -> before[i] + factor * step[i]);
    double right =
        audit(tensor("fc.weight", after, 20, 20), earlier).update().orElseThrow().ratio();
    // The step was a difference of numbers near one, of which seven digits are left.
    assertThat(right).isCloseTo(1, within(1e-5));
  }

  @Test
  void zerosAndWhatIsNotFiniteHaveNoFactor() throws InterruptedException {
    Band band = Band.usual();
    assertThat(Advice.of(audit(tensor("fc.bias", new double[9], 9), null), band)).isEmpty();
    assertThat(Advice.of(audit(tensor("fc.bias", new double[] {1, Double.NaN}, 2), null), band))
        .isEmpty();
    Checkpoint same = checkpoint(tensor("fc.weight", new double[6], 2, 3));
    List<Advice> advice = Advice.of(audit(tensor("fc.weight", new double[6], 2, 3), same), band);
    assertThat(advice).extracting(Advice::inShort).containsExactly("all zero", "did not move");
    assertThat(advice).allSatisfy(one -> assertThat(one.factor()).isEmpty());
  }

  @Test
  void bandsAreRead() {
    assertThat(Band.parse("0.5, 2")).isEqualTo(new Band(0.5, 2));
    assertThat(Band.usual().contains(0.25)).isTrue();
    assertThat(Band.usual().contains(4.1)).isFalse();
    assertThat(Band.usual().contains(Double.NaN)).isFalse();
    for (String wrong : List.of("", "1", "2,3", "0,1", "x,2", "0.1,Infinity", "-1,2")) {
      assertThatThrownBy(() -> Band.parse(wrong)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
