package org.widthwise.torch.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BatchNorm2dImpl;
import org.bytedeco.pytorch.BatchNormOptions;
import org.bytedeco.pytorch.BilinearImpl;
import org.bytedeco.pytorch.BilinearOptions;
import org.bytedeco.pytorch.Conv1dImpl;
import org.bytedeco.pytorch.Conv1dOptions;
import org.bytedeco.pytorch.ConvTranspose1dImpl;
import org.bytedeco.pytorch.ConvTranspose1dOptions;
import org.bytedeco.pytorch.EmbeddingImpl;
import org.bytedeco.pytorch.GRUImpl;
import org.bytedeco.pytorch.GRUOptions;
import org.bytedeco.pytorch.LSTMImpl;
import org.bytedeco.pytorch.LSTMOptions;
import org.bytedeco.pytorch.LayerNormImpl;
import org.bytedeco.pytorch.LayerNormOptions;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.LongVector;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.MultiheadAttentionImpl;
import org.bytedeco.pytorch.MultiheadAttentionOptions;
import org.bytedeco.pytorch.PReLUImpl;
import org.bytedeco.pytorch.PReLUOptions;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.widthwise.core.shape.Layer;
import org.widthwise.core.shape.Parameter;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.core.shape.Role;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.nn.Mlp;
import org.widthwise.torch.nn.MlpShape;

final class ModuleParametersTest {

  private final PointerScope scope = new PointerScope();

  /** Keeps modules from being collected while native ones refer to them. */
  private final List<Module> kept = new ArrayList<>();

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  /** Every type of module that has parameters, with names that say nothing of what they are. */
  private Module zoo(int width) {
    Module zoo = new Module("Zoo");
    kept.add(zoo);
    zoo.register_module("a", new LinearImpl(10, width));
    zoo.register_module("b", new EmbeddingImpl(11, width));
    Conv1dOptions convolution = new Conv1dOptions(width, width, new LongPointer(1).put(3L));
    convolution.groups().put(2L);
    zoo.register_module("c", new Conv1dImpl(convolution));
    ConvTranspose1dOptions transposed =
        new ConvTranspose1dOptions(width, 2L * width, new LongPointer(1).put(5L));
    zoo.register_module("d", new ConvTranspose1dImpl(transposed));
    zoo.register_module("e", new LSTMImpl(new LSTMOptions(width, width)));
    zoo.register_module("f", new GRUImpl(new GRUOptions(10, width)));
    zoo.register_module("g", new MultiheadAttentionImpl(new MultiheadAttentionOptions(width, 2)));
    zoo.register_module("h", new LayerNormImpl(new LayerNormOptions(vector(width))));
    zoo.register_module("i", new BatchNorm2dImpl(new BatchNormOptions(width)));
    zoo.register_module("j", new PReLUImpl(new PReLUOptions()));
    zoo.register_module("k", new LinearImpl(width, 3));
    return zoo;
  }

  private static LongVector vector(long value) {
    return new LongVector(new long[] {value});
  }

  private static Map<String, ParameterShape> shapes(List<Parameter> parameters) {
    Map<String, ParameterShape> shapes = new LinkedHashMap<>();
    parameters.forEach(parameter -> shapes.put(parameter.name(), parameter.shape()));
    return shapes;
  }

  private static Layer layer(Map<String, ParameterShape> shapes, String name) {
    return Objects.requireNonNull(shapes.get(name)).layer();
  }

  private static ParameterShape of(Role role, Layer layer, int maps, long... dimensions) {
    return ParameterShape.of(role, layer, dimensions).stacked(maps);
  }

  @Test
  void typesTellWhatParametersAreAndAnotherWidthWhereTheyStand() {
    Map<String, ParameterShape> shapes =
        shapes(ModuleParameters.of(zoo(8), zoo(16), Declarations.none()));
    Map<String, ParameterShape> expected = new LinkedHashMap<>();
    expected.put("a.weight", of(Role.MATRIX, Layer.INPUT, 1, 8, 10));
    expected.put("a.bias", of(Role.BIAS, Layer.HIDDEN, 1, 8));
    expected.put("b.weight", of(Role.EMBEDDING, Layer.INPUT, 1, 11, 8));
    expected.put("c.weight", of(Role.CONVOLUTION, Layer.HIDDEN, 2, 8, 4, 3));
    expected.put("c.bias", of(Role.BIAS, Layer.HIDDEN, 1, 8));
    expected.put("d.weight", of(Role.TRANSPOSED_CONVOLUTION, Layer.HIDDEN, 1, 8, 16, 5));
    expected.put("d.bias", of(Role.BIAS, Layer.HIDDEN, 1, 16));
    expected.put("e.weight_ih_l0", of(Role.MATRIX, Layer.HIDDEN, 4, 32, 8));
    expected.put("e.weight_hh_l0", of(Role.MATRIX, Layer.HIDDEN, 4, 32, 8));
    expected.put("e.bias_ih_l0", of(Role.BIAS, Layer.HIDDEN, 4, 32));
    expected.put("e.bias_hh_l0", of(Role.BIAS, Layer.HIDDEN, 4, 32));
    expected.put("f.weight_ih_l0", of(Role.MATRIX, Layer.INPUT, 3, 24, 10));
    expected.put("f.weight_hh_l0", of(Role.MATRIX, Layer.HIDDEN, 3, 24, 8));
    expected.put("f.bias_ih_l0", of(Role.BIAS, Layer.HIDDEN, 3, 24));
    expected.put("f.bias_hh_l0", of(Role.BIAS, Layer.HIDDEN, 3, 24));
    expected.put("g.in_proj_weight", of(Role.MATRIX, Layer.HIDDEN, 3, 24, 8));
    expected.put("g.in_proj_bias", of(Role.BIAS, Layer.HIDDEN, 3, 24));
    expected.put("g.out_proj.weight", of(Role.MATRIX, Layer.HIDDEN, 1, 8, 8));
    expected.put("g.out_proj.bias", of(Role.BIAS, Layer.HIDDEN, 1, 8));
    expected.put("h.weight", of(Role.GAIN, Layer.HIDDEN, 1, 8));
    expected.put("h.bias", of(Role.BIAS, Layer.HIDDEN, 1, 8));
    expected.put("i.weight", of(Role.GAIN, Layer.HIDDEN, 1, 8));
    expected.put("i.bias", of(Role.BIAS, Layer.HIDDEN, 1, 8));
    expected.put("j.weight", of(Role.SCALAR, Layer.HIDDEN, 1, 1));
    expected.put("k.weight", of(Role.MATRIX, Layer.READOUT, 1, 3, 8));
    expected.put("k.bias", of(Role.BIAS, Layer.READOUT, 1, 3));
    assertThat(shapes).containsExactlyInAnyOrderEntriesOf(expected);
  }

  @Test
  void declarationsDoWithoutAnotherWidth() {
    Map<String, ParameterShape> shapes =
        shapes(
            ModuleParameters.of(
                zoo(8), Declarations.none().input("a", "f.weight_ih_l0").readout("k")));
    assertThat(layer(shapes, "a.weight")).isEqualTo(Layer.INPUT);
    assertThat(layer(shapes, "a.bias")).isEqualTo(Layer.INPUT);
    assertThat(layer(shapes, "f.weight_ih_l0")).isEqualTo(Layer.INPUT);
    assertThat(layer(shapes, "f.weight_hh_l0")).isEqualTo(Layer.HIDDEN);
    assertThat(layer(shapes, "k.weight")).isEqualTo(Layer.READOUT);
    assertThat(layer(shapes, "k.bias")).isEqualTo(Layer.READOUT);
    assertThat(
            layer(
                shapes(
                    ModuleParameters.of(
                        zoo(8), Declarations.none().input("a").readout("k.weight"))),
                "k.bias"))
        .isEqualTo(Layer.READOUT);
  }

  /** The perceptron's own list, which figures are made with, is what its modules tell. */
  @Test
  void agreesWithThePerceptronsOwnList() {
    MlpShape shape = MlpShape.of(Activation.RELU, 12, 32, 32, 3).withBias(true);
    MlpShape wider = MlpShape.of(Activation.RELU, 12, 64, 64, 3).withBias(true);
    Mlp mlp = new Mlp(shape);
    Mlp other = new Mlp(wider);
    List<Parameter> declared =
        ModuleParameters.of(mlp, Declarations.none().input("layers.0").readout("layers.2"));
    assertThat(declared).isEqualTo(MlpParameters.of(shape));
    // A bias that reads the data's layer looks like any other that grows.
    Map<String, ParameterShape> compared =
        shapes(ModuleParameters.of(mlp, other, Declarations.none()));
    assertThat(layer(compared, "layers.0.weight")).isEqualTo(Layer.INPUT);
    assertThat(layer(compared, "layers.2.bias")).isEqualTo(Layer.READOUT);
  }

  @Test
  void whatIsNotToldIsAskedForAndNeverGuessed() {
    assertThatThrownBy(() -> ModuleParameters.of(zoo(8), Declarations.none()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a.weight")
        .hasMessageContaining("another width")
        .hasMessageContaining("Declarations.none().input(…).readout(…)");

    Module plain = new Module("Plain");
    kept.add(plain);
    plain.register_parameter(
        "scale", torch.ones(new long[] {8}, new TensorOptions(ScalarType.Float)));
    assertThatThrownBy(() -> ModuleParameters.of(plain, Declarations.none()))
        .hasMessageContaining("'scale' of shape [8]")
        .hasMessageContaining("Role.GAIN");
    assertThat(ModuleParameters.of(plain, Declarations.none().role("scale", Role.GAIN)))
        .containsExactly(new Parameter("scale", of(Role.GAIN, Layer.HIDDEN, 1, 8)));
    assertThatThrownBy(
            () -> ModuleParameters.of(plain, Declarations.none().role("scales", Role.GAIN)))
        .hasMessageContaining("'scales' was declared");
    assertThatThrownBy(
            () ->
                ModuleParameters.of(
                    plain, Declarations.none().role("scale", Role.MATRIX).hidden("scale")))
        .hasMessageContaining("'scale'")
        .hasMessageContaining("[fan_out, fan_in]");

    Module bilinear = new Module("WithBilinear");
    kept.add(bilinear);
    bilinear.register_module("x", new BilinearImpl(new BilinearOptions(4, 4, 2)));
    assertThatThrownBy(() -> ModuleParameters.of(bilinear, Declarations.none().readout("x")))
        .hasMessageContaining("'x.weight'")
        .hasMessageContaining("no module whose type tells");
    assertThatThrownBy(() -> ModuleParameters.of(zoo(8), new Module("Empty"), Declarations.none()))
        .hasMessageContaining("no parameter");
  }

  @Test
  void branchesAreDeclaredOnceForAllInside() {
    Parameter inside =
        ModuleParameters.of(
                zoo(8), zoo(16), Declarations.none().branches("g", 12).branches("g.out_proj", 6))
            .stream()
            .filter(parameter -> parameter.name().equals("g.in_proj_weight"))
            .findFirst()
            .orElseThrow();
    assertThat(inside.branches()).isEqualTo(12);
  }

  @Test
  void groupsThatBecomeMoreWithTheWidthAreFeatures() {
    List<Parameter> parameters =
        ModuleParameters.of(depthwise(8), depthwise(16), Declarations.none());
    assertThat(parameters.get(0).shape())
        .isEqualTo(ParameterShape.of(Role.CONVOLUTION, Layer.HIDDEN, 8, 1, 3).stacked(8));
  }

  private Module depthwise(int width) {
    Conv1dOptions options = new Conv1dOptions(width, width, new LongPointer(1).put(3L));
    options.groups().put(width);
    Module convolution = new Conv1dImpl(options);
    kept.add(convolution);
    return convolution;
  }

  @Test
  void aTableThatIsAlsoTheReadoutIsOneParameter() {
    Module tied = new Module("Tied");
    kept.add(tied);
    EmbeddingImpl table = tied.register_module("table", new EmbeddingImpl(11, 8));
    tied.register_parameter("head", table.weight());
    assertThatThrownBy(() -> ModuleParameters.of(tied, Declarations.none()))
        .hasMessageContaining("'head'")
        .hasMessageContaining("declare it");
    List<Parameter> parameters =
        ModuleParameters.of(tied, Declarations.none().role("head", Role.MATRIX));
    assertThat(parameters).hasSize(1);
    assertThat(parameters.get(0).shape().role()).isEqualTo(Role.TIED_EMBEDDING);
    assertThat(NamedTensors.of(tied).keySet()).containsExactly(parameters.get(0).name());
    Declarations asReadout =
        Declarations.none().role("head", Role.MATRIX).readout(parameters.get(0).name());
    assertThat(ModuleParameters.of(tied, asReadout).get(0).shape().layer()).isEqualTo(Layer.INPUT);
    assertThatThrownBy(
            () -> ModuleParameters.of(tied, Declarations.none().role("head", Role.CONVOLUTION)))
        .hasMessageContaining("[convolution, embedding]");
    // Used by a function in forward, sharing shows in no list: the role is declared.
    assertThat(
            ModuleParameters.of(
                    zoo(8), zoo(16), Declarations.none().role("b.weight", Role.TIED_EMBEDDING))
                .stream()
                .filter(parameter -> parameter.name().equals("b.weight"))
                .findFirst()
                .orElseThrow()
                .shape()
                .role())
        .isEqualTo(Role.TIED_EMBEDDING);
  }
}
