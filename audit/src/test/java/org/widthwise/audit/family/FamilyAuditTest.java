package org.widthwise.audit.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.widthwise.audit.spectrum.Matrices.checkpoint;
import static org.widthwise.audit.spectrum.Matrices.gaussian;
import static org.widthwise.audit.spectrum.Matrices.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.widthwise.audit.checkpoint.Checkpoint;
import org.widthwise.audit.checkpoint.CheckpointTensor;
import org.widthwise.audit.spectrum.SpectralAudit;
import org.widthwise.core.fit.PowerLaw;
import org.widthwise.core.fit.PowerLawFit;
import org.widthwise.core.fit.Verdict;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.shape.Layer;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.core.update.UpdateRules;

final class FamilyAuditTest {

  private static final int[] WIDTHS = {256, 32, 128, 64};
  private static final long INPUTS = 8;
  private static final long OUTPUTS = 4;

  private static FamilyMember member(int width, Checkpoint now, @Nullable Checkpoint before)
      throws InterruptedException {
    return new FamilyMember(
        "width " + width,
        SpectralAudit.withDefaults().run(now, before, (tensors, of, share) -> {}));
  }

  private static FamilyResult audit(
      FamilyAudit audit, IntFunction<Checkpoint> now, IntFunction<@Nullable Checkpoint> before)
      throws InterruptedException {
    List<FamilyMember> members = new ArrayList<>();
    for (int width : WIDTHS) {
      members.add(member(width, now.apply(width), before.apply(width)));
    }
    return audit.run(members);
  }

  /** A perceptron with two hidden matrices and a table, drawn with what a shape is given. */
  private static Checkpoint drawn(int width, ToDoubleFunction<ParameterShape> std) {
    Map<String, ParameterShape> shapes =
        Map.of(
            "embed.weight", ParameterShape.embedding(16, width),
            "layers.0.weight", ParameterShape.matrix(Layer.INPUT, width, INPUTS),
            "layers.1.weight", ParameterShape.matrix(Layer.HIDDEN, width, width),
            "layers.2.weight", ParameterShape.matrix(Layer.HIDDEN, width, width),
            "head.weight", ParameterShape.matrix(Layer.READOUT, OUTPUTS, width));
    List<CheckpointTensor> tensors = new ArrayList<>();
    for (Map.Entry<String, ParameterShape> entry : new TreeMap<>(shapes).entrySet()) {
      String name = entry.getKey();
      ParameterShape shape = entry.getValue();
      double sigma = std.applyAsDouble(shape);
      long[] dimensions = shape.dimensions().stream().mapToLong(d -> d).toArray();
      int count = (int) (dimensions[0] * dimensions[1]);
      double[] values =
          Arrays.stream(gaussian(count, name.hashCode() + width)).map(v -> sigma * v).toArray();
      tensors.add(tensor(name, values, dimensions));
    }
    tensors.add(tensor("layers.0.bias", new double[width], width));
    return checkpoint(tensors.toArray(CheckpointTensor[]::new));
  }

  private static FamilyTensor named(FamilyResult result, String name) {
    return result.tensors().stream()
        .filter(tensor -> tensor.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void groupsThatBecomeMoreAreFeatures() throws InterruptedException {
    FamilyResult result =
        audit(
            FamilyAudit.withDefaults(),
            width ->
                checkpoint(
                    tensor("dw.weight", gaussian(9 * width, width), width, 1, 3, 3),
                    tensor("stem.weight", gaussian(3 * width, width), width, 3, 1, 1)),
            width -> null);
    assertThat(named(result, "dw.weight").parameters().get(0).layer()).isEqualTo(Layer.HIDDEN);
    assertThat(named(result, "stem.weight").parameters().get(0).layer()).isEqualTo(Layer.INPUT);
  }

  private static double exponent(FamilyTensor tensor, FamilyQuantity quantity) {
    return tensor.fit(quantity).orElseThrow().exponent();
  }

  @ParameterizedTest
  @CsvSource({
    "spectral, HOLDS, HOLDS, 'spectral=mup'",
    "mup, HOLDS, HOLDS, 'spectral=mup'",
    "sp, HOLDS, FAILS, 'sp=ntp'",
    "ntp, HOLDS, FAILS, 'sp=ntp'",
  })
  void whatAParametrizationDrawsResemblesIt(
      String id, Verdict hidden, Verdict readout, String expected) throws InterruptedException {
    Recipe recipe = Recipe.of(Parametrizations.named(id), UpdateRules.ADAM);
    FamilyResult result =
        audit(
            FamilyAudit.withDefaults(),
            width -> drawn(width, shape -> recipe.scale(shape).initStd()),
            width -> null);

    assertThat(result.widths()).containsExactly(32L, 64L, 128L, 256L);
    assertThat(result.checkpoints())
        .containsExactly("width 32", "width 64", "width 128", "width 256");
    assertThat(named(result, "layers.1.weight").verdict()).isEqualTo(hidden);
    assertThat(named(result, "head.weight").verdict()).isEqualTo(readout);
    assertThat(named(result, "head.weight").parameters().get(0).layer()).isEqualTo(Layer.READOUT);
    assertThat(named(result, "layers.0.weight").parameters().get(0).layer()).isEqualTo(Layer.INPUT);
    assertThat(named(result, "layers.2.weight").parameters().get(0).layer())
        .isEqualTo(Layer.HIDDEN);
    // Zeros have no exponent, and no fault.
    assertThat(named(result, "layers.0.bias").verdict()).isEqualTo(Verdict.UNDECIDED);
    // Claim 1: the norm of a Gaussian matrix, whose largest singular value fluctuates by a few
    // percent at these widths, so that its exponent does by a few hundredths.
    for (FamilyTensor tensor : result.tensors()) {
      if (tensor.name().endsWith("weight")) {
        double[] norms =
            tensor.parameters().stream()
                .mapToDouble(
                    shape ->
                        recipe.scale(shape).initStd()
                            * (Math.sqrt(shape.dimensions().get(0))
                                + Math.sqrt(shape.dimensions().get(1))))
                .toArray();
        double predicted = PowerLaw.fit(new double[] {32, 64, 128, 256}, norms).exponent();
        assertThat(exponent(tensor, FamilyQuantity.SPECTRAL_NORM))
            .as(tensor.name())
            .isCloseTo(predicted, within(0.08));
      }
    }
    assertThat(result.weights().outcome()).isEqualTo(Resemblance.Outcome.RESEMBLES);
    assertThat(String.join("=", result.weights().matches().get(0).ids())).isEqualTo(expected);
    assertThat(result.weights().matches().get(0).distance()).isLessThan(0.05);
    assertThat(result.weights().tensors()).isEqualTo(5);
    assertThat(result.updates()).isEmpty();
  }

  @Test
  void weightsWhoseSizeIsLeftToMultipliersAreToldToo() throws InterruptedException {
    FamilyResult result =
        audit(FamilyAudit.withDefaults(), width -> drawn(width, shape -> 1), width -> null);
    assertThat(result.weights().outcome()).isEqualTo(Resemblance.Outcome.RESEMBLES);
    assertThat(result.weights().matches().get(0).ids()).containsExactly("unit");
    // Of σ = 1 the hidden norm is 2√n.
    assertThat(named(result, "layers.1.weight").verdict()).isEqualTo(Verdict.FAILS);
  }

  @Test
  void whatNoParametrizationDrawsResemblesNone() throws InterruptedException {
    FamilyResult result =
        audit(
            FamilyAudit.withDefaults(),
            width -> drawn(width, shape -> Math.pow(width, 1.5)),
            width -> null);
    assertThat(result.weights().outcome()).isEqualTo(Resemblance.Outcome.NONE);
  }

  /** A multiple of the identity, whose every size is known. */
  private static Checkpoint identity(int width, double factor) {
    double[] values = new double[width * width];
    for (int i = 0; i < width; i++) {
      values[i * width + i] = factor;
    }
    return checkpoint(tensor("layers.1.weight", values, width, width));
  }

  @Test
  void exponentsOfExactLawsAreExact() throws InterruptedException {
    FamilyResult result =
        audit(
            FamilyAudit.withDefaults().withTolerance(0.1).withUpdateRule(UpdateRules.ADAM),
            width -> identity(width, Math.pow(width, 0.25) + 1 / Math.sqrt(width)),
            width -> identity(width, Math.pow(width, 0.25)));
    FamilyTensor tensor = named(result, "layers.1.weight");

    // Single precision and the search leave 1e-6 of each norm; of a difference of two norms, more.
    assertThat(exponent(tensor, FamilyQuantity.UPDATE_SPECTRAL_NORM)).isCloseTo(-0.5, within(1e-4));
    assertThat(exponent(tensor, FamilyQuantity.UPDATE_FROBENIUS_NORM)).isCloseTo(0, within(1e-4));
    assertThat(exponent(tensor, FamilyQuantity.UPDATE_STABLE_RANK)).isCloseTo(1, within(1e-4));
    assertThat(exponent(tensor, FamilyQuantity.UPDATE_RMS)).isCloseTo(-1, within(1e-4));
    assertThat(exponent(tensor, FamilyQuantity.UPDATE_RELATIVE_SPECTRAL))
        .isCloseTo(-0.75, within(1e-4));
    assertThat(exponent(tensor, FamilyQuantity.STABLE_RANK)).isCloseTo(1, within(1e-4));
    PowerLawFit ratio = tensor.fit(FamilyQuantity.UPDATE_RATIO).orElseThrow();
    assertThat(ratio.exponentStandardError().orElseThrow()).isLessThan(1e-4);
    assertThat(tensor.updateVerdict()).contains(Verdict.FAILS);
    assertThat(tensor.verdict()).isEqualTo(Verdict.FAILS);
    assertThat(result.updates().orElseThrow().tensors()).isEqualTo(1);
  }

  /**
   * An update of a hidden matrix is √(n_in · n_out) under Adam with one rate, 1/n of it under μP.
   */
  @ParameterizedTest
  @CsvSource({"1, sp, RESEMBLES", "0, 'spectral=mup', RESEMBLES", "0.5, ntp, RESEMBLES"})
  void updatesResembleWhatMadeThem(double growth, String expected, Resemblance.Outcome outcome)
      throws InterruptedException {
    FamilyResult result =
        audit(
            FamilyAudit.withDefaults().withUpdateRule(UpdateRules.ADAM),
            width -> identity(width, 1 + 0.01 * Math.pow(width, growth)),
            width -> identity(width, 1));
    Resemblance updates = result.updates().orElseThrow();
    assertThat(String.join("=", updates.matches().get(0).ids())).isEqualTo(expected);
    assertThat(updates.matches().get(0).distance()).isLessThan(0.01);
    // One matrix alone, on three degrees of freedom and a stray of 0.2, is no proof.
    assertThat(updates.outcome()).isIn(outcome, Resemblance.Outcome.UNDECIDED);
    assertThat(updates.matches().stream().mapToDouble(Resemblance.Match::share).sum())
        .isCloseTo(1, within(1e-9));
  }

  @Test
  void whatIsNotInAllIsSkipped() throws InterruptedException {
    FamilyResult result =
        audit(
            FamilyAudit.withDefaults(),
            width ->
                width == 64
                    ? checkpoint(
                        tensor("fc.weight", gaussian(width * 3, 1), width, 3),
                        tensor("more.weight", gaussian(6, 1), 2, 3))
                    : checkpoint(tensor("fc.weight", gaussian(width * 3, 1), width, 3)),
            width -> null);
    assertThat(result.tensors()).extracting(FamilyTensor::name).containsExactly("fc.weight");
    assertThat(result.skipped())
        .anySatisfy(
            skipped -> {
              assertThat(skipped.name()).isEqualTo("more.weight");
              assertThat(skipped.reason()).contains("has no such tensor");
            });
  }

  @Test
  void whatIsNoFamilyIsRefused() throws InterruptedException {
    FamilyAudit audit = FamilyAudit.withDefaults();
    FamilyMember narrow = member(4, identity(4, 1), null);
    FamilyMember wide = member(8, identity(8, 1), null);
    FamilyMember other = member(9, checkpoint(tensor("else.weight", gaussian(81, 1), 9, 9)), null);
    assertThatThrownBy(() -> audit.run(List.of(narrow, wide, narrow)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 different widths")
        .hasMessageContaining("at least 3");
    assertThatThrownBy(() -> audit.run(List.of(narrow, narrow, narrow)))
        .hasMessageContaining("same dimensions");
    assertThatThrownBy(() -> audit.run(List.of(narrow, wide, other)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("one architecture");
    assertThatThrownBy(() -> audit.withTolerance(0)).isInstanceOf(IllegalArgumentException.class);
  }
}
