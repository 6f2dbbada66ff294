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
    double std = advice.get(0).initStd().orElseThrow();
    TensorAudit redrawn = audit(tensor(name, times(std, gaussian(20 * 40, 2)), 20, 40), null);
    assertThat(Advice.multiple(redrawn.parameter(), redrawn.sizes())).isBetween(0.7, 1.4);
    assertThat(advice.get(0).inShort()).startsWith("init or multiplier ×0.0");
  }

  /** What a matrix has learned is not of the size of what it is drawn from. */
  @Test
  void aMatrixOfRankOneIsNotDrawnAnewByTheSizeOfItsEntries() throws InterruptedException {
    double[] ones = new double[64 * 64];
    Arrays.fill(ones, 1);
    List<Advice> advice = Advice.of(audit(tensor("fc.weight", ones, 64, 64), null), Band.usual());
    assertThat(advice.get(0).factor().orElseThrow()).isCloseTo(1.0 / 64, within(1e-9));
    assertThat(advice.get(0).initStd().orElseThrow()).isEqualTo(1.0 / 16);
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

  /** Queries in band, keys too large, values too small: heeding what is said of each helps all. */
  @Test
  void mapsAreAdvisedOneByOne() throws InterruptedException {
    double[] factors = {0.25, 30, 0.01};
    TensorAudit audit = fused(factors);
    List<Advice> advice = Advice.of(audit, Band.usual());
    // The tensor as a whole, which the keys make too large, comes first.
    assertThat(advice)
        .extracting(one -> one.map().orElse("whole"))
        .containsExactly("whole", "key", "value");
    assertThat(advice).extracting(Advice::name).containsOnly("h.0.attn.c_attn.weight");
    assertThat(advice).startsWith(Advice.ofWhole(audit, Band.usual()).get(0));
    double[] heeded = factors.clone();
    for (Advice one : advice.subList(1, 3)) {
      int map = one.map().orElseThrow().equals("key") ? 1 : 2;
      assertThat(one.subject()).isEqualTo(Advice.Subject.WEIGHT);
      heeded[map] *= one.factor().orElseThrow();
      // Standard normal entries, times their factor.
      assertThat(one.initStd().orElseThrow()).isCloseTo(heeded[map], within(0.1 * heeded[map]));
    }
    TensorAudit right = fused(heeded);
    assertThat(right.maps().get(1).sizes().ratio()).isCloseTo(1, within(PRECISION));
    assertThat(right.maps().get(2).sizes().ratio()).isCloseTo(1, within(PRECISION));
    assertThat(Advice.of(right, Band.usual())).isEmpty();
  }

  /** Values alone are too small, which the tensor as a whole does not show. */
  @Test
  void aMapMayNeedAdviceThatTheWholeDoesNot() throws InterruptedException {
    TensorAudit audit = fused(0.2, 0.2, 0.001);
    assertThat(Advice.ofWhole(audit, Band.usual())).isEmpty();
    assertThat(Advice.of(audit, Band.usual()))
        .singleElement()
        .satisfies(one -> assertThat(one.map()).contains("value"));
    double largest =
        audit.maps().stream().mapToDouble(map -> map.sizes().ratio()).max().orElseThrow();
    assertThat(audit.sizes().ratio()).isLessThanOrEqualTo(largest);
  }

  @Test
  void updatesOfMapsAreAMatterOfTheRate() throws InterruptedException {
    double[] before = rows(0.2, 0.2, 0.2);
    double[] step = rows(0.2, 1e-4, 0.2);
    double[] after = new double[before.length];
    Arrays.setAll(after, i -> before[i] + step[i]);
    TensorAudit audit =
        audit(
            tensor("h.0.attn.c_attn.weight", after, 60, 20),
            checkpoint(tensor("h.0.attn.c_attn.weight", before, 60, 20)));
    List<Advice> advice = Advice.of(audit, new Band(0.1, 10));
    assertThat(advice).hasSize(1);
    assertThat(advice.get(0).map()).contains("key");
    assertThat(advice.get(0).subject()).isEqualTo(Advice.Subject.UPDATE);
    // The step is a difference of numbers near 0.2, of which enough digits are left.
    assertThat(
            advice.get(0).factor().orElseThrow()
                * audit.maps().get(1).update().orElseThrow().ratio())
        .isCloseTo(1, within(1e-9));
  }

  /** Gaussian queries, keys and values of twenty features, times a factor each. */
  private static TensorAudit fused(double... factors) throws InterruptedException {
    return audit(tensor("h.0.attn.c_attn.weight", rows(factors), 60, 20), null);
  }

  private static double[] rows(double... factors) {
    double[] rows = gaussian(60 * 20, 3);
    Arrays.setAll(rows, i -> factors[i / 400] * rows[i]);
    return rows;
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
