package org.widthwise.djl.example;

import ai.djl.modality.nlp.DefaultVocabulary;
import ai.djl.modality.nlp.embedding.TrainableWordEmbedding;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.nn.transformer.ScaledDotProductAttentionBlock;
import ai.djl.training.ParameterStore;
import ai.djl.training.loss.Loss;
import ai.djl.util.PairList;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.widthwise.djl.plan.BlockParameters;

/**
 * One block of a transformer made of DJL's own blocks, which learns to name the token before. Heads
 * have 16 dimensions at every width: DJL divides logits by the root of that, which is then
 * constant.
 */
final class Transformer implements Example {

  private static final int TOKENS = 16;
  private static final int LENGTH = 8;
  private static final int EXAMPLES = 16;
  private static final int HEAD = 16;

  private final Network network;

  Transformer(int width) {
    network = new Network(width);
  }

  @Override
  public Block block() {
    return network;
  }

  @Override
  public BlockParameters parameters() {
    return BlockParameters.of(network).readout(network.readout);
  }

  private static int[] tokens() {
    Random random = new Random(1);
    int[] tokens = new int[EXAMPLES * LENGTH];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = random.nextInt(TOKENS);
    }
    return tokens;
  }

  @Override
  public NDList inputs(NDManager manager) {
    return new NDList(
        manager.create(tokens(), new Shape(EXAMPLES, LENGTH)).toType(DataType.INT64, false));
  }

  @Override
  public NDList labels(NDManager manager) {
    int[] tokens = tokens();
    int[] before = new int[tokens.length];
    for (int i = 0; i < tokens.length; i++) {
      before[i] = i % LENGTH == 0 ? tokens[i] : tokens[i - 1];
    }
    return new NDList(manager.create(before).toType(DataType.INT64, false));
  }

  @Override
  public Loss loss() {
    return Loss.softmaxCrossEntropyLoss();
  }

  @Override
  public Map<String, NDArray> features(ParameterStore store, NDList inputs) {
    return network.features(store, inputs, false);
  }

  private static final class Network extends AbstractBlock {

    private final TrainableWordEmbedding embedding;
    private final LayerNorm attentionNorm;
    private final ScaledDotProductAttentionBlock attention;
    private final LayerNorm feedForwardNorm;
    private final Linear up;
    private final Linear down;
    private final LayerNorm outputNorm;
    private final Linear readout;
    private final int width;

    Network(int width) {
      this.width = width;
      List<String> words = new ArrayList<>();
      for (int i = 0; i < TOKENS; i++) {
        words.add("token " + i);
      }
      embedding =
          addChildBlock(
              "embedding",
              TrainableWordEmbedding.builder()
                  .setVocabulary(
                      DefaultVocabulary.builder().add(words).optUnknownToken("token 0").build())
                  .setEmbeddingSize(width)
                  .build());
      attentionNorm = addChildBlock("attentionNorm", LayerNorm.builder().axis(2).build());
      attention =
          addChildBlock(
              "attention",
              ScaledDotProductAttentionBlock.builder()
                  .setEmbeddingSize(width)
                  .setHeadCount(width / HEAD)
                  .optAttentionProbsDropoutProb(0)
                  .build());
      feedForwardNorm = addChildBlock("feedForwardNorm", LayerNorm.builder().axis(2).build());
      up = addChildBlock("up", Linear.builder().setUnits(2L * width).build());
      down = addChildBlock("down", Linear.builder().setUnits(width).build());
      outputNorm = addChildBlock("outputNorm", LayerNorm.builder().axis(2).build());
      readout = addChildBlock("readout", Linear.builder().setUnits(TOKENS).build());
    }

    @Override
    public void initializeChildBlocks(NDManager manager, DataType type, Shape... inputs) {
      Shape features = inputs[0].add(width);
      embedding.initialize(manager, type, inputs);
      for (Block block : List.of(attentionNorm, attention, feedForwardNorm, up, outputNorm)) {
        block.initialize(manager, type, features);
      }
      down.initialize(manager, type, inputs[0].add(2L * width));
      readout.initialize(manager, type, features);
    }

    Map<String, NDArray> features(ParameterStore store, NDList inputs, boolean training) {
      Map<String, NDArray> features = new LinkedHashMap<>();
      NDArray x = embedding.forward(store, inputs, training).head();
      features.put("embedding", x);
      NDList normed = attentionNorm.forward(store, new NDList(x), training);
      NDArray attended = attention.forward(store, normed, training).head();
      features.put("attention", attended);
      x = x.add(attended);
      NDList hidden =
          up.forward(store, feedForwardNorm.forward(store, new NDList(x), training), training);
      features.put("up", hidden.head());
      NDArray fed = down.forward(store, Activation.relu(hidden), training).head();
      features.put("down", fed);
      x = x.add(fed);
      NDList last = outputNorm.forward(store, new NDList(x), training);
      NDArray logits = readout.forward(store, last, training).head();
      features.put("readout", logits.reshape(-1, TOKENS));
      return features;
    }

    @Override
    protected NDList forwardInternal(
        ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
      NDArray output = null;
      for (NDArray each : features(store, inputs, training).values()) {
        output = each;
      }
      return new NDList(output);
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputs) {
      return new Shape[] {new Shape(inputs[0].size(), TOKENS)};
    }
  }
}
