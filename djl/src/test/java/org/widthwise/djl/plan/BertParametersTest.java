package org.widthwise.djl.plan;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.nn.transformer.BertBlock;
import ai.djl.nn.transformer.BertPretrainingBlock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.widthwise.core.shape.Fans;

/** BERT works out some of its shapes by running functions, which needs an engine. */
@Tag("engine")
class BertParametersTest {

  @Test
  void ofBertEveryParameterIsKnown() {
    BertBlock bert = ShapesOnly.initialized(bert(8).build(), tokens(), tokens(), tokens());
    List<BlockParameter> all = BlockParameters.of(bert).othersHidden().all();
    assertThat(all.stream().map(BlockParameter::parameter).toList())
        .containsExactlyInAnyOrderElementsOf(
            bert.getParameters().values().stream().filter(Parameter::requiresGradient).toList());
    assertThat(described(all))
        .containsEntry("positionEmbedding", "embedding, input, 1 → 8")
        .containsEntry("01tokenEmbedding_embedding", "embedding, input, 1 → 8")
        .containsEntry("02typeEmbedding_embedding", "embedding, input, 1 → 8")
        .containsEntry("03embeddingNorm_gamma", "gain, hidden, 1 → 8")
        .containsEntry("05transformer_0_03outputBlock_01Linear_weight", "matrix, hidden, 8 → 32");
  }

  @Test
  void theLanguageModelOfBertReadsOutItsTokenEmbedding() {
    BertPretrainingBlock block =
        ShapesOnly.initialized(
            new BertPretrainingBlock(bert(8)), tokens(), tokens(), new Shape(2, 3), tokens());
    Map<String, String> described = described(BlockParameters.of(block).othersHidden().all());
    assertThat(described)
        .containsEntry("01Bert_01tokenEmbedding_embedding", "tied-embedding, input, 1 → 8")
        .containsEntry("01Bert_02typeEmbedding_embedding", "embedding, input, 1 → 8")
        .containsEntry("02BertMaskedLanguageModelBlock_dictionaryBias", "bias, readout, 1 → 50")
        .containsEntry(
            "03BertNextSentenceBlock_01binaryClassifier_weight", "matrix, readout, 8 → 2");
  }

  private static BertBlock.Builder bert(int width) {
    return BertBlock.builder()
        .setTokenDictionarySize(50)
        .optTypeDictionarySize(2)
        .optEmbeddingSize(width)
        .optAttentionHeadCount(2)
        .optTransformerBlockCount(1)
        .optHiddenSize(4 * width)
        .optMaxSequenceLength(7);
  }

  private static Shape tokens() {
    return new Shape(2, 7);
  }

  private static Map<String, String> described(List<BlockParameter> parameters) {
    Map<String, String> described = new LinkedHashMap<>();
    for (BlockParameter one : parameters) {
      Fans fans = one.shape().fans();
      described.put(
          one.name(),
          "%s, %s, %d → %d"
              .formatted(
                  one.shape().role().id(), one.shape().layer().id(), fans.fanIn(), fans.fanOut()));
    }
    return described;
  }
}
