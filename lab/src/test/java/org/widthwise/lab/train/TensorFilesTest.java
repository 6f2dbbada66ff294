package org.widthwise.lab.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.widthwise.audit.MalformedFileException;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.engine.Tensors;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.nn.Mlp;
import org.widthwise.torch.nn.MlpShape;

final class TensorFilesTest {

  private final PointerScope scope = new PointerScope();
  private final Path file;

  TensorFilesTest(@TempDir Path directory) {
    this.file = directory.resolve("t.safetensors");
  }

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @Test
  void whatIsReadIsWhatWasWritten() throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    // Longer than a piece, and in memory the other way round.
    tensors.put("transposed", torch.randn(700, 500).t());
    tensors.put("doubles", torch.randn(3, 1).to(ScalarType.Double));
    tensors.put("count", torch.tensor(new long[] {1L << 40}).reshape(new long[0]));
    tensors.put("empty", torch.zeros(0, 3));
    tensors.put(
        "odd",
        torch.tensor(new float[] {Float.NaN, -0f, Float.POSITIVE_INFINITY, Float.MIN_VALUE}));

    TensorFiles.write(file, tensors, Map.of());
    Map<String, Tensor> read = TensorFiles.read(file);

    assertThat(read.keySet()).containsExactlyElementsOf(tensors.keySet());
    tensors.forEach(
        (name, written) -> {
          Tensor back = read.getOrDefault(name, torch.zeros(1));
          assertThat(Tensors.type(back)).as(name).isEqualTo(Tensors.type(written));
          assertThat(Tensors.shape(back)).as(name).isEqualTo(Tensors.shape(written));
          ScalarType bits =
              Tensors.type(written) == ScalarType.Float ? ScalarType.Int : ScalarType.Long;
          assertThat(back.contiguous().view(bits).equal(written.contiguous().view(bits)))
              .as(name)
              .isTrue();
        });
  }

  @Test
  void aModuleTakesTheValuesOfACheckpoint() throws IOException {
    // 150,000 entries, of which some 65,000 are read at a time.
    Mlp written = new Mlp(MlpShape.of(Activation.RELU, 500, 300, 3).withBias(true));
    TensorFiles.write(file, ModuleTensors.all(written), Map.of());
    Mlp read = new Mlp(written.shape());
    read.to(ScalarType.Double, false);
    ModuleTensors.load(read, file);
    ModuleTensors.parameters(written)
        .forEach(
            (name, parameter) -> {
              Tensor back = ModuleTensors.parameters(read).getOrDefault(name, torch.zeros(1));
              assertThat(back.requires_grad()).isTrue();
              assertThat(back.equal(parameter.to(ScalarType.Double))).as(name).isTrue();
            });
  }

  @Test
  void saysWhatIsWrong() throws IOException {
    assertThatThrownBy(
            () ->
                TensorFiles.write(
                    file, Map.of("half", torch.zeros(2).to(ScalarType.Half)), Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'half' is of type Half");
    assertThat(file).doesNotExist();
    TensorFiles.write(
        file, Map.of("w", torch.ones(100).mul(new Scalar(3.0))), Map.of("format", "pt"));
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length - 1));
    assertThatThrownBy(() -> TensorFiles.read(file)).isInstanceOf(MalformedFileException.class);
    assertThatThrownBy(() -> TensorFiles.read(file.resolveSibling("none")))
        .isInstanceOf(MalformedFileException.class);
  }
}
