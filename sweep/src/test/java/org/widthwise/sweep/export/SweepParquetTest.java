package org.widthwise.sweep.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.widthwise.sweep.definition.TrialConfiguration;
import org.widthwise.sweep.store.StoredTrial;
import org.widthwise.sweep.store.TrialState;

/** Files are read back by the library's reader, with the schema that is in them. */
final class SweepParquetTest {

  private static final TrialConfiguration CONFIGURATION =
      new TrialConfiguration(
          64, "spectral", "adam", null, 0, 0.1, 1, 0, Double.NaN, Map.of("readout", 8.0), Map.of());

  private static final List<StoredTrial> TRIALS =
      List.of(
          trial(
              "ä1",
              5_000_000_000L,
              TrialState.DONE,
              12.5,
              Map.of(
                  "final_training_loss",
                  new TreeMap<>(Map.of(300L, 1.0 / 3)),
                  "held_out_loss",
                  new TreeMap<>(Map.of(300L, Double.NaN)),
                  "loss",
                  new TreeMap<>(Map.of(1L, 2.5, 5_000_000_001L, Double.MIN_VALUE)))),
          trial("b2", -1, TrialState.WAITING, Double.NaN, Map.of()));

  private final Path directory;

  SweepParquetTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private static StoredTrial trial(
      String digest,
      long seed,
      TrialState state,
      double seconds,
      Map<String, NavigableMap<Long, Double>> metrics) {
    return new StoredTrial(
        digest, CONFIGURATION.json(), seed, 1, state, 2, 1, 0, "w", seconds, "", "", metrics);
  }

  private Path write(SweepTable<?> table) throws IOException {
    Path file = directory.resolve("sweep.parquet");
    SweepParquet.write(file, table);
    return file;
  }

  private static ParquetFileReader open(Path file) throws IOException {
    return ParquetFileReader.open(
        new LocalInputFile(file),
        ParquetReadOptions.builder(new PlainParquetConfiguration()).build());
  }

  private static List<Group> read(Path file) throws IOException {
    List<Group> groups = new ArrayList<>();
    try (ParquetFileReader reader = open(file)) {
      MessageType schema = reader.getFileMetaData().getSchema();
      PageReadStore pages = reader.readNextRowGroup();
      RecordReader<Group> records =
          new ColumnIOFactory()
              .getColumnIO(schema)
              .getRecordReader(pages, new GroupRecordConverter(schema));
      for (long i = 0; i < pages.getRowCount(); i++) {
        groups.add(records.read());
      }
      assertThat(reader.readNextRowGroup()).isNull();
    }
    return groups;
  }

  private static String schema(Path file) throws IOException {
    try (ParquetFileReader reader = open(file)) {
      return reader.getFileMetaData().getSchema().toString();
    }
  }

  @Test
  void theColumnsOfTrialsAreAContract() throws IOException {
    assertThat(schema(write(SweepTable.trials(TRIALS))))
        .isEqualTo(
            """
            message sweep {
              required binary digest (STRING);
              required binary parametrization (STRING);
              required binary optimizer (STRING);
              required binary series (STRING);
              required int32 width;
              required double learning_rate;
              required int64 seed;
              required binary state (STRING);
              optional double final_training_loss;
              optional double held_out_loss;
              optional double held_out_accuracy;
              required int32 attempts;
              required int32 failures;
              required int32 takeovers;
              optional double seconds;
              required binary message (STRING);
              required binary configuration (STRING);
            }
            """);
  }

  @Test
  void valuesComeBackAndMissingOnesAreNotNaN() throws IOException {
    List<Group> rows = read(write(SweepTable.trials(TRIALS)));
    assertThat(rows).hasSize(2);
    Group done = rows.get(0);
    assertThat(done.getString("digest", 0)).isEqualTo("ä1");
    assertThat(done.getString("series", 0)).isEqualTo("spectral, adam, readout init × 8");
    assertThat(done.getInteger("width", 0)).isEqualTo(64);
    assertThat(done.getDouble("learning_rate", 0)).isEqualTo(0.1);
    assertThat(done.getLong("seed", 0)).isEqualTo(5_000_000_000L);
    assertThat(done.getString("state", 0)).isEqualTo("done");
    assertThat(done.getDouble("final_training_loss", 0)).isEqualTo(1.0 / 3);
    assertThat(done.getDouble("held_out_loss", 0)).isNaN();
    assertThat(done.getFieldRepetitionCount("held_out_accuracy")).isZero();
    assertThat(done.getInteger("attempts", 0)).isEqualTo(2);
    assertThat(done.getInteger("failures", 0)).isEqualTo(1);
    assertThat(done.getDouble("seconds", 0)).isEqualTo(12.5);
    assertThat(done.getString("configuration", 0)).isEqualTo(CONFIGURATION.json());
    Group waiting = rows.get(1);
    assertThat(waiting.getLong("seed", 0)).isEqualTo(-1);
    assertThat(waiting.getString("message", 0)).isEmpty();
    for (String column : List.of("final_training_loss", "held_out_loss", "seconds")) {
      assertThat(waiting.getFieldRepetitionCount(column)).as(column).isZero();
    }
    // As in the other format.
    assertThat(SweepCsv.write(SweepTable.trials(TRIALS)).lines().skip(1))
        .allSatisfy(line -> assertThat(line).contains("64,0.1,"))
        .satisfiesExactly(
            line -> assertThat(line).contains(",0.3333333333333333,NaN,,2,1,0,12.5,,"),
            line -> assertThat(line).contains(",waiting,,,,2,1,0,,,"));
  }

  @Test
  void metricsAreARowForEachStep() throws IOException {
    List<StoredTrial> trials =
        List.of(TRIALS.get(0).withMetrics(Map.of("loss", TRIALS.get(0).metrics().get("loss"))));
    Path file = write(SweepTable.metrics(trials));
    assertThat(schema(file))
        .isEqualTo(
            """
            message sweep {
              required binary digest (STRING);
              required binary metric (STRING);
              required int64 step;
              required double value;
            }
            """);
    List<Group> rows = read(file);
    assertThat(rows).hasSize(2);
    assertThat(rows.get(1).getString("metric", 0)).isEqualTo("loss");
    assertThat(rows.get(1).getLong("step", 0)).isEqualTo(5_000_000_001L);
    assertThat(rows.get(1).getDouble("value", 0)).isEqualTo(Double.MIN_VALUE);
  }

  @Test
  void aTableThatCannotBeWrittenLeavesTheFileAsItWas() throws IOException {
    Path file = write(SweepTable.trials(TRIALS));
    byte[] before = Files.readAllBytes(file);
    // The second row fails when the first is written.
    SweepTable<?> bad =
        SweepTable.of(
            List.of(Column.<String>text("a", row -> row.substring(1))), List.of("good", ""));
    assertThatThrownBy(() -> SweepParquet.write(file, bad))
        .isInstanceOf(StringIndexOutOfBoundsException.class);
    assertThat(file).hasBinaryContent(before);
    try (var files = Files.list(directory)) {
      assertThat(files).containsExactly(file);
    }
  }
}
