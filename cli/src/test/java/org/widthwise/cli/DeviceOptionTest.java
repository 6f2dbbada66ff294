package org.widthwise.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.widthwise.torch.engine.CudaStatus;

/** {@code --device}, and what {@code doctor} says of devices. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DeviceOptionTest {

  private static final String TRAIN =
      "train --model mlp --width 8 --optimizer sgd --lr 0.1 --steps 3 --batch 4";
  private static final String CHECK =
      "check --model mlp --optimizer sgd --lr 0.1 --widths 4,8,16 --trials 1 --steps 2 --batch 4";
  private static final String SWEEP =
      "sweep --model mlp --widths 4,8 --optimizer sgd --lr 0.1,0.2 --steps 3 --batch 4";
  private static final String TUNE =
      "tune --model mlp --target 32 --optimizer sgd --lr 0.1,0.2 --steps 3 --batch 4";
  private static final String REPRODUCE = "reproduce fig2 --widths 8,16 --trials 1 --steps 3";

  private final String images;

  DeviceOptionTest(@TempDir Path shared) throws IOException {
    this.images = FewImages.in(shared);
  }

  static List<String> commands() {
    return List.of(TRAIN, CHECK, SWEEP, TUNE, REPRODUCE);
  }

  private String[] words(String command, Path directory, String device) {
    List<String> words = new ArrayList<>(List.of(command.split(" ")));
    words.addAll(List.of("--data", images, "--device", device));
    switch (words.get(0)) {
      case "sweep", "tune" ->
          words.addAll(List.of("--storage", directory.resolve("sweep.db").toString()));
      case "check" -> words.addAll(List.of("--tolerance", "100"));
      default -> words.addAll(List.of("--out", directory.resolve("out").toString()));
    }
    return words.toArray(String[]::new);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void otherWordsAreRefused(String command, @TempDir Path directory) {
    assertThat(Outcome.refused(words(command, directory, "gpu")).err())
        .contains(
            "--device gpu: a device is cpu, cuda, cuda:N with N from 0, or auto, but not 'gpu'");
    assertThat(directory).isEmptyDirectory();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void withoutACudaDeviceItSaysWhy(String command, @TempDir Path directory) {
    CudaStatus status = CudaStatus.here();
    assumeFalse(status.isUsable(), "there is a CUDA device");
    assertThat(Outcome.refused(words(command, directory, "cuda")).err())
        .contains("--device cuda: no CUDA device can be used, only the cpu: " + status.missing());
    assertThat(directory).isEmptyDirectory();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandRunsOnACudaDevice(String command, @TempDir Path directory) throws IOException {
    CudaStatus status = CudaStatus.here();
    assumeTrue(status.isUsable(), () -> "it takes a CUDA device, and " + status.missing());
    Outcome outcome = Outcome.good(words(command, directory, "cuda"));
    assertThat(outcome.out()).isNotBlank();
    if (command.equals(TRAIN)) {
      assertThat(Files.readString(directory.resolve("out/configuration.json")))
          .contains("\"device\" : \"cuda\"");
    }
  }

  @Test
  void autoTakesTheCpuWhereThereIsNothingElse(@TempDir Path directory) throws IOException {
    Outcome.good(words(TRAIN, directory, "auto"));
    String expected = CudaStatus.here().isUsable() ? "cuda:0" : "cpu";
    assertThat(Files.readString(directory.resolve("out/provenance.json")))
        .contains("\"device\" : \"" + expected + "\"");
  }

  @Test
  void severalProcessesTrainOnCpus() {
    assertThat(Outcome.refused((TRAIN + " --nproc 2 --device cuda").split(" ")).err())
        .contains("--device: several processes train on CPUs alone");
  }

  @Test
  void doctorTellsWhatAGpuNeeds() {
    Outcome doctor = Outcome.of("doctor", "--data", images);
    CudaStatus status = CudaStatus.here();
    assertThat(doctor.out()).containsPattern("(?m)^devices +cpu");
    assertThat(doctor.out())
        .containsPattern("(?m)^GPU +")
        .contains(
            status.isUsable()
                ? "--device cuda trains on it"
                : status.missing() + "; everything runs");
  }
}
