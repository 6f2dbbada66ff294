package org.widthwise.audit.spectrum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.widthwise.audit.spectrum.Matrices.checkpoint;
import static org.widthwise.audit.spectrum.Matrices.gaussian;
import static org.widthwise.audit.spectrum.Matrices.norm;
import static org.widthwise.audit.spectrum.Matrices.ofRank;
import static org.widthwise.audit.spectrum.Matrices.tensor;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.widthwise.audit.checkpoint.Checkpoint;
import org.widthwise.audit.checkpoint.CheckpointTensor;
import org.widthwise.audit.model.CountOverride;
import org.widthwise.audit.model.RoleOverride;
import org.widthwise.audit.model.SkippedTensor;
import org.widthwise.core.norm.NaturalNorms;
import org.widthwise.core.shape.Role;

final class SpectralAuditTest {

  /** The default tolerance, 1e-6, in percent. */
  private static final Percentage DEFAULT = Percentage.withPercentage(1e-4);

  private static final Percentage DOUBLE = Percentage.withPercentage(1e-10);

  private static AuditResult run(SpectralAudit audit, Checkpoint now, Checkpoint before)
      throws InterruptedException {
    return audit.run(now, before, (tensors, of, share) -> {});
  }

  private static TensorAudit only(CheckpointTensor tensor) throws InterruptedException {
    AuditResult result =
        SpectralAudit.withDefaults().run(checkpoint(tensor), null, (tensors, of, share) -> {});
    assertThat(result.tensors()).hasSize(1);
    return result.tensors().get(0);
  }

  private static AuditResult withMaps(String maps, Checkpoint checkpoint)
      throws InterruptedException {
    return SpectralAudit.withDefaults()
        .withMaps(List.of(CountOverride.parse(maps)))
        .run(checkpoint, null, (tensors, of, share) -> {});
  }

  private static double largest(double[] matrix, int rows, int columns) {
    return Lapack.singularValues(rows, columns, matrix)[0];
  }

  @ParameterizedTest
  @CsvSource({
    "100, 100, 100",
    "300, 20, 20",
    "20, 300, 20",
    "2, 500, 2",
    "120, 90, 1",
    "120, 90, 3",
  })
  void matricesAreThoseOfLapack(int rows, int columns, int rank) throws InterruptedException {
    double[] a =
        rank == Math.min(rows, columns)
            ? gaussian(rows * columns, 1)
            : ofRank(rank, rows, columns, 1);
    TensorAudit audit = only(tensor("layers.0.fc.weight", a, rows, columns));
    TensorSizes sizes = audit.sizes();
    double spectral = largest(a, rows, columns);
    double frobenius = norm(a);

    assertThat(audit.parameter().role()).isEqualTo(Role.MATRIX);
    assertThat(sizes.spectralNorm()).isCloseTo(spectral, DEFAULT);
    assertThat(Math.abs(sizes.spectralNorm() / spectral - 1))
        .isLessThanOrEqualTo(sizes.spectralNormRelativeError());
    assertThat(sizes.spectralNormRelativeError()).isLessThan(2e-6);
    assertThat(sizes.frobeniusNorm()).isCloseTo(frobenius, DOUBLE);
    assertThat(sizes.rms()).isCloseTo(frobenius / Math.sqrt(rows * columns), DOUBLE);
    assertThat(sizes.stableRank())
        .isCloseTo(Math.pow(frobenius / spectral, 2), Percentage.withPercentage(3e-4));
    assertThat(sizes.ratio()).isCloseTo(spectral / Math.sqrt((double) rows / columns), DEFAULT);
    assertThat(sizes.naturalNorm()).isEqualTo(sizes.ratio());
    assertThat(sizes.nonFinite()).isZero();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0x1p-1000, 0x1p-130, 0x1p-60, 0x1p60, 0x1p130, 0x1p1000})
  void magnitudesBeyondFloatsAreNoObstacle(double unit) throws InterruptedException {
    double[] plain = gaussian(600, 2);
    double[] a = Arrays.stream(plain).map(v -> unit * v).toArray();
    TensorSizes sizes = only(tensor("fc.weight", a, 20, 30)).sizes();
    TensorSizes expected = only(tensor("fc.weight", plain, 20, 30)).sizes();

    assertThat(sizes.spectralNorm() / unit).isCloseTo(expected.spectralNorm(), DEFAULT);
    assertThat(sizes.frobeniusNorm() / unit).isCloseTo(expected.frobeniusNorm(), DOUBLE);
  }

  @Test
  void zerosHaveNoStableRank() throws InterruptedException {
    TensorSizes sizes = only(tensor("fc.weight", new double[600], 20, 30)).sizes();
    assertThat(sizes.spectralNorm()).isZero();
    assertThat(sizes.frobeniusNorm()).isZero();
    assertThat(sizes.ratio()).isZero();
    assertThat(sizes.stableRank()).isNaN();
  }

  @Test
  void vectorsHaveClosedForms() throws InterruptedException {
    double[] values = gaussian(50, 3);
    TensorAudit bias = only(tensor("fc.bias", values, 50));
    assertThat(bias.parameter().role()).isEqualTo(Role.BIAS);
    assertThat(bias.sizes().spectralNorm()).isCloseTo(norm(values), DOUBLE);
    assertThat(bias.sizes().spectralNormRelativeError()).isZero();
    assertThat(bias.sizes().stableRank()).isCloseTo(1, DOUBLE);
    assertThat(bias.sizes().ratio()).isCloseTo(bias.sizes().rms(), DOUBLE);

    TensorAudit row = only(tensor("head.weight", values, 1, 50));
    assertThat(row.parameter().fans().fanIn()).isEqualTo(50);
    assertThat(row.sizes().spectralNorm()).isCloseTo(norm(values), DOUBLE);
    assertThat(row.sizes().ratio()).isCloseTo(norm(values) * Math.sqrt(50), DOUBLE);
  }

  @Test
  void inputFirstMatricesHaveTheirFansSwapped() throws InterruptedException {
    double[] a = gaussian(20 * 80, 4);
    TensorAudit audit = only(tensor("h.0.mlp.c_fc.weight", a, 20, 80));
    assertThat(audit.parameter().fans().fanIn()).isEqualTo(20);
    assertThat(audit.parameter().fans().fanOut()).isEqualTo(80);
    assertThat(audit.sizes().ratio()).isCloseTo(largest(a, 20, 80) / 2, DEFAULT);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void convolutionsHaveTheNormOfTheirLargestSlice(boolean inputFirst) throws InterruptedException {
    int out = 12;
    int in = 7;
    int area = 6;
    double[][] slices = new double[area][];
    double[] all = new double[out * in * area];
    for (int s = 0; s < area; s++) {
      // The third has the larger Frobenius norm of full rank, the fifth the larger spectral norm.
      slices[s] = s == 4 ? ofRank(1, out, in, 5) : gaussian(out * in, s);
      double factor = s == 2 ? 1.9 : 1;
      for (int o = 0; o < out; o++) {
        for (int i = 0; i < in; i++) {
          slices[s][o * in + i] = (float) (factor * slices[s][o * in + i]);
          int at = inputFirst ? (s * in + i) * out + o : (o * in + i) * area + s;
          all[at] = slices[s][o * in + i];
        }
      }
    }
    TensorAudit audit =
        only(
            inputFirst
                ? tensor("Conv_0/kernel", all, 2, 3, in, out)
                : tensor("conv1.weight", all, out, in, 2, 3));
    double[] norms = Arrays.stream(slices).mapToDouble(s -> largest(s, out, in)).toArray();
    int best = norms[2] > norms[4] ? 2 : 4;

    assertThat(audit.parameter().role()).isEqualTo(Role.CONVOLUTION);
    assertThat(audit.parameter().fans().fanIn()).isEqualTo(in);
    assertThat(audit.sizes().spectralNorm())
        .isCloseTo(Arrays.stream(norms).max().orElseThrow(), DEFAULT);
    assertThat(audit.sizes().stableRank())
        .isCloseTo(Math.pow(norm(slices[best]) / norms[best], 2), Percentage.withPercentage(1e-3));
    assertThat(audit.sizes().frobeniusNorm()).isCloseTo(norm(all), DOUBLE);
    assertThat(audit.sizes().rms()).isCloseTo(norm(all) / Math.sqrt(all.length), DOUBLE);
  }

  /** As GPT-2 has it, inputs first, and as PyTorch's layers do; unequal with grouped queries. */
  @ParameterizedTest
  @CsvSource({"true, 20", "false, 20", "true, 5", "false, 5"})
  void mapsOfFusedProjectionsAreMeasuredByThemselves(boolean inputFirst, int keys)
      throws InterruptedException {
    int in = 20;
    int out = in + 2 * keys;
    int[] ends = {0, in, in + keys, out};
    double[] before = gaussian(in * out, 13);
    double[] after = gaussian(in * out, 14);
    long[] shape = inputFirst ? new long[] {in, out} : new long[] {out, in};
    CheckpointTensor projection = tensor("h.0.attn.c_proj.weight", gaussian(in * in, 1), in, in);
    AuditResult result =
        run(
            SpectralAudit.withDefaults(),
            checkpoint(tensor("h.0.attn.c_attn.weight", after, shape), projection),
            checkpoint(tensor("h.0.attn.c_attn.weight", before, shape), projection));
    TensorAudit audit = result.tensors().get(0);
    assertThat(audit.reason()).contains("split into query, key, value");
    assertThat(audit.maps()).extracting(MapAudit::map).containsExactly("query", "key", "value");
    for (int m = 0; m < 3; m++) {
      int rows = ends[m + 1] - ends[m];
      double[] part = new double[rows * in];
      double[] change = new double[rows * in];
      for (int i = 0; i < part.length; i++) {
        int o = ends[m] + i / in;
        int at = inputFirst ? i % in * out + o : o * in + i % in;
        part[i] = after[at];
        change[i] = after[at] - before[at];
      }
      MapAudit map = audit.maps().get(m);
      assertThat(map.parameter().fans().fanOut()).isEqualTo(rows);
      double norm = largest(part, rows, in);
      assertThat(map.sizes().spectralNorm()).isCloseTo(norm, DEFAULT);
      assertThat(map.sizes().frobeniusNorm()).isCloseTo(norm(part), DOUBLE);
      assertThat(map.sizes().ratio()).isCloseTo(norm / Math.sqrt((double) rows / in), DEFAULT);
      assertThat(map.update().orElseThrow().spectralNorm())
          .isCloseTo(largest(change, rows, in), DEFAULT);
    }
    assertThat(result.tensors().get(1).maps()).isEmpty();
  }

  /** Three groups of eight outputs of four inputs, of a kernel of five, in either order. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void groupsAreMeasuredByThemselves(boolean inputFirst) throws InterruptedException {
    int groups = 3;
    int out = 8;
    int in = 4;
    int area = 5;
    double[] all = new double[groups * out * in * area];
    double spectral = 0;
    double bound = 0;
    for (int g = 0; g < groups; g++) {
      double[] wide = new double[out * in * area];
      double[] tall = new double[out * in * area];
      for (int s = 0; s < area; s++) {
        double[] slice = gaussian(out * in, 10 * g + s);
        spectral = Math.max(spectral, largest(slice, out, in));
        for (int o = 0; o < out; o++) {
          for (int i = 0; i < in; i++) {
            double entry = slice[o * in + i];
            wide[(o * area + s) * in + i] = entry;
            tall[(o * in + i) * area + s] = entry;
            all[
                    inputFirst
                        ? (s * in + i) * groups * out + g * out + o
                        : ((g * out + o) * in + i) * area + s] =
                entry;
          }
        }
      }
      double least = Math.min(largest(wide, out * area, in), largest(tall, out, in * area));
      bound = Math.max(bound, Math.sqrt(area) * least);
    }
    CheckpointTensor kernel =
        inputFirst
            ? tensor("Conv_0/kernel", all, area, in, 24)
            : tensor("conv.weight", all, 24, in, area);
    AuditResult result = withMaps("*onv*=3", checkpoint(kernel));
    TensorAudit audit = result.tensors().get(0);
    assertThat(audit.parameter().maps()).isEqualTo(groups);
    assertThat(audit.sizes().spectralNorm()).isCloseTo(spectral, DEFAULT);
    assertThat(audit.sizes().ratio()).isCloseTo(spectral / Math.sqrt(2), DEFAULT);
    assertThat(audit.sizes().frobeniusNorm()).isCloseTo(norm(all), DOUBLE);
    assertThat(audit.sizes().operatorNormBound()).isCloseTo(bound, Percentage.withPercentage(0.2));
  }

  @Test
  void stacksAreMeasuredMapByMapWhereTheUserSaysSo() throws InterruptedException {
    double[] a = gaussian(30 * 20, 6);
    AuditResult result =
        withMaps(
            "stack.*=3",
            checkpoint(tensor("stack.weight", a, 30, 20), tensor("stack.bias", a, 600)));
    double matrix = 0;
    double vector = 0;
    for (int map = 0; map < 3; map++) {
      double[] part = Arrays.copyOfRange(a, map * 200, (map + 1) * 200);
      matrix = Math.max(matrix, largest(part, 10, 20));
      vector = Math.max(vector, norm(part));
    }
    assertThat(result.tensors().get(0).sizes().ratio())
        .isCloseTo(matrix / Math.sqrt(10.0 / 20), DEFAULT);
    assertThat(result.tensors().get(1).sizes().spectralNorm()).isCloseTo(vector, DOUBLE);
  }

  @Test
  void depthwiseConvolutionsAreVectorsOfTheirChannels() throws InterruptedException {
    double[] a = gaussian(16 * 9, 7);
    double greatest = Arrays.stream(a).map(Math::abs).max().orElseThrow();
    TensorAudit audit = only(tensor("block.dwconv.weight", a, 16, 1, 3, 3));
    assertThat(audit.parameter().maps()).isEqualTo(16);
    assertThat(audit.sizes().spectralNorm()).isCloseTo(greatest, DOUBLE);
    assertThat(audit.sizes().ratio()).isCloseTo(greatest, DOUBLE);
    // Keras lists channels and multiplier last, each pair an output of one input.
    TensorAudit keras = only(tensor("separable/depthwise_kernel", a, 3, 3, 8, 2));
    assertThat(keras.parameter().dimensions()).containsExactly(16L, 1L, 3L, 3L);
    assertThat(keras.parameter().maps()).isEqualTo(8);
    double pair = 0;
    for (int i = 0; i < a.length; i += 2) {
      pair = Math.max(pair, Math.hypot(a[i], a[i + 1]));
    }
    assertThat(keras.sizes().spectralNorm()).isCloseTo(pair, DOUBLE);
  }

  @Test
  void headsOnAnAxisOfTheirOwnArePartsOfAMatrix() throws InterruptedException {
    double[] a = gaussian(12 * 4 * 5, 8);
    TensorAudit query = only(tensor("attention_0/query/kernel", a, 12, 4, 5));
    assertThat(query.parameter().dimensions()).containsExactly(20L, 12L);
    assertThat(query.sizes().ratio()).isCloseTo(largest(a, 12, 20) / Math.sqrt(20.0 / 12), DEFAULT);
    TensorAudit out = only(tensor("attention_0/out/kernel", a, 4, 5, 12));
    assertThat(out.parameter().dimensions()).containsExactly(12L, 20L);
    assertThat(out.sizes().ratio()).isCloseTo(largest(a, 20, 12) / Math.sqrt(12.0 / 20), DEFAULT);
  }

  @Test
  void embeddingsHaveTheirOwnNaturalNorm() throws InterruptedException {
    double[] table = gaussian(70_000 * 3, 6);
    table[3 * 69_999] = 9;
    TensorAudit audit = only(tensor("wte.weight", table, 70_000, 3));
    assertThat(audit.parameter().role()).isEqualTo(Role.EMBEDDING);
    assertThat(audit.sizes().naturalNorm()).isCloseTo(NaturalNorms.embedding(table, 3), DOUBLE);
    assertThat(audit.sizes().ratio())
        .isCloseTo(audit.sizes().spectralNorm() / Math.sqrt(3), DOUBLE);
    // The eigenvalue of the small Gram matrix, by LAPACK.
    double[] gram = new double[9];
    for (int row = 0; row < 70_000; row++) {
      for (int i = 0; i < 9; i++) {
        gram[i] += table[3 * row + i / 3] * table[3 * row + i % 3];
      }
    }
    assertThat(audit.sizes().spectralNorm()).isCloseTo(Math.sqrt(largest(gram, 3, 3)), DEFAULT);
  }

  @Test
  void tensorsWithNonFiniteEntriesLeaveTheOthersAlone() throws InterruptedException {
    double[] bad = gaussian(600, 7);
    bad[3] = Double.NaN;
    bad[500] = Double.NEGATIVE_INFINITY;
    AuditResult result =
        SpectralAudit.withDefaults()
            .run(
                checkpoint(
                    tensor("a.weight", bad, 20, 30),
                    tensor("b.weight", gaussian(600, 8), 20, 30),
                    tensor("b.running_mean", gaussian(20, 9), 20)),
                null,
                (tensors, of, share) -> {});

    assertThat(result.tensors())
        .extracting(TensorAudit::name)
        .containsExactly("a.weight", "b.weight");
    assertThat(result.tensors().get(0).sizes().nonFinite()).isEqualTo(2);
    assertThat(result.tensors().get(0).firstNonFinite()).contains(List.of(0L, 3L));
    assertThat(result.tensors().get(1).firstNonFinite()).isEmpty();
    assertThat(result.tensors().get(0).sizes().spectralNorm()).isNaN();
    assertThat(result.tensors().get(0).sizes().frobeniusNorm()).isNaN();
    assertThat(result.tensors().get(1).sizes().spectralNorm()).isPositive();
    assertThat(result.skipped())
        .extracting(SkippedTensor::name)
        .containsExactlyInAnyOrder("steps", "b.running_mean");
  }

  @Test
  void updatesAreDifferences() throws InterruptedException {
    double[] before = gaussian(40 * 60, 10);
    double[] change = ofRank(2, 40, 60, 11);
    double[] after = new double[before.length];
    for (int i = 0; i < after.length; i++) {
      after[i] = before[i] + 1e-9 * change[i];
    }
    AuditResult result =
        run(
            SpectralAudit.withDefaults(),
            checkpoint(
                tensor("fc.weight", after, 40, 60),
                tensor("new.bias", gaussian(5, 1), 5),
                tensor("other.bias", gaussian(5, 1), 5)),
            checkpoint(
                tensor("other.bias", gaussian(6, 1), 6), tensor("fc.weight", before, 40, 60)));
    TensorAudit audit = result.tensors().get(0);
    TensorSizes update = audit.update().orElseThrow();
    double spectral = 1e-9 * largest(change, 40, 60);

    // Of the difference of doubles, seven digits are left.
    Percentage seven = Percentage.withPercentage(3e-4);
    assertThat(update.spectralNorm()).isCloseTo(spectral, seven);
    assertThat(update.stableRank()).isLessThan(2.01);
    assertThat(update.ratio()).isCloseTo(spectral / Math.sqrt(40.0 / 60), seven);
    assertThat(audit.updateRelativeSpectral())
        .isCloseTo(spectral / largest(before, 40, 60), Percentage.withPercentage(1e-3));
    assertThat(audit.updateRelativeFrobenius())
        .isCloseTo(1e-9 * norm(change) / norm(before), Percentage.withPercentage(1e-3));
    assertThat(result.tensors()).hasSize(3);
    assertThat(result.tensors().get(1).update()).isEmpty();
    assertThat(result.tensors().get(1).updateRelativeSpectral()).isNaN();
    assertThat(result.skipped())
        .contains(
            new SkippedTensor("new.bias", "no update: the earlier checkpoint has no such tensor"),
            new SkippedTensor(
                "other.bias", "no update: its shape in the earlier checkpoint is [6]"));
  }

  @Test
  void theUserSaysWhatTensorsAreAndWhich() throws InterruptedException {
    Checkpoint checkpoint =
        checkpoint(
            tensor("thing", gaussian(600, 12), 20, 30), tensor("fc.bias", gaussian(5, 1), 5));
    AuditResult result =
        SpectralAudit.withDefaults()
            .withRoles(List.of(RoleOverride.parse("thing=embedding")))
            .withNames(name -> name.startsWith("t"))
            .withRelativeTolerance(1e-3)
            .withThreads(3)
            .run(checkpoint, null, (tensors, of, share) -> assertThat(share).isEqualTo(1.0));

    assertThat(result.tensors()).hasSize(1);
    assertThat(result.skipped()).isEmpty();
    assertThat(result.tensors().get(0).parameter().role()).isEqualTo(Role.EMBEDDING);
    assertThat(result.tensors().get(0).sizes().spectralNormRelativeError()).isBetween(1e-5, 2e-3);
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    Checkpoint one = checkpoint(tensor("fc.weight", gaussian(6, 1), 2, 3));
    Checkpoint other = checkpoint(tensor("fc.weight", gaussian(8, 1), 2, 4));
    SpectralAudit audit = SpectralAudit.withDefaults();
    assertThatThrownBy(() -> run(audit, one, other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("same network");
    assertThatThrownBy(() -> run(audit.withNames(name -> false), one, one))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> audit.withThreads(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> audit.withRelativeTolerance(1e-9))
        .isInstanceOf(IllegalArgumentException.class);
    SpectralAudit wrong = audit.withRoles(List.of(RoleOverride.parse("fc.*=convolution")));
    assertThatThrownBy(() -> run(wrong, one, one)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatWasMeasuredBeforeAStopIsKept() throws InterruptedException {
    CheckpointTensor[] tensors = new CheckpointTensor[9];
    for (int i = 0; i < tensors.length; i++) {
      tensors[i] = tensor("layers." + i + ".fc.weight", gaussian(600, i), 20, 30);
    }
    AtomicInteger done = new AtomicInteger();
    AuditResult result =
        SpectralAudit.withDefaults()
            .withThreads(1)
            .withStop(() -> done.get() >= 4)
            .run(checkpoint(tensors), null, (measured, of, share) -> done.set(measured));
    assertThat(result.partial()).isTrue();
    assertThat(result.tensors()).hasSize(4);
    assertThat(result.tensors().get(3).sizes())
        .isEqualTo(only(tensor("layers.3.fc.weight", gaussian(600, 3), 20, 30)).sizes());

    AtomicInteger asked = new AtomicInteger();
    AuditResult within =
        SpectralAudit.withDefaults()
            .withStop(() -> asked.incrementAndGet() > 5)
            .run(checkpoint(tensors[0]), null, (measured, of, share) -> {});
    assertThat(within.partial()).isTrue();
    assertThat(within.tensors()).isEmpty();
    // In the midst of its products, of which twenty rows ask for more.
    assertThat(asked.get()).isEqualTo(6);
  }
}
