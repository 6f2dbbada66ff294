package org.widthwise.torch.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DeviceChoiceTest {

  private static final NvidiaDriver DRIVER = new NvidiaDriver(Optional.of("580.95.05"), true, 2);
  private static final NvidiaDriver NONE = new NvidiaDriver(Optional.empty(), false, 0);
  private static final CudaStatus TWO = new CudaStatus(true, DRIVER, 2);

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  @ParameterizedTest
  @CsvSource({
    "cpu, 2, cpu",
    "auto, 2, cuda:0",
    "auto, 0, cpu",
    "cuda, 2, cuda:0",
    "cuda:0, 2, cuda:0",
    "cuda:1, 2, cuda:1",
  })
  void resolvesToWhatIsThere(String words, int devices, String expected) {
    ComputeDevice device =
        DeviceChoice.named(words).resolve(new CudaStatus(devices > 0, DRIVER, devices));
    assertThat(device.id()).isEqualTo(expected);
    assertThat(device.isCpu()).isEqualTo(expected.equals("cpu"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "CPU", "gpu", "cuda:", "cuda:-1", "cuda:1000", "cuda: 1", "cuda1"})
  void refusesOtherWords(String words) {
    assertThatThrownBy(() -> DeviceChoice.named(words))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a device is cpu, cuda, cuda:N");
  }

  @Test
  void refusesMoreDevicesThanLibtorchCounts() {
    assertThat(DeviceChoice.named("cuda:127").index()).hasValue(127);
    assertThatThrownBy(() -> DeviceChoice.named("cuda:128"))
        .hasMessage("devices are cpu, and cuda:0 to cuda:127; there is no cuda:128");
    assertThatThrownBy(() -> new ComputeDevice(ComputeDevice.Kind.CPU, 1))
        .hasMessageContaining("there is no cpu:1");
  }

  @Test
  void saysWhichDevicesThereAre() {
    assertThatThrownBy(() -> DeviceChoice.named("cuda:2").resolve(TWO))
        .hasMessage("there is no cuda:2: the CUDA devices here are cuda:0 to cuda:1");
    assertThatThrownBy(() -> DeviceChoice.named("cuda:1").resolve(new CudaStatus(true, DRIVER, 1)))
        .hasMessage("there is no cuda:1: the CUDA devices here are cuda:0");
  }

  @Test
  void saysWhyThereIsNone() {
    assertRefused(new CudaStatus(false, DRIVER, 0), "this build of libtorch has no CUDA");
    assertRefused(new CudaStatus(false, NONE, 0), "WIDTHWISE_PROFILE=cuda");
    assertRefused(new CudaStatus(true, NONE, 0), "there is no NVIDIA driver (no libcuda.so.1");
    assertRefused(
        new CudaStatus(true, new NvidiaDriver(Optional.of("580.1"), false, 1), 0),
        "lacks libcuda.so.1, the part that programs load: install it in the version of the rest"
            + " (580.1)");
    assertRefused(
        new CudaStatus(true, new NvidiaDriver(Optional.of("580.1"), true, 0), 0),
        "no device of it (no /dev/nvidia0)");
    assertRefused(
        new CudaStatus(true, DRIVER, 0),
        "the driver (580.95.05) and its devices are here, but libtorch can use none");
    assertThat(TWO.missing()).isEmpty();
  }

  private static void assertRefused(CudaStatus status, String reason) {
    assertThatThrownBy(() -> DeviceChoice.named("cuda").resolve(status))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("no CUDA device can be used, only the cpu: ")
        .hasMessageContaining(reason);
    assertThat(DeviceChoice.named("auto").resolve(status)).isEqualTo(ComputeDevice.CPU);
  }

  @Test
  void agreesWithLibtorch() {
    CudaStatus status = CudaStatus.here();
    assertThat(status.isUsable()).isEqualTo(torch.cuda_is_available());
    assertThat(status.devices()).isEqualTo(Math.max(0, torch.cuda_device_count()));
  }

  @Test
  void leavesTensorsThatAreThere() {
    try (PointerScope scope = new PointerScope()) {
      Tensor tensor = torch.ones(3);
      assertThat(ComputeDevice.CPU.here(tensor).is_same(tensor)).isTrue();
    }
  }
}
