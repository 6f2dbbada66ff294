package org.widthwise.audit.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.widthwise.core.shape.Layer;
import org.widthwise.core.shape.Parameter;

/** Which weights stand where in files as other programs write them. */
final class LayerInferenceTest {

  private final Path directory;

  LayerInferenceTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // GPT-2 and Llama, whose readout is the embedding and not in the file.
        "wte.weight 50,16; h.0.attn.c_attn.weight 16,48; h.0.attn.c_proj.weight 16,16;"
            + " h.0.mlp.c_fc.weight 16,64; h.0.mlp.c_proj.weight 64,16; ln_f.weight 16 | ",
        "model.embed_tokens.weight 50,16; model.layers.0.self_attn.q_proj.weight 16,16;"
            + " model.layers.0.self_attn.v_proj.weight 8,16 | ",
        // BERT's pooler is no readout.
        "embeddings.word_embeddings.weight 50,16; encoder.layer.0.attention.self.query.weight"
            + " 16,16; pooler.dense.weight 16,16; pooler.dense.bias 16 | ",
        // A readout under no usual name, outside of the blocks.
        "wte.weight 50,16; blocks.0.mlp.up.weight 70,16; blocks.0.mlp.down.weight 16,64;"
            + " to_logits.weight 50,16; to_logits.bias 50 | to_logits.weight to_logits.bias",
        // Without embeddings the last matrix is.
        "layers.0.weight 16,30; layers.1.weight 16,16; layers.2.weight 16,16; layers.2.bias 16 |"
            + " layers.2.weight layers.2.bias",
        "blocks.0.mlp.w.weight 16,30; blocks.1.mlp.w.weight 10,16 | blocks.1.mlp.w.weight",
        // Flax.
        "Dense_0/kernel 30,16; head/kernel 16,10; head/bias 10 | head/kernel head/bias",
      })
  void theReadoutIsNoPartOfABlock(String parameters, String readouts) throws IOException {
    List<String> found =
        new ParameterInference(List.of())
            .infer(model(parameters)).plain().stream()
                .filter(parameter -> parameter.shape().layer() == Layer.READOUT)
                .map(Parameter::name)
                .toList();
    assertThat(found)
        .containsExactlyElementsOf(readouts == null ? List.of() : List.of(readouts.split(" ", -1)));
  }

  private ModelDescription model(String parameters) throws IOException {
    String entries =
        Arrays.stream(parameters.split("; ", -1))
            .map(text -> text.split(" ", -1))
            .map(words -> "{\"name\":\"%s\",\"shape\":[%s]}".formatted(words[0], words[1]))
            .collect(Collectors.joining(","));
    return ModelDescription.read(
        Files.writeString(directory.resolve("m.json"), "{\"parameters\":[" + entries + "]}"));
  }

  private static Map<String, String> stacksAndLayers(List<Parameter> parameters) {
    Map<String, String> found = new LinkedHashMap<>();
    parameters.forEach(p -> found.put(p.name(), p.shape().maps() + " " + p.shape().layer().id()));
    return found;
  }

  /** In the order of files, that of names: before the layer that reads the image. */
  @Test
  void depthwiseConvolutionsAreNotWhatReadsTheInput() throws IOException {
    assertThat(
            stacksAndLayers(
                new ParameterInference(List.of())
                    .infer(
                        model(
                            "blocks.0.a.weight 16,1,3,3; blocks.0.b.weight 32,16,1,1;"
                                + " classifier.weight 10,32; conv_stem.weight 16,3,3,3"))
                    .plain()))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "blocks.0.a.weight", "16 hidden",
                "blocks.0.b.weight", "1 hidden",
                "classifier.weight", "1 readout",
                "conv_stem.weight", "1 input"));
    // Grey images have one channel as well.
    assertThat(
            stacksAndLayers(
                new ParameterInference(List.of())
                    .infer(
                        model(
                            "features.0.weight 16,1,3,3; features.3.weight 16,1,3,3;"
                                + " features.4.weight 32,16,1,1; fc.weight 10,32"))
                    .plain()))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "features.0.weight", "1 input",
                "features.3.weight", "16 hidden",
                "features.4.weight", "1 hidden",
                "fc.weight", "1 readout"));
  }

  @Test
  void groupsOfAsManyChannelsAreFewerInANarrowBase() throws IOException {
    ModelDescription base =
        model("stem.weight 16,3,3,3; dw.weight 16,1,3,3; g.weight 16,4,3,3; fc.weight 10,16");
    ModelDescription wide =
        model("stem.weight 64,3,3,3; dw.weight 64,1,3,3; g.weight 64,4,3,3; fc.weight 10,64");
    ParameterInference inference =
        new ParameterInference(List.of(), List.of(CountOverride.parse("g.weight=16")), List.of());
    InferredModel inferred = inference.inferRelativeTo(wide, base);
    assertThat(stacksAndLayers(inferred.plain()))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "stem.weight", "1 input",
                "dw.weight", "64 hidden",
                "g.weight", "16 hidden",
                "fc.weight", "1 readout"));
    assertThat(stacksAndLayers(ParameterInference.counterparts(base, inferred)))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "stem.weight", "1 input",
                "dw.weight", "16 hidden",
                "g.weight", "4 hidden",
                "fc.weight", "1 readout"));
  }

  @Test
  void fusedMapsOfOneSizeAreStacksInPlans() throws IOException {
    ModelDescription model =
        model(
            "wte.weight 50,16; h.0.attn.qkv.weight 48,16; h.0.attn.qkv.bias 48;"
                + " h.0.attn.proj.weight 16,16; h.1.attn.qkv.weight 24,16;"
                + " h.1.attn.proj.weight 16,16; lm_head.weight 50,16");
    ParameterInference whole = new ParameterInference(List.of());
    assertThat(stacks(whole, model)).containsOnly(1);
    assertThat(stacks(whole.withFusedAsStacks(), model)).containsExactly(1, 3, 3, 1, 1, 1, 1);
    ParameterInference told =
        new ParameterInference(List.of(), List.of(CountOverride.parse("*.qkv.*=1")), List.of());
    assertThat(stacks(told.withFusedAsStacks(), model)).containsOnly(1);
    InferredModel inferred = whole.withFusedAsStacks().inferRelativeTo(model, model);
    assertThat(ParameterInference.counterparts(model, inferred))
        .extracting(parameter -> parameter.shape().maps())
        .containsExactly(1, 3, 3, 1, 1, 1, 1);
  }

  private static List<Integer> stacks(ParameterInference inference, ModelDescription model) {
    return inference.infer(model).plain().stream().map(p -> p.shape().maps()).toList();
  }
}
