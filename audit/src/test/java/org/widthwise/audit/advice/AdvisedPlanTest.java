package org.widthwise.audit.advice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.widthwise.audit.spectrum.Matrices.checkpoint;
import static org.widthwise.audit.spectrum.Matrices.gaussian;
import static org.widthwise.audit.spectrum.Matrices.norm;
import static org.widthwise.audit.spectrum.Matrices.tensor;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.widthwise.audit.plan.PlanFile;
import org.widthwise.audit.plan.PyTorchGroups;
import org.widthwise.audit.spectrum.AuditResult;
import org.widthwise.audit.spectrum.Band;
import org.widthwise.audit.spectrum.SpectralAudit;
import org.widthwise.core.plan.PlannedParameter;
import org.widthwise.core.plan.Scale;
import org.widthwise.core.update.UpdateRules;

final class AdvisedPlanTest {

  /** What single precision and a search to 1e-6 leave. */
  private static final double PRECISION = 3e-6;

  private static double[] times(double factor, double[] values) {
    return Arrays.stream(values).map(v -> factor * v).toArray();
  }

  private static double[] sum(double[] x, double[] y) {
    double[] sum = new double[x.length];
    Arrays.setAll(sum, i -> x[i] + y[i]);
    return sum;
  }

  private static void assertClose(double actual, double expected) {
    assertThat(actual).isCloseTo(expected, within(PRECISION * expected));
  }

  /** The first matrix is too large, its update too small; the second is as it should be. */
  @Test
  void changesWhatIsOutOfBandAndNothingElse(@TempDir Path directory) throws Exception {
    double[] identity = new double[400];
    for (int i = 0; i < 20; i++) {
      identity[21 * i] = 1;
    }
    double[] large = times(8, identity);
    double[] small = times(0.125, identity);
    AuditResult result =
        SpectralAudit.withDefaults()
            .run(
                checkpoint(
                    tensor("fc1.weight", sum(large, small), 20, 20),
                    tensor("fc2.weight", times(2, identity), 20, 20),
                    tensor("fc2.bias", times(50, gaussian(20, 1)), 20),
                    tensor("norm.weight", times(50, gaussian(20, 2)), 20)),
                checkpoint(
                    tensor("fc1.weight", large, 20, 20),
                    tensor("fc2.weight", identity, 20, 20),
                    tensor("fc2.bias", times(49, gaussian(20, 1)), 20),
                    tensor("norm.weight", times(49, gaussian(20, 2)), 20)),
                (tensors, of, share) -> {});
    PlanFile file = AdvisedPlan.of(result, Band.usual(), UpdateRules.ADAM, 0.25);

    Scale first = file.plan().get("fc1.weight").scale();
    // Independent entries of this size have spectral norm 1.
    assertClose(first.initStd(), 1 / (2 * Math.sqrt(20)));
    assertClose(first.learningRate(), 0.25 * 8);
    Scale second = file.plan().get("fc2.weight").scale();
    assertClose(second.initStd(), 2 * norm(identity) / 20);
    assertThat(second.learningRate()).isEqualTo(0.25);
    assertThat(second.multiplier()).isEqualTo(1);
    assertThat(file.plan().get("fc2.bias").scale().initStd()).isZero();
    assertThat(file.plan().get("norm.weight").scale().initMean()).isEqualTo(1);
    assertThat(file.origin("fc1.weight").reason().orElseThrow())
        .contains("init or multiplier ×0.123", "rate ×8");

    Path written = directory.resolve("plan.json");
    file.write(written);
    PlanFile read = PlanFile.read(written);
    assertThat(read.plan().parameters())
        .extracting(PlannedParameter::scale)
        .isEqualTo(file.plan().parameters().stream().map(PlannedParameter::scale).toList());
    assertThat(PyTorchGroups.of(read).groups())
        .anySatisfy(
            group -> {
              assertThat(group.params()).containsExactly("fc1.weight");
              assertClose(group.lr(), 2);
            });
  }

  /** One deviation for the tensor, and what its maps need in words. */
  @Test
  void namesTheFactorsOfMapsInTheReason() throws Exception {
    double[] rows = new double[12 * 4];
    for (int i = 0; i < 12; i++) {
      // Queries of spectral norm 1, keys of 10, values of 0.1.
      rows[4 * i + i % 4] = List.of(1.0, 10.0, 0.1).get(i / 4);
    }
    AuditResult result =
        SpectralAudit.withDefaults()
            .run(
                checkpoint(tensor("h.0.attn.c_attn.weight", rows, 12, 4)),
                null,
                (tensors, of, share) -> {});
    PlanFile file = AdvisedPlan.of(result, Band.usual(), UpdateRules.ADAM, 1);
    assertThat(file.origin("h.0.attn.c_attn.weight").reason().orElseThrow())
        .contains("; init or multiplier ×0.172", "; key: init or multiplier ×0.100;")
        .endsWith("; value: init or multiplier ×10.0")
        .doesNotContain("query:");
    // The target of the whole is √3.
    assertClose(
        file.plan().get("h.0.attn.c_attn.weight").scale().initStd(),
        Math.sqrt(3) / (Math.sqrt(12) + Math.sqrt(4)));
  }

  @Test
  void zerosAndWhatIsNotFiniteAreNoObstacle() throws Exception {
    AuditResult result =
        SpectralAudit.withDefaults()
            .run(
                checkpoint(
                    tensor("a.weight", new double[] {1, Double.NaN, 2, 3}, 2, 2),
                    tensor("b.weight", new double[4], 2, 2)),
                null,
                (tensors, of, share) -> {});
    PlanFile file = AdvisedPlan.of(result, Band.usual(), UpdateRules.SGD, 1);
    // Standard parametrization's own, 1/√fan-in.
    assertThat(file.plan().get("a.weight").scale().initStd())
        .isCloseTo(Math.sqrt(0.5), within(1e-12));
    assertThat(file.plan().get("b.weight").scale().initStd()).isZero();
    assertThat(file.json()).contains("widthwise-plan");
    assertThatThrownBy(
            () ->
                AdvisedPlan.of(
                    new AuditResult(List.of(), List.of(), false), Band.usual(), UpdateRules.SGD, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("none was measured");
  }
}
