package org.widthwise.torch.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.widthwise.torch.engine.ChildJvm;

/**
 * Native memory does not grow while training.
 *
 * <p>Measured in a JVM of its own, whose heap is touched whole at its start and cannot grow, so
 * that what grows is native. The smallest temporary of a step's forward pass is {@code [64, 32]} of
 * float32, 8 KiB: one left behind by each of the 20,000 steps after the warm-up is 156 MiB, which
 * the last test confirms.
 */
final class MemoryTest {
  private static final double BOUND_MEBIBYTES = 4;

  /** The last one keeps JavaCPP from collecting garbage by itself, which would hide a leak. */
  private static final List<String> FLAGS =
      List.of(
          "-Xms96m",
          "-Xmx96m",
          "-XX:+AlwaysPreTouch",
          "-Dorg.bytedeco.javacpp.maxBytes=0",
          "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0");

  @BeforeAll
  static void needsLinux() {
    assumeTrue(
        Files.isReadable(MemoryMain.STATUS), "resident memory is read from /proc/self/status");
  }

  @ParameterizedTest
  @ValueSource(strings = {"autograd", "compressed"})
  void trainingIsFlat(String trainer) throws Exception {
    assertThat(growth(trainer)).isLessThan(BOUND_MEBIBYTES);
  }

  @Test
  void oneTemporaryAStepWouldShow() throws Exception {
    assertThat(growth("leaking")).isGreaterThan(20 * BOUND_MEBIBYTES);
  }

  private static double growth(String mode) throws Exception {
    List<Double> resident =
        ChildJvm.start(FLAGS, MemoryMain.class, mode)
            .output()
            .lines()
            // Newer JVMs warn of native access on the same stream.
            .filter(line -> line.matches("[0-9]+"))
            .map(line -> Long.parseLong(line) / 1024.0)
            .toList();
    assertThat(resident).hasSize(12);
    return resident.get(11) - resident.get(1);
  }
}
