package org.widthwise.audit.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.widthwise.core.shape.Layer;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.core.shape.Role;

final class FusedMapsTest {

  /** Names and dimensions, outputs first: {@code a.weight 4x3; a.bias 4}. */
  private static Map<String, ParameterShape> shapes(String model) {
    Map<String, ParameterShape> shapes = new HashMap<>();
    for (String line : model.split(";", -1)) {
      String[] words = line.trim().split(" ", -1);
      List<Long> dimensions = Arrays.stream(words[1].split("x", -1)).map(Long::valueOf).toList();
      Role role = dimensions.size() == 2 ? Role.MATRIX : Role.BIAS;
      shapes.put(words[0], new ParameterShape(role, Layer.HIDDEN, dimensions));
    }
    return shapes;
  }

  private static String split(String model) {
    String name = model.trim().split(" ", -1)[0];
    Optional<FusedMaps> found = FusedMaps.of(name, shapes(model), Optional.empty());
    return found
        .map(
            fused ->
                fused.maps().stream()
                    .map(part -> part.map() + " " + part.from() + "+" + part.count())
                    .collect(Collectors.joining(", ")))
        .orElse("none");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "h.0.attn.c_attn.weight 144x48; h.0.attn.c_proj.weight 48x48"
            + "|query 0+48, key 48+48, value 96+48",
        "h.0.attn.c_attn.bias 144; h.0.attn.c_attn.weight 144x48; h.0.attn.c_proj.weight 48x48"
            + "|query 0+48, key 48+48, value 96+48",
        "h.0.attn.c_attn.bias 144; h.0.attn.c_attn.weight 144x48"
            + "|query 0+48, key 48+48, value 96+48",
        // One key for all queries, and fewer queries than inputs.
        "h.0.attn.c_attn.weight 64x48; h.0.attn.c_proj.weight 48x48"
            + "|query 0+48, key 48+8, value 56+8",
        "h.0.crossattention.c_attn.weight 96x48; h.0.crossattention.q_attn.weight 48x48;"
            + " h.0.crossattention.c_proj.weight 48x48|key 0+48, value 48+48",
        "h.0.crossattention.c_attn.bias 96; h.0.crossattention.q_attn.bias 48"
            + "|key 0+48, value 48+48",
        "model.layers.0.self_attn.qkv_proj.weight 48x48; model.layers.0.self_attn.o_proj.weight"
            + " 48x32|query 0+32, key 32+8, value 40+8",
        "blk.0.attn_qkv.weight 80x48; blk.0.attn_output.weight 48x48"
            + "|query 0+48, key 48+16, value 64+16",
        "blocks.0.attn.qkv.weight 144x48; blocks.0.attn.proj.weight 48x48"
            + "|query 0+48, key 48+48, value 96+48",
        "encoder.layers.0.self_attn.in_proj_weight 144x48;"
            + " encoder.layers.0.self_attn.out_proj.weight 48x48"
            + "|query 0+48, key 48+48, value 96+48",
        "encoder.layers.0.self_attn.in_proj_bias 144;"
            + " encoder.layers.0.self_attn.out_proj.weight 48x48"
            + "|query 0+48, key 48+48, value 96+48",
        "in_proj_weight 9x3|query 0+3, key 3+3, value 6+3",
        "transformer.blocks.0.attn.Wqkv.weight 144x48|query 0+48, key 48+48, value 96+48",
        "unet.attn.to_qkv.weight 96x48; unet.attn.to_out.0.weight 48x32"
            + "|query 0+32, key 32+32, value 64+32",
        "model.layers.0.mlp.gate_up_proj.weight 80x16|gate 0+40, up 40+40",
        "blocks.0.mlp.w12.bias 80|gate 0+40, up 40+40",
        "rnn.weight_ih_l0 64x9; rnn.weight_hh_l0 64x16"
            + "|input 0+16, forget 16+16, cell 32+16, output 48+16",
        "rnn.bias_ih_l1_reverse 48; rnn.weight_hh_l1_reverse 48x16"
            + "|reset 0+16, update 16+16, new 32+16",
        "lstm_cell/kernel 64x9; lstm_cell/recurrent_kernel 64x16"
            + "|input 0+16, forget 16+16, cell 32+16, output 48+16",
        "gru_cell/recurrent_kernel 48x16|update 0+16, reset 16+16, new 32+16",
        "rnn.weight_hh_l0 16x16|none",
        "mixer.in_proj.weight 9x3|none",
        "fc.weight 144x48|none",
      })
  void splitsWhatIsKnown(String model, String maps) {
    assertThat(split(model)).isEqualTo(maps);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gpt_neox.layers.0.attention.query_key_value.weight 144x48|alternate by head",
        "model.layers.0.attention.wqkv.weight 144x48|alternate by head",
        "transformer.h.0.attn.qkv_proj.weight 144x48|differs by model",
        "h.0.attn.c_attn.weight 100x48|cannot be told",
        "h.0.attn.c_attn.weight 100x48; h.0.attn.c_proj.weight 48x48|cannot be told",
        "h.0.attn.c_attn.weight 49x48; h.0.attn.c_proj.weight 48x48|cannot be told",
      })
  void leavesWhatIsNot(String model, String reason) {
    FusedMaps fused =
        FusedMaps.of(model.split(" ", -1)[0], shapes(model), Optional.empty()).orElseThrow();
    assertThat(fused.maps()).isEmpty();
    assertThat(fused.reason()).startsWith("measured as a whole: ").contains(reason);
    assertThat(fused.contradicted()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "h.0.self_attention.query_key_value.weight, true",
    "h/0/self_attention/query_key_value/kernel, true",
    "layers.0.attention.query_key_value.bias, true",
    "model.layers.0.attention.wqkv.weight, true",
    "transformer.blocks.0.attn.Wqkv.weight, false",
    "h.0.attn.c_attn.weight, false",
    "fc.weight, false",
  })
  void someNamesNeedTheNumberOfHeads(String name, boolean needed) {
    assertThat(FusedMaps.needsHeads(name)).isEqualTo(needed);
  }

  @Test
  void partsFollowOneAnother() {
    FusedMaps fused =
        FusedMaps.of("qkv.weight", shapes("qkv.weight 30x10"), Optional.empty()).orElseThrow();
    long next = 0;
    for (FusedMaps.Part part : fused.maps()) {
      assertThat(part.from()).isEqualTo(next);
      next += part.count();
    }
    assertThat(next).isEqualTo(30);
  }
}
