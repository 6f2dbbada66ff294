package org.widthwise.torch.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

final class NvidiaDriverTest {

  /** As the kernel module 580.95 writes it. */
  private static final String VERSION =
      """
      NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.95.05  Release Build  (bot@host)
      GCC version:  gcc version 12.2.0 (Debian 12.2.0-14)
      """;

  private final Path root;

  NvidiaDriverTest(@TempDir Path root) {
    this.root = root;
  }

  private void file(String place, String content) throws IOException {
    Path file = root.resolve(place);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content, StandardCharsets.ISO_8859_1);
  }

  private NvidiaDriver driver() {
    return NvidiaDriver.under(root, Map.of());
  }

  @Test
  void findsNothingWhereThereIsNothing() throws IOException {
    Files.createDirectories(root.resolve("dev"));
    assertThat(driver().version()).isEmpty();
    assertThat(driver().library()).isFalse();
    assertThat(driver().deviceFiles()).isZero();
    assertThat(driver().missing()).hasValueSatisfying(words -> assertThat(words).contains("580"));
  }

  @Test
  void readsTheVersionAndCountsTheDevices() throws IOException {
    file("proc/driver/nvidia/version", VERSION);
    file("dev/nvidia0", "");
    file("dev/nvidia11", "");
    file("dev/nvidiactl", "");
    file("dev/nvidia-uvm", "");
    assertThat(driver().version()).contains("580.95.05");
    assertThat(driver().deviceFiles()).isEqualTo(2);
    assertThat(driver().missing())
        .hasValueSatisfying(words -> assertThat(words).contains("580.95.05").contains("lacks"));
    file("usr/lib/x86_64-linux-gnu/libcuda.so.1", "");
    assertThat(driver().missing()).isEmpty();
  }

  @Test
  void findsLibrariesInTheLinkersCacheAndPath() throws IOException {
    file("etc/ld.so.cache", "glibc-ld.so.cache1.1\0libcuda.so.10\0libcudart.so.13\0");
    file("opt/cuda/libnccl.so.2", "");
    SharedLibraries plain = SharedLibraries.under(root, Map.of());
    assertThat(plain.has("libcudart.so.13")).isTrue();
    assertThat(plain.has("libcuda.so.1")).isFalse();
    assertThat(plain.has("libnccl.so.2")).isFalse();
    SharedLibraries led =
        SharedLibraries.under(
            root, Map.of("LD_LIBRARY_PATH", "/nowhere:" + root.resolve("opt/cuda")));
    assertThat(led.has("libnccl.so.2")).isTrue();
  }

  @Test
  void namesTheLibrariesThatABuildWithCudaLacks() throws IOException {
    file("usr/local/cuda/lib64/libcudart.so.13", "");
    SharedLibraries system = SharedLibraries.under(root, Map.of());
    assertThatThrownBy(() -> CudaLibraries.require(system, "libcublas.so.13"::equals))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("CUDA 13 and cuDNN 9, of which libcupti.so.13, libcublasLt.so.13,")
        .hasMessageContaining("WIDTHWISE_PROFILE=cuda,cuda-redist")
        .hasMessageNotContaining("libcudart")
        .hasMessageNotContaining("libcublas.so");
    assertThatCode(() -> CudaLibraries.require(system, name -> true)).doesNotThrowAnyException();
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no sh")
  void readsWhatAProgramLists() {
    assertThat(NvidiaDriver.lines(List.of("sh", "-c", "echo ' A, 1 MiB'; echo; echo B")))
        .containsExactly("A, 1 MiB", "B");
    assertThat(NvidiaDriver.lines(List.of("sh", "-c", "echo A; exit 9"))).isEmpty();
    assertThat(NvidiaDriver.lines(List.of("there-is-no-such-program"))).isEmpty();
  }
}
