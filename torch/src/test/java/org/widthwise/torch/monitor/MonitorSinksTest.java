package org.widthwise.torch.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.widthwise.core.shape.Layer;
import org.widthwise.core.shape.ParameterShape;

final class MonitorSinksTest {

  private static final String HEADER =
      "step,parameter,role,layer,fan_out,fan_in,target,weight,weight_stable_rank,weight_alignment,"
          + "update,update_stable_rank,update_alignment,feature,feature_update\n";

  private final Path directory;

  MonitorSinksTest(@TempDir Path directory) {
    this.directory = directory;
  }

  /** The two kinds of files that can be continued. */
  enum Kind {
    CSV,
    JSON_LINES;

    MonitorSink open(Path path) {
      return this == CSV ? MonitorSinks.csv(path) : MonitorSinks.jsonLines(path);
    }
  }

  private static final List<Quantity> MEASURED =
      Arrays.stream(Quantity.values()).filter(quantity -> !quantity.needsStart()).toList();

  private static Observation observation(long step, double update) {
    return new Observation(
        step,
        MEASURED,
        List.of(
            new LayerSizes(
                "blocks.\"0\",w",
                ParameterShape.matrix(Layer.HIDDEN, 8, 2),
                2,
                Map.of(
                    Quantity.WEIGHT,
                    1.5,
                    Quantity.WEIGHT_STABLE_RANK,
                    Double.NaN,
                    Quantity.UPDATE,
                    update,
                    Quantity.FEATURE,
                    1e-7)),
            new LayerSizes(
                "bias",
                ParameterShape.bias(Layer.READOUT, 4),
                2,
                Map.of(Quantity.WEIGHT, 0.0, Quantity.UPDATE, Double.POSITIVE_INFINITY))),
        List.of());
  }

  private static void write(MonitorSink sink, Observation... observations) {
    try (sink) {
      for (Observation observation : observations) {
        sink.onObservation(observation);
      }
    }
  }

  @Test
  void csvHasARowForEachStepAndParameter() throws IOException {
    Path file = directory.resolve("new").resolve("monitor.csv");
    write(MonitorSinks.csv(file), observation(1, 0.25), observation(2, 0.5));
    assertThat(Files.readString(file))
        .isEqualTo(
            HEADER
                + "1,\"blocks.\"\"0\"\",w\",matrix,hidden,8,2,2.0,1.5,NaN,,0.25,,,1.0E-7,\n"
                + "1,bias,bias,readout,4,1,2.0,0.0,,,Infinity,,,,\n"
                + "2,\"blocks.\"\"0\"\",w\",matrix,hidden,8,2,2.0,1.5,NaN,,0.5,,,1.0E-7,\n"
                + "2,bias,bias,readout,4,1,2.0,0.0,,,Infinity,,,,\n");
  }

  @Test
  void jsonLinesHasAnObjectForEachStepAndParameter() throws IOException {
    Path file = directory.resolve("monitor.jsonl");
    write(MonitorSinks.jsonLines(file), observation(7, 0.25));
    assertThat(Files.readAllLines(file))
        .containsExactly(
            "{\"step\":7,\"parameter\":\"blocks.\\\"0\\\",w\",\"role\":\"matrix\",\"layer\":\"hidden\","
                + "\"fan_out\":8,\"fan_in\":2,\"target\":2.0,\"weight\":1.5,\"weight_stable_rank\":null,"
                + "\"weight_alignment\":null,\"update\":0.25,\"update_stable_rank\":null,"
                + "\"update_alignment\":null,\"feature\":1.0E-7,\"feature_update\":null}",
            "{\"step\":7,\"parameter\":\"bias\",\"role\":\"bias\",\"layer\":\"readout\","
                + "\"fan_out\":4,\"fan_in\":1,\"target\":2.0,\"weight\":0.0,\"weight_stable_rank\":null,"
                + "\"weight_alignment\":null,\"update\":null,\"update_stable_rank\":null,"
                + "\"update_alignment\":null,\"feature\":null,\"feature_update\":null}");
  }

  @ParameterizedTest
  @EnumSource
  void everyObservationIsInTheFileAtOnce(Kind kind) throws IOException {
    Path file = directory.resolve("monitor");
    try (MonitorSink sink = kind.open(file)) {
      sink.onObservation(observation(1, 0.25));
      long one = Files.size(file);
      sink.onObservation(observation(2, 0.25));
      assertThat(Files.size(file)).isGreaterThan(one);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aResumedTrainingReplacesWhatCameAfterItsCheckpoint(Kind kind) throws IOException {
    Path whole = directory.resolve("whole");
    write(kind.open(whole), observation(1, 1), observation(2, 2), observation(4, 4));
    Path resumed = directory.resolve("resumed");
    write(kind.open(resumed), observation(1, 1), observation(2, 9), observation(3, 9));
    Files.writeString(resumed, "4,half a li", StandardOpenOption.APPEND);

    write(kind.open(resumed), observation(2, 2), observation(4, 4));

    assertThat(resumed).hasSameTextualContentAs(whole);
  }

  @ParameterizedTest
  @EnumSource
  void anotherTrainingIsNotOverwritten(Kind kind) throws IOException {
    Path file = directory.resolve("monitor");
    write(kind.open(file), observation(1, 1), observation(2, 2));
    String before = Files.readString(file);
    assertThatThrownBy(() -> write(kind.open(file), observation(1, 3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not its continuation");
    assertThat(file).hasContent(before);
  }

  @ParameterizedTest
  @EnumSource
  void anotherFileIsNotOverwritten(Kind kind) throws IOException {
    Path file = directory.resolve("monitor");
    Files.writeString(file, "something of value\n");
    assertThatThrownBy(() -> write(kind.open(file), observation(3, 3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("something of value");
    assertThat(file).hasContent("something of value\n");
  }

  @ParameterizedTest
  @EnumSource
  void whatCannotBeWrittenIsNamed(Kind kind) {
    assertThatThrownBy(() -> write(kind.open(directory), observation(1, 1)))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(directory.toString());
  }
}
