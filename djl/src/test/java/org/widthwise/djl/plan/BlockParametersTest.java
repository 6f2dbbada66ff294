package org.widthwise.djl.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.modality.nlp.DefaultVocabulary;
import ai.djl.modality.nlp.embedding.TrainableWordEmbedding;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv1d;
import ai.djl.nn.convolutional.Conv1dTranspose;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.convolutional.Conv2dTranspose;
import ai.djl.nn.convolutional.Conv3d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.core.LinearCollection;
import ai.djl.nn.core.Multiplication;
import ai.djl.nn.core.Prelu;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.GhostBatchNorm;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.nn.recurrent.GRU;
import ai.djl.nn.recurrent.LSTM;
import ai.djl.nn.recurrent.RNN;
import ai.djl.nn.transformer.ScaledDotProductAttentionBlock;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.widthwise.core.shape.Fans;
import org.widthwise.core.shape.Layer;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.core.shape.Role;

/**
 * Against what each block computes, worked out by hand: which map its weight is, with which fans,
 * and how many of them are stacked.
 */
class BlockParametersTest {

  @Test
  void linearMapsInputsToUnits() {
    assertThat(described(linear(5), new Shape(2, 3)))
        .containsExactly(Map.entry("weight", "matrix 3 → 5"), Map.entry("bias", "bias 1 → 5"));
    assertThat(described(Linear.builder().setUnits(5).optBias(false).build(), new Shape(2, 7, 3)))
        .containsExactly(Map.entry("weight", "matrix 3 → 5"));
  }

  @Test
  void aCollectionStacksOneMatrixForEachSplit() {
    assertThat(described(LinearCollection.builder().setUnits(5).build(), new Shape(2, 4, 3)))
        .containsExactly(
            Map.entry("weight", "matrix 3 → 5 × 4"), Map.entry("bias", "bias 1 → 5 × 4"));
    BlockParameter weight =
        read(LinearCollection.builder().setUnits(5).build(), new Shape(2, 4, 3)).get(0);
    assertThat(weight.parameter().getShape()).isEqualTo(new Shape(4, 3, 5));
    assertThat(weight.view()).isEqualTo(MatrixView.inputFirst(4, 5, 3, 1));
  }

  @Test
  void aConvolutionMapsChannelsAtEachKernelPosition() {
    assertThat(
            described(
                Conv1d.builder().setFilters(8).setKernelShape(new Shape(3)).build(),
                new Shape(2, 6, 20)))
        .containsExactly(
            Map.entry("weight", "convolution 6 → 8, kernel 3"), Map.entry("bias", "bias 1 → 8"));
    assertThat(
            described(
                Conv2d.builder().setFilters(8).setKernelShape(new Shape(3, 5)).build(),
                new Shape(2, 6, 20, 20)))
        .containsEntry("weight", "convolution 6 → 8, kernel 15");
    assertThat(
            described(
                Conv3d.builder()
                    .setFilters(8)
                    .setKernelShape(new Shape(2, 2, 2))
                    .optBias(false)
                    .build(),
                new Shape(2, 6, 9, 9, 9)))
        .containsExactly(Map.entry("weight", "convolution 6 → 8, kernel 8"));
  }

  @Test
  void groupsAreMapsOfTheirOwn() {
    Conv2d depthwise =
        Conv2d.builder().setFilters(12).setKernelShape(new Shape(3, 3)).optGroups(6).build();
    BlockParameter weight = read(depthwise, new Shape(2, 6, 20, 20)).get(0);
    assertThat(describe(weight.shape())).isEqualTo("convolution 1 → 2 × 6, kernel 9");
    assertThat(weight.view()).isEqualTo(MatrixView.matrices(6, 2, 9));
  }

  @Test
  void aTransposedConvolutionMapsTheOtherWayRound() {
    assertThat(
            described(
                Conv2dTranspose.builder().setFilters(8).setKernelShape(new Shape(3, 3)).build(),
                new Shape(2, 6, 20, 20)))
        .containsExactly(
            Map.entry("weight", "transposed-convolution 6 → 8, kernel 9"),
            Map.entry("bias", "bias 1 → 8"));
    Conv1dTranspose grouped =
        Conv1dTranspose.builder().setFilters(8).setKernelShape(new Shape(4)).optGroups(2).build();
    BlockParameter weight = read(grouped, new Shape(2, 6, 20)).get(0);
    assertThat(describe(weight.shape())).isEqualTo("transposed-convolution 3 → 4 × 2, kernel 4");
    assertThat(weight.view()).isEqualTo(MatrixView.inputFirst(2, 4, 3, 4));
  }

  @Test
  void anEmbeddingIsLookedUp() {
    assertThat(described(words(16), new Shape(2, 7)))
        .containsExactly(Map.entry("embedding", "embedding 1 → 16"));
  }

  @Test
  void normsHaveGainsAndBiasesAndTheirStatisticsAreNotTrained() {
    for (Block norm :
        List.of(
            LayerNorm.builder().axis(1).build(),
            BatchNorm.builder().build(),
            GhostBatchNorm.builder().build())) {
      assertThat(described(norm, new Shape(2, 6)))
          .as(norm.getClass().getSimpleName())
          .containsExactly(Map.entry("gamma", "gain 1 → 6"), Map.entry("beta", "bias 1 → 6"));
    }
    assertThat(described(BatchNorm.builder().optScale(false).build(), new Shape(2, 6)))
        .containsExactly(Map.entry("beta", "bias 1 → 6"));
  }

  @Test
  void gatesAreStackedMaps() {
    Shape input = new Shape(2, 9, 3);
    Map<Block, Integer> gates =
        Map.of(
            RNN.builder()
                .setStateSize(5)
                .setNumLayers(2)
                .setActivation(RNN.Activation.TANH)
                .build(),
            1,
            GRU.builder().setStateSize(5).setNumLayers(2).build(),
            3,
            LSTM.builder().setStateSize(5).setNumLayers(2).build(),
            4);
    gates.forEach(
        (block, count) -> {
          String maps = count == 1 ? "" : " × " + count;
          assertThat(described(block, input))
              .as(block.getClass().getSimpleName())
              .containsExactly(
                  Map.entry("l_0_i2h_WEIGHT", "matrix 3 → 5" + maps),
                  Map.entry("l_0_h2h_WEIGHT", "matrix 5 → 5" + maps),
                  Map.entry("l_0_i2h_BIAS", "bias 1 → 5" + maps),
                  Map.entry("l_0_h2h_BIAS", "bias 1 → 5" + maps),
                  Map.entry("l_1_i2h_WEIGHT", "matrix 5 → 5" + maps),
                  Map.entry("l_1_h2h_WEIGHT", "matrix 5 → 5" + maps),
                  Map.entry("l_1_i2h_BIAS", "bias 1 → 5" + maps),
                  Map.entry("l_1_h2h_BIAS", "bias 1 → 5" + maps));
        });
  }

  @Test
  void ofARecurrentBlockOnlyTheFirstInputWeightsReadTheData() {
    LSTM lstm = LSTM.builder().setStateSize(5).setNumLayers(2).optBidirectional(true).build();
    ShapesOnly.initialized(lstm, new Shape(2, 9, 3));
    assertThat(layers(BlockParameters.of(lstm).input(lstm)))
        .containsEntry("l_0_i2h_WEIGHT", Layer.INPUT)
        .containsEntry("r_0_i2h_WEIGHT", Layer.INPUT)
        .containsEntry("l_0_h2h_WEIGHT", Layer.HIDDEN)
        .containsEntry("l_1_i2h_WEIGHT", Layer.HIDDEN)
        .containsEntry("r_1_h2h_WEIGHT", Layer.HIDDEN);
  }

  @Test
  void attentionIsFourMatrices() {
    ScaledDotProductAttentionBlock attention =
        ScaledDotProductAttentionBlock.builder().setEmbeddingSize(8).setHeadCount(2).build();
    assertThat(described(attention, new Shape(2, 5, 8)))
        .containsExactly(
            Map.entry("01keyProjection_weight", "matrix 8 → 8"),
            Map.entry("01keyProjection_bias", "bias 1 → 8"),
            Map.entry("02queryProjection_weight", "matrix 8 → 8"),
            Map.entry("02queryProjection_bias", "bias 1 → 8"),
            Map.entry("03valueProjection_weight", "matrix 8 → 8"),
            Map.entry("03valueProjection_bias", "bias 1 → 8"),
            Map.entry("04resultProjection_weight", "matrix 8 → 8"),
            Map.entry("04resultProjection_bias", "bias 1 → 8"));
  }

  @Test
  void smallThings() {
    assertThat(described(new Prelu(), new Shape(2, 3)))
        .containsExactly(Map.entry("alpha", "scalar 1 → 1"));
    assertThat(described(Multiplication.builder().setUnits(3).build(), new Shape(2, 6)))
        .containsExactly(Map.entry("weight", "gain 1 → 6 × 3"));
  }

  @Test
  void layersAreSaidOrElseHidden() {
    Linear first = linear(16);
    Linear last = linear(4);
    SequentialBlock network = perceptron(first, last);
    ShapesOnly.initialized(network, new Shape(2, 3));
    assertThat(layers(BlockParameters.of(network).input(first).readout(last)))
        .containsExactly(
            Map.entry("01Linear_weight", Layer.INPUT),
            Map.entry("01Linear_bias", Layer.INPUT),
            Map.entry("02Linear_weight", Layer.HIDDEN),
            Map.entry("02Linear_bias", Layer.HIDDEN),
            Map.entry("03Linear_weight", Layer.READOUT),
            Map.entry("03Linear_bias", Layer.READOUT));
  }

  @Test
  void layersAreFoundByComparison() {
    Block narrow = ShapesOnly.initialized(perceptron(linear(8), linear(4)), new Shape(2, 3));
    SequentialBlock network = new SequentialBlock();
    network.add(linear(32)).add(linear(64));
    Block wide = ShapesOnly.initialized(network.add(linear(4)), new Shape(2, 3));
    assertThat(layers(BlockParameters.of(wide).comparedWith(narrow)))
        .containsExactly(
            Map.entry("01Linear_weight", Layer.INPUT),
            Map.entry("01Linear_bias", Layer.HIDDEN),
            Map.entry("02Linear_weight", Layer.HIDDEN),
            Map.entry("02Linear_bias", Layer.HIDDEN),
            Map.entry("03Linear_weight", Layer.READOUT),
            Map.entry("03Linear_bias", Layer.READOUT));
    Block other = ShapesOnly.initialized(linear(8), new Shape(2, 3));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BlockParameters.of(wide).comparedWith(other).all())
        .withMessageContaining("01Linear_weight");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BlockParameters.of(wide).comparedWith(wide).all())
        .withMessageContaining("'01Linear_weight', matrix of shape [32, 3], is as large");
  }

  @Test
  void nothingIsGuessed() {
    Linear linear = ShapesOnly.initialized(linear(5), new Shape(2, 3));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BlockParameters.of(linear).all())
        .withMessageContaining("nothing says where 'weight' of shape (5, 3) stands")
        .withMessageContaining("comparedWith");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BlockParameters.of(linear).input(linear(5)))
        .withMessageContaining("not in the tree");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BlockParameters.of(linear).input(linear).readout(linear))
        .withMessageContaining("input")
        .withMessageContaining("readout");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BlockParameters.of(linear(5)).othersHidden().all())
        .withMessageContaining("block.initialize");
    SequentialBlock network = perceptron(linear(4), linear(4));
    ShapesOnly.initialized(network, new Shape(2, 3));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BlockParameters.of(network).input(network))
        .withMessageContaining("name the block below it");
  }

  @Test
  void whatIsFrozenIsLeftOut() {
    Linear first = linear(16);
    SequentialBlock network = perceptron(first, linear(4));
    ShapesOnly.initialized(network, new Shape(2, 3));
    first.freezeParameters(true);
    assertThat(layers(BlockParameters.of(network).othersHidden()).keySet())
        .containsExactly("02Linear_weight", "02Linear_bias", "03Linear_weight", "03Linear_bias");
  }

  @Test
  void anUnknownTypeIsDeclared() {
    Table block = new Table(null, new Shape(6, 4));
    ShapesOnly.initialized(block, new Shape(2, 4));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BlockParameters.of(block).othersHidden().all())
        .withMessageContaining("'table' of shape (6, 4) in a Table")
        .withMessageContaining("declare(name, role, layer)");
    BlockParameters declared =
        BlockParameters.of(block).declare("table", Role.MATRIX, Layer.READOUT, 2);
    assertThat(describe(shape(shapes(declared), "table"))).isEqualTo("matrix 4 → 3 × 2");
    assertThat(layers(declared)).containsEntry("table", Layer.READOUT);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> BlockParameters.of(block).declare("table", Role.CONVOLUTION, Layer.HIDDEN).all())
        .withMessageContaining("'table'")
        .withMessageContaining("3 to 5 dimensions");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> BlockParameters.of(block).declare("table", Role.MATRIX, Layer.HIDDEN, 4).all())
        .withMessageContaining("4 equal maps");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> BlockParameters.of(block).declare("tabel", Role.MATRIX, Layer.HIDDEN).all())
        .withMessageContaining("no trained parameter is named tabel; there are [table]");
  }

  @Test
  void aSharedTableIsTiedAndASharedBlockCountsOnce() {
    TrainableWordEmbedding words = words(16);
    Parameter table = words.getDirectParameters().get("embedding");
    SequentialBlock network = new SequentialBlock();
    network.add(words).add(new Table(table, new Shape()));
    ShapesOnly.initialized(network, new Shape(2, 7));
    Map<String, ParameterShape> shapes = shapes(BlockParameters.of(network).othersHidden());
    assertThat(shapes.keySet()).containsExactly("01TrainableWordEmbedding_embedding");
    assertThat(shape(shapes, "01TrainableWordEmbedding_embedding").role())
        .isEqualTo(Role.TIED_EMBEDDING);

    Linear twice = linear(3);
    SequentialBlock loop = new SequentialBlock().add(twice).add(twice);
    ShapesOnly.initialized(loop, new Shape(2, 3));
    assertThat(shapes(BlockParameters.of(loop).othersHidden()).keySet())
        .containsExactly("01Linear_weight", "01Linear_bias");
  }

  @Test
  void idsAreThoseOfDjl() {
    Linear linear = ShapesOnly.initialized(linear(5), new Shape(2, 3));
    for (BlockParameter one : BlockParameters.of(linear).othersHidden().all()) {
      assertThat(one.id()).isEqualTo(linear.getDirectParameters().get(one.name()).getId());
    }
  }

  private static Linear linear(long units) {
    return Linear.builder().setUnits(units).build();
  }

  private static SequentialBlock perceptron(Linear first, Linear last) {
    return new SequentialBlock().add(first).add(linear(16)).add(last);
  }

  private static TrainableWordEmbedding words(int width) {
    return TrainableWordEmbedding.builder()
        .setVocabulary(DefaultVocabulary.builder().add(List.of("a", "b")).build())
        .setEmbeddingSize(width)
        .build();
  }

  private static List<BlockParameter> read(Block block, Shape input) {
    return BlockParameters.of(ShapesOnly.initialized(block, input)).othersHidden().all();
  }

  private static Map<String, String> described(Block block, Shape input) {
    Map<String, String> described = new LinkedHashMap<>();
    read(block, input).forEach(one -> described.put(one.name(), describe(one.shape())));
    return described;
  }

  /** "role fan-in → fan-out × maps, kernel area". */
  private static String describe(ParameterShape shape) {
    Fans fans = shape.fans();
    return "%s %d → %d%s%s"
        .formatted(
            shape.role().id(),
            fans.fanIn(),
            fans.fanOut(),
            shape.maps() == 1 ? "" : " × " + shape.maps(),
            shape.kernelArea() == 1 ? "" : ", kernel " + shape.kernelArea());
  }

  private static Map<String, ParameterShape> shapes(BlockParameters parameters) {
    Map<String, ParameterShape> shapes = new LinkedHashMap<>();
    parameters.parameters().forEach(one -> shapes.put(one.name(), one.shape()));
    return shapes;
  }

  private static ParameterShape shape(Map<String, ParameterShape> shapes, String name) {
    ParameterShape shape = shapes.get(name);
    if (shape == null) {
      throw new AssertionError("no " + name + " among " + shapes.keySet());
    }
    return shape;
  }

  private static Map<String, Layer> layers(BlockParameters parameters) {
    Map<String, Layer> layers = new LinkedHashMap<>();
    shapes(parameters).forEach((name, shape) -> layers.put(name, shape.layer()));
    return layers;
  }

  /** A block of a type of its own, with a parameter of its own or of another block. */
  private static final class Table extends AbstractBlock {

    Table(@Nullable Parameter shared, Shape shape) {
      addParameter(
          shared != null
              ? shared
              : Parameter.builder()
                  .setName("table")
                  .setType(Parameter.Type.WEIGHT)
                  .optShape(shape)
                  .build());
    }

    @Override
    protected NDList forwardInternal(
        ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputs) {
      return inputs;
    }
  }
}
