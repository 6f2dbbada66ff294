package org.widthwise.audit.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.widthwise.audit.UntrustedText;

/** Parameters of published models, with the shapes that they have there. */
class NameHintsTest {

  private static final String LLAMA =
      """
      model.embed_tokens.weight                       32000,4096  EMBEDDING
      model.layers.0.self_attn.q_proj.weight          4096,4096   MATRIX
      model.layers.0.self_attn.o_proj.weight          4096,4096   MATRIX
      model.layers.31.mlp.gate_proj.weight            11008,4096  MATRIX
      model.layers.31.mlp.down_proj.weight            4096,11008  MATRIX
      model.layers.0.input_layernorm.weight           4096        GAIN
      model.layers.0.post_attention_layernorm.weight  4096        GAIN
      model.layers.0.self_attn.q_norm.weight          128         GAIN
      model.layers.0.self_attn.q_proj.bias            4096        BIAS
      model.layers.0.self_attn.rotary_emb.inv_freq    64          UNKNOWN
      model.norm.weight                               4096        GAIN
      lm_head.weight                                  32000,4096  READOUT
      tok_embeddings.weight                           32000,4096  EMBEDDING
      layers.0.attention.wo.weight                    4096,4096   MATRIX
      layers.0.feed_forward.w1.weight                 11008,4096  MATRIX
      layers.0.ffn_norm.weight                        4096        GAIN
      output.weight                                   32000,4096  READOUT
      score.weight                                    2,4096      READOUT
      model.layers.0.block_sparse_moe.gate.weight     8,4096      MATRIX
      model.layers.0.mlp.experts.gate_up_proj         32,2880,5760  UNKNOWN
      """;
  private static final String GPT_2 =
      """
      wte.weight                                      50257,768   EMBEDDING
      transformer.wpe.weight                          1024,768    EMBEDDING
      h.0.attn.bias                                   1,1,1024,1024  UNKNOWN
      transformer.h.0.attn.masked_bias                -           UNKNOWN
      transformer.h.0.ln_1.weight                     768         GAIN
      transformer.h.0.ln_1.bias                       768         BIAS
      transformer.h.0.attn.c_attn.weight              768,2304    MATRIX INPUT_FIRST
      transformer.h.0.attn.c_attn.bias                2304        BIAS
      transformer.h.0.attn.c_proj.weight              768,768     MATRIX
      transformer.h.0.mlp.c_fc.weight                 768,3072    MATRIX INPUT_FIRST
      transformer.h.0.mlp.c_proj.weight               3072,768    MATRIX INPUT_FIRST
      ln_f.weight                                     768         GAIN
      _orig_mod.transformer.h.0.attn.c_attn.weight    2304,768    MATRIX
      _orig_mod.transformer.h.0.mlp.c_fc.weight       3072,768    MATRIX
      _orig_mod.transformer.h.0.mlp.c_proj.weight     768,3072    MATRIX
      _orig_mod.lm_head.weight                        50304,768   READOUT
      """;
  private static final String GPT_NEOX_AND_GPT_J =
      """
      gpt_neox.embed_in.weight                        50432,512   EMBEDDING
      gpt_neox.layers.0.attention.query_key_value.weight  1536,512  MATRIX
      gpt_neox.layers.0.attention.dense.weight        512,512     MATRIX
      gpt_neox.layers.0.attention.rotary_emb.inv_freq 8           UNKNOWN
      gpt_neox.layers.0.mlp.dense_h_to_4h.weight      2048,512    MATRIX
      gpt_neox.layers.0.input_layernorm.bias          512         BIAS
      gpt_neox.final_layer_norm.weight                512         GAIN
      embed_out.weight                                50432,512   READOUT
      transformer.h.0.mlp.fc_out.weight               4096,16384  MATRIX
      transformer.h.0.attn.out_proj.weight            4096,4096   MATRIX
      lm_head.bias                                    50400       BIAS
      fc_out.weight                                   50400,4096  READOUT
      decoder.output_projection.weight                50400,4096  READOUT
      """;
  private static final String GGUF =
      """
      token_embd.weight                               32000,4096  EMBEDDING
      position_embd.weight                            1024,768    EMBEDDING
      token_embd_norm.weight                          1024        GAIN
      blk.0.attn_norm.weight                          4096        GAIN
      blk.0.attn_q.weight                             4096,4096   MATRIX
      blk.0.attn_q.bias                               4096        BIAS
      blk.0.attn_output.weight                        4096,4096   MATRIX
      blk.0.attn_qkv.weight                           6144,4096   MATRIX
      blk.31.ffn_gate.weight                          11008,4096  MATRIX
      blk.31.ffn_down.weight                          4096,11008  MATRIX
      blk.0.ffn_gate_inp.weight                       8,4096      MATRIX
      blk.0.ffn_up_exps.weight                        8,14336,4096  UNKNOWN
      blk.0.ssm_a                                     5120,16     UNKNOWN
      output_norm.weight                              4096        GAIN
      output.weight                                   32000,4096  READOUT
      """;
  private static final String BERT_AND_T5 =
      """
      bert.embeddings.word_embeddings.weight          30522,768   EMBEDDING
      bert.embeddings.position_embeddings.weight      512,768     EMBEDDING
      bert.embeddings.token_type_embeddings.weight    2,768       EMBEDDING
      bert.embeddings.LayerNorm.weight                768         GAIN
      bert.embeddings.LayerNorm.gamma                 768         GAIN
      bert.embeddings.LayerNorm.beta                  768         BIAS
      bert.encoder.layer.0.attention.self.query.weight  768,768   MATRIX
      bert.encoder.layer.0.attention.output.dense.weight  768,768  MATRIX
      bert.encoder.layer.0.attention.output.LayerNorm.bias  768   BIAS
      bert.encoder.layer.0.intermediate.dense.weight  3072,768    MATRIX
      bert.encoder.layer.0.output.dense.weight        768,3072    MATRIX
      bert.pooler.dense.weight                        768,768     MATRIX
      cls.predictions.transform.dense.weight          768,768     MATRIX
      cls.predictions.decoder.weight                  30522,768   READOUT
      cls.predictions.bias                            30522       BIAS
      cls.seq_relationship.weight                     2,768       READOUT
      classifier.weight                               3,768       READOUT
      pre_classifier.weight                           768,768     MATRIX
      classifier.dense.weight                         768,768     MATRIX
      classifier.out_proj.weight                      3,768       READOUT
      lm_head.dense.weight                            768,768     MATRIX
      lm_head.layer_norm.weight                       768         GAIN
      lm_head.decoder.weight                          50265,768   READOUT
      qa_outputs.weight                               2,768       READOUT
      embeddings_project.weight                       256,128     MATRIX
      encoder.embedding_hidden_mapping_in.weight      768,128     MATRIX
      bert/encoder/layer_0/output/dense/kernel        3072,768    MATRIX INPUT_FIRST
      shared.weight                                   32128,512   EMBEDDING
      encoder.block.0.layer.0.SelfAttention.q.weight  512,512     MATRIX
      encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight  32,8  EMBEDDING
      encoder.block.0.layer.1.DenseReluDense.wi.weight  2048,512  MATRIX
      encoder.final_layer_norm.weight                 512         GAIN
      """;
  private static final String VISION =
      """
      cls_token                                       1,1,768     EMBEDDING
      pos_embed                                       1,197,768   EMBEDDING
      mask_token                                      1,768       EMBEDDING
      patch_embed.proj.weight                         768,3,16,16 CONVOLUTION
      patch_embed.proj.bias                           768         BIAS
      blocks.0.norm1.weight                           768         GAIN
      blocks.0.attn.qkv.weight                        2304,768    MATRIX
      blocks.0.attn.proj.weight                       768,768     MATRIX
      blocks.0.ls1.gamma                              768         GAIN
      blocks.11.mlp.fc2.weight                        768,3072    MATRIX
      head.weight                                     1000,768    READOUT
      head.bias                                       1000        BIAS
      heads.head.weight                               1000,768    READOUT
      head.fc.weight                                  1000,768    READOUT
      head_dist.weight                                1000,768    READOUT
      encoder.layers.encoder_layer_0.self_attention.in_proj_weight  2304,768  MATRIX
      encoder.layers.encoder_layer_0.self_attention.in_proj_bias    2304      BIAS
      vit.embeddings.patch_embeddings.projection.weight  768,3,16,16  CONVOLUTION
      vit.embeddings.position_embeddings              1,197,768   EMBEDDING
      vision_model.embeddings.class_embedding         768         EMBEDDING
      vision_model.embeddings.patch_embedding.weight  1152,768    MATRIX
      logit_scale                                     -           SCALAR
      layers.0.blocks.0.attn.relative_position_bias_table  169,3  EMBEDDING
      conv1.weight                                    64,3,7,7    CONVOLUTION
      bn1.weight                                      64          GAIN
      bn1.bias                                        64          BIAS
      bn1.running_mean                                64          UNKNOWN
      bn1.running_var                                 64          UNKNOWN
      bn1.num_batches_tracked                         -           UNKNOWN
      layer1.0.conv1.weight                           64,64,3,3   CONVOLUTION
      layer2.0.downsample.0.weight                    128,64,1,1  CONVOLUTION
      layer2.0.downsample.1.weight                    128         GAIN
      fc.weight                                       1000,512    READOUT
      fc.bias                                         1000        BIAS
      features.0.weight                               64,3,3,3    CONVOLUTION
      module.fc.weight                                1000,2048   READOUT
      video.conv.weight                               64,3,3,7,7  CONVOLUTION
      last.weight                                     1,64,3,3    CONVOLUTION
      conv.weight_g                                   64,1,1,1    GAIN
      """;
  private static final String MAMBA =
      """
      backbone.embedding.weight                       50280,768   EMBEDDING
      backbone.layers.0.mixer.in_proj.weight          3072,768    MATRIX
      backbone.layers.0.mixer.conv1d.weight           1536,1,4    CONVOLUTION
      backbone.layers.0.mixer.conv1d.bias             1536        BIAS
      backbone.layers.0.mixer.x_proj.weight           80,1536     MATRIX
      backbone.layers.0.mixer.dt_proj.weight          1536,48     MATRIX
      backbone.layers.0.mixer.dt_proj.bias            1536        BIAS
      backbone.layers.0.mixer.dt_bias                 24          BIAS
      backbone.layers.0.mixer.A_log                   1536,16     UNKNOWN
      backbone.layers.0.mixer.D                       1536        GAIN
      backbone.layers.0.mixer.out_proj.weight         768,1536    MATRIX
      backbone.layers.0.norm.weight                   768         GAIN
      backbone.norm_f.weight                          768         GAIN
      """;
  private static final String PLAIN =
      """
      fc1.weight                                      64,3072     MATRIX
      fc1.bias                                        64          BIAS
      0.weight                                        64,3072     MATRIX
      0.bias                                          64          BIAS
      layers.0.weight                                 64,3072     MATRIX
      W1                                              64,3072     MATRIX
      W2                                              1,64        MATRIX
      b1                                              64          BIAS
      b2                                              1,64        BIAS
      bias                                            64          BIAS
      weight                                          64,3072     MATRIX
      readout.weight                                  10,64       READOUT
      out.weight                                      10,64       READOUT
      to_logits.weight                                10,64       READOUT
      unembed.W_U                                     64,100      READOUT
      embed.W_E                                       100,64      EMBEDDING
      blocks.0.mlp.W_out                              256,64      MATRIX
      blocks.0.attn.W_Q                               8,64,8      UNKNOWN
      decoder.blocks.0.attn.out.weight                512,512     MATRIX
      overhead.weight                                 64,64       MATRIX
      outer.weight                                    64,64       MATRIX
      remember.weight                                 64,64       MATRIX
      embedding_norm.weight                           64          GAIN
      rnn.weight_ih_l0                                256,64      MATRIX
      rnn.bias_hh_l0                                  256         BIAS
      params/Dense_0/kernel                           3072,64     MATRIX INPUT_FIRST
      params/Conv_0/kernel                            3,3,3,64    CONVOLUTION INPUT_FIRST
      params/LayerNorm_0/scale                        64          GAIN
      params/wte/embedding                            100,64      EMBEDDING
      anything                                        2,2,2,2,2,2 UNKNOWN
      alpha                                           7           UNKNOWN
      gate.weight                                     1,1         SCALAR
      features.0.1.layer_scale                        96,1,1      GAIN
      layers.0.blocks.0.attn.logit_scale              3,1,1       GAIN
      norm.weight                                     1,64,1,1    GAIN
      moe.w_up                                        8,256,128   UNKNOWN
      first                                           16,3,5,5    CONVOLUTION
      conv_taps                                       16,8,5      CONVOLUTION
      """;
  private static final String FLAX_AND_KERAS =
      """
      params/attention_0/query/kernel                 64,4,16     MATRIX INPUT_THEN_HEADS
      params/attention_0/query/bias                   4,16        BIAS
      params/attention_0/out/kernel                   4,16,64     MATRIX HEADS_THEN_OUTPUT
      params/out/kernel                               5,16,64     CONVOLUTION INPUT_FIRST
      mha/attention_output/kernel                     4,16,64     MATRIX HEADS_THEN_OUTPUT
      lstm_cell/kernel                                12,128      MATRIX INPUT_FIRST
      lstm_cell/recurrent_kernel                      32,128      MATRIX INPUT_FIRST
      separable/depthwise_kernel                      3,3,16,2    CONVOLUTION DEPTHWISE
      separable/pointwise_kernel                      1,1,32,64   CONVOLUTION INPUT_FIRST
      """;

  static Stream<Arguments> parameters() {
    return Stream.of(
            LLAMA,
            GPT_2,
            GGUF,
            GPT_NEOX_AND_GPT_J,
            BERT_AND_T5,
            VISION,
            MAMBA,
            PLAIN,
            FLAX_AND_KERAS)
        .flatMap(String::lines)
        .map(
            line -> {
              String[] cells = line.split(" +", -1);
              return Arguments.of(
                  cells[0], cells[1], cells[2], cells.length > 3 ? cells[3] : "OUTPUT_FIRST");
            });
  }

  @ParameterizedTest(name = "{0} [{1}] {2}")
  @MethodSource("parameters")
  void knowsTheFamilies(String name, String shape, ParameterKind kind, AxisOrder order) {
    NameHint hint = NameHints.of(name, shape(shape));

    assertThat(hint.kind()).as(hint.reason()).isEqualTo(kind);
    assertThat(hint.order()).isEqualTo(order);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "lm_head.weight | 9,4 | two axes, and the name's \"lm_head\"",
        "a.ln_1.bias | 4 | one axis, and the name's \"bias\"",
        "a.ln_1.weight | 4 | one axis, of the norm \"ln_1\"",
        "conv.weight | 4,3,3,3 | 4 axes",
        "classifier.0.weight | 4,4 | two axes, one of the layers of \"classifier\", perhaps not the"
            + " last",
        "mixer.A_log | 4,2 | \"A_log\" of a state-space layer acts entry by entry, no matrix",
        "x.inv_freq | 8 | \"inv_freq\" is kept, not trained",
        "optimizer.state.0.exp_avg | 64,32 | \"exp_avg\" is kept, not trained",
        "optimizer.state.0.row | 64,32 | a part of \"optimizer\""
      })
  void givesTheReason(String name, String shape, String reason) {
    assertThat(NameHints.of(name, shape(shape)).reason()).isEqualTo(reason);
  }

  @Test
  void findsTheLastLayerOfAClassifier() {
    List<DeclaredParameter> vgg =
        List.of(
            parameter("features.0.weight", 64, 3, 3, 3),
            parameter("classifier.6.bias", 1000),
            parameter("classifier.0.weight", 4096, 25088),
            parameter("classifier.10.weight", 1000, 4096),
            parameter("classifier.3.weight", 4096, 4096),
            parameter("layers.0.weight", 7, 7));

    Map<String, NameHint> hints = NameHints.of(vgg);

    assertThat(hints.keySet()).containsExactlyElementsOf(vgg.stream().map(p -> p.name()).toList());
    assertThat(hints.values())
        .extracting(NameHint::kind)
        .containsExactly(
            ParameterKind.CONVOLUTION,
            ParameterKind.BIAS,
            ParameterKind.MATRIX,
            ParameterKind.READOUT,
            ParameterKind.MATRIX,
            ParameterKind.MATRIX);
    assertThat(hints)
        .hasEntrySatisfying(
            "classifier.10.weight",
            hint -> assertThat(hint.reason()).isEqualTo("the last layer of \"classifier\""));
  }

  @Test
  void takesAnyNameInOneLine() {
    for (String name :
        List.of("", ".", "...", "/", "weight.", "\n\u202e_head.weight", "_", "__", "_weight")) {
      for (List<Long> shape : List.of(List.<Long>of(), List.of(2L), List.of(2L, 3L))) {
        String reason = NameHints.of(name, shape).reason();
        assertThat(reason).isEqualTo(UntrustedText.escape(reason)).isNotBlank();
      }
    }
  }

  @Test
  void refusesImpossibleShapes() {
    assertThatThrownBy(() -> NameHints.of("a", List.of(2L, 0L)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("shape [2, 0] has the dimension 0, must be 1 or more");
  }

  private static List<Long> shape(String cell) {
    return cell.equals("-")
        ? List.of()
        : Arrays.stream(cell.split(",", -1)).map(Long::valueOf).toList();
  }

  private static DeclaredParameter parameter(String name, long... shape) {
    return new DeclaredParameter(
        name, Arrays.stream(shape).boxed().toList(), Optional.empty(), Optional.empty());
  }

  /** As plans name the maps of a fused projection, which are unequal with grouped queries. */
  @Test
  void partsAreWhatTheWholeIs() {
    for (String part : List.of("query", "key", "value")) {
      String owner = "layers.0.attention.wqkv.";
      assertThat(NameHints.of(owner + "weight[" + part + "]", List.of(16L, 64L)).kind())
          .isEqualTo(ParameterKind.MATRIX);
      assertThat(NameHints.of(owner + "bias[" + part + "]", List.of(16L)).kind())
          .isEqualTo(NameHints.of(owner + "bias", List.of(96L)).kind())
          .isEqualTo(ParameterKind.BIAS);
    }
  }
}
