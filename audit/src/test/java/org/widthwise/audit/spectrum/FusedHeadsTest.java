package org.widthwise.audit.spectrum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.widthwise.audit.spectrum.Matrices.checkpoint;
import static org.widthwise.audit.spectrum.Matrices.gaussian;
import static org.widthwise.audit.spectrum.Matrices.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.widthwise.audit.checkpoint.CheckpointTensor;
import org.widthwise.audit.model.AttentionHeads;
import org.widthwise.audit.model.SkippedTensor;

/**
 * Queries, keys and values that alternate by head, put together by hand as each family has them.
 */
final class FusedHeadsTest {

  /** The default tolerance, 1e-6, in percent. */
  private static final Percentage DEFAULT = Percentage.withPercentage(1e-4);

  /** The rows of the three maps: queries of all heads, then keys, then values. */
  private record Attention(int heads, int keyHeads, int size, int inputs, List<double[]> maps) {

    /** Queries, keys and values of sizes of their own, so that none is taken for another. */
    static Attention drawn(int heads, int keyHeads, int size, int inputs, long seed) {
      int[] rows = {heads * size, keyHeads * size, keyHeads * size};
      List<double[]> maps = new ArrayList<>();
      for (int map = 0; map < 3; map++) {
        double factor = List.of(1.0, 4.0, 16.0).get(map);
        maps.add(
            Arrays.stream(gaussian(rows[map] * inputs, seed + map))
                .map(value -> factor * value)
                .toArray());
      }
      return new Attention(heads, keyHeads, size, inputs, maps);
    }

    int rows(int map) {
      return maps.get(map).length / inputs;
    }

    /** For each head of keys its queries, its keys, its values. */
    double[] byHead() {
      List<double[]> rows = new ArrayList<>();
      int queriesEach = heads / keyHeads;
      for (int group = 0; group < keyHeads; group++) {
        for (int query = 0; query < queriesEach; query++) {
          add(rows, 0, group * queriesEach + query);
        }
        add(rows, 1, group);
        add(rows, 2, group);
      }
      return joined(rows);
    }

    double[] consecutive() {
      List<double[]> rows = new ArrayList<>();
      for (int map = 0; map < 3; map++) {
        for (int head = 0; head < rows(map) / size; head++) {
          add(rows, map, head);
        }
      }
      return joined(rows);
    }

    private void add(List<double[]> rows, int map, int head) {
      for (int i = head * size; i < (head + 1) * size; i++) {
        rows.add(Arrays.copyOfRange(maps.get(map), i * inputs, (i + 1) * inputs));
      }
    }

    private static double[] joined(List<double[]> rows) {
      return rows.stream().flatMapToDouble(Arrays::stream).toArray();
    }

    void assertFound(TensorAudit audit) {
      assertThat(audit.maps()).extracting(MapAudit::map).containsExactly("query", "key", "value");
      for (int map = 0; map < 3; map++) {
        TensorSizes sizes = audit.maps().get(map).sizes();
        double norm = Lapack.singularValues(rows(map), inputs, maps.get(map))[0];
        assertThat(audit.maps().get(map).parameter().fans().fanOut()).isEqualTo(rows(map));
        assertThat(sizes.spectralNorm()).isCloseTo(norm, DEFAULT);
        assertThat(sizes.frobeniusNorm())
            .isCloseTo(Matrices.norm(maps.get(map)), Percentage.withPercentage(1e-10));
        assertThat(sizes.ratio()).isCloseTo(norm / Math.sqrt((double) rows(map) / inputs), DEFAULT);
      }
    }
  }

  private static AttentionHeads byConfiguration(
      int queries, int keyValues, AttentionHeads.Layout layout) {
    return new AttentionHeads(
        queries,
        OptionalInt.of(keyValues),
        OptionalInt.empty(),
        layout,
        AttentionHeads.Source.CONFIGURATION);
  }

  private static AuditResult audit(AttentionHeads heads, CheckpointTensor... tensors)
      throws InterruptedException {
    return SpectralAudit.withDefaults()
        .withHeads(heads)
        .run(checkpoint(tensors), null, (done, of, share) -> {});
  }

  private static CheckpointTensor projection(String name, Attention attention) {
    int queries = attention.rows(0);
    return tensor(name, gaussian(attention.inputs * queries, 99), attention.inputs, queries);
  }

  @ParameterizedTest
  @CsvSource({
    // GPT-NeoX and BLOOM: [heads, 3, size, inputs].
    "gpt_neox.layers.0.attention.query_key_value.weight, dense, 4, 4, 5, 20",
    "h.0.self_attention.query_key_value.weight, dense, 6, 6, 3, 18",
    // Falcon 7B: [heads + 2, size, inputs].
    "transformer.h.0.self_attention.query_key_value.weight, dense, 5, 1, 4, 20",
    // Falcon 40B: [keys, heads / keys + 2, size, inputs].
    "transformer.h.0.self_attention.query_key_value.weight, dense, 8, 2, 3, 24",
    // InternLM2 likewise; heads may be of any size.
    "model.layers.0.attention.wqkv.weight, wo, 6, 3, 4, 30",
    // More than is read at a time.
    "model.layers.0.attention.wqkv.weight, wo, 8, 2, 25, 300",
  })
  void mapsAreThoseThatWerePutTogether(
      String name, String output, int heads, int keyHeads, int size, int inputs)
      throws InterruptedException {
    Attention attention = Attention.drawn(heads, keyHeads, size, inputs, 1);
    double[] fused = attention.byHead();
    CheckpointTensor weight = tensor(name, fused, fused.length / inputs, inputs);
    String module = name.substring(0, name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1);
    AttentionHeads told = byConfiguration(heads, keyHeads, AttentionHeads.Layout.BY_HEAD);
    AuditResult result = audit(told, weight, projection(module + output + ".weight", attention));

    attention.assertFound(result.tensors().get(0));
    assertThat(result.tensors().get(0).reason())
        .contains("split into query, key, value: %d heads of %d".formatted(heads, size))
        .endsWith("by config.json");
    assertThat(result.skipped()).extracting(SkippedTensor::name).containsExactly("steps");

    // The number of heads of queries is enough where another tensor tells that of queries.
    AttentionHeads declared = AttentionHeads.parse(Integer.toString(heads));
    result = audit(declared, weight, projection(module + output + ".weight", attention));
    attention.assertFound(result.tensors().get(0));
    assertThat(result.tensors().get(0).reason()).endsWith("as declared");

    // Both numbers are enough without another tensor.
    declared = AttentionHeads.parse(heads + ", " + keyHeads);
    attention.assertFound(audit(declared, weight).tensors().get(0));
  }

  @Test
  void inputsMayComeFirst() throws InterruptedException {
    Attention attention = Attention.drawn(4, 2, 5, 18, 3);
    double[] fused = attention.byHead();
    int outputs = fused.length / 18;
    double[] transposed = new double[fused.length];
    for (int i = 0; i < fused.length; i++) {
      transposed[i % 18 * outputs + i / 18] = fused[i];
    }
    String name = "h/0/self_attention/query_key_value/kernel";
    AuditResult result = audit(AttentionHeads.parse("4,2"), tensor(name, transposed, 18, outputs));
    attention.assertFound(result.tensors().get(0));
  }

  @Test
  void biasesArePartedAlike() throws InterruptedException {
    Attention attention = Attention.drawn(4, 2, 5, 18, 5);
    Attention biases = Attention.drawn(4, 2, 5, 1, 6);
    double[] fused = attention.byHead();
    String module = "transformer.h.0.self_attention.";
    AuditResult result =
        audit(
            AttentionHeads.parse("4"),
            tensor(module + "query_key_value.bias", biases.byHead(), 40),
            tensor(module + "query_key_value.weight", fused, 40, 18),
            projection(module + "dense.weight", attention));
    List<MapAudit> maps = result.tensors().get(0).maps();
    for (int map = 0; map < 3; map++) {
      assertThat(maps.get(map).sizes().spectralNorm())
          .isCloseTo(Matrices.norm(biases.maps().get(map)), DEFAULT);
    }
  }

  /** ChatGLM with grouped queries, under the same name. */
  @Test
  void familiesMayHaveAllQueriesFirst() throws InterruptedException {
    Attention attention = Attention.drawn(8, 2, 3, 24, 7);
    double[] fused = attention.consecutive();
    AuditResult result =
        audit(
            byConfiguration(8, 2, AttentionHeads.Layout.CONSECUTIVE),
            tensor("encoder.layers.0.self_attention.query_key_value.weight", fused, 36, 24));
    attention.assertFound(result.tensors().get(0));
  }

  @ParameterizedTest
  @CsvSource({"7, 7", "4, 2", "8, 1", "40, 40", "2, 2"})
  void aConfigurationThatDoesNotSuitIsTold(int heads, int keyHeads) throws InterruptedException {
    Attention attention = Attention.drawn(8, 2, 3, 24, 9);
    double[] fused = attention.byHead();
    String name = "h.0.self_attention.query_key_value.weight";
    CheckpointTensor weight = tensor(name, fused, 36, 24);
    CheckpointTensor output = projection("h.0.self_attention.dense.weight", attention);
    AuditResult result =
        audit(byConfiguration(heads, keyHeads, AttentionHeads.Layout.BY_HEAD), weight, output);
    assertThat(result.tensors().get(0).maps()).isEmpty();
    assertThat(result.skipped())
        .contains(
            new SkippedTensor(
                name,
                "no maps: measured as a whole: 36 outputs, of which 24 are queries, cannot be of"
                    + " %d heads, %d of keys (by config.json)".formatted(heads, keyHeads)));

    // The user is refused.
    AttentionHeads declared = AttentionHeads.parse(heads + "," + keyHeads);
    assertThatThrownBy(() -> audit(declared, weight, output))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("\"" + name + "\": 36 outputs")
        .hasMessageEndingWith("(as declared)");
  }

  @Test
  void modelsOfUnknownLayoutAreMeasuredAsAWhole() throws InterruptedException {
    Attention attention = Attention.drawn(4, 4, 3, 12, 9);
    CheckpointTensor weight =
        tensor("h.0.self_attention.query_key_value.weight", attention.byHead(), 36, 12);
    AuditResult result = audit(byConfiguration(4, 4, AttentionHeads.Layout.UNKNOWN), weight);
    assertThat(result.tensors().get(0).maps()).isEmpty();
    assertThat(result.tensors().get(0).reason()).contains("measured as a whole: the layout");
    assertThat(result.skipped()).extracting(SkippedTensor::name).containsExactly("steps");
  }
}
