package org.widthwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.widthwise.audit.safetensors.Dtype;
import org.widthwise.audit.safetensors.SafetensorsWriter;
import org.widthwise.audit.safetensors.WritableTensor;

/** What only a process of its own shows: which classes it loads, and what a kill leaves behind. */
@Timeout(180)
final class ChildProcessTest {

  private static final String LIBTORCH = "org.bytedeco.pytorch";

  private final Path directory;
  private final String images;

  ChildProcessTest(@TempDir Path directory) throws IOException {
    this.directory = directory;
    this.images = FewImages.in(directory);
  }

  @Test
  void planAndHelpLoadNoLibtorch() throws Exception {
    Path model = Files.writeString(directory.resolve("mlp.json"), Perceptrons.json(64, 64));
    assertThat(classesLoadedBy(0, "--help")).doesNotContain(LIBTORCH);
    assertThat(classesLoadedBy(0, "plan", model.toString(), "--optimizer", "adam"))
        .contains("org.widthwise.core.plan.Plan ")
        .doesNotContain(LIBTORCH);
    // A refusal need not wait for it either. That the log would show it is seen by the last one.
    assertThat(classesLoadedBy(2, "reproduce", "fig2", "--widths", "0")).doesNotContain(LIBTORCH);
    assertThat(
            classesLoadedBy(
                0,
                "reproduce",
                "fig2",
                "--widths",
                "4",
                "--trials",
                "1",
                "--steps",
                "1",
                "--data",
                images,
                "--out",
                directory.resolve("out").toString()))
        .contains(LIBTORCH);
  }

  @Test
  void anExportLoadsParquetWhereItIsAskedForAndHadoopNever() throws Exception {
    String store = directory.resolve("sweep.db").toString();
    Path text = Files.writeString(directory.resolve("text"), "to be or not to be. ".repeat(50));
    String model = "transformer,layers=1,heads=1,context=4";
    Outcome.good(
        ("sweep --widths 4 --optimizer adam --lr 0.1 --steps 1 --batch 2 --model %s --data %s"
                + " --storage %s")
            .formatted(model, text, store)
            .split(" ", -1));
    String parquet = "org.apache.parquet";
    assertThat(classesLoadedBy(0, "sweep", "export", "--storage", store))
        .contains("org.widthwise.sweep.export.SweepCsv ")
        .doesNotContain(parquet, "org.mlflow");
    String file = directory.resolve("a.parquet").toString();
    assertThat(classesLoadedBy(0, "sweep", "export", "--storage", store, "--parquet", file))
        .contains(parquet)
        .doesNotContain("org.apache.hadoop.", LIBTORCH);
    assertThat(Files.readString(directory.resolve("log"))).doesNotContain("SLF4J");
  }

  private String classesLoadedBy(int code, String... args) throws Exception {
    Path classes = directory.resolve("classes");
    Process process =
        ChildCommand.start(
            List.of("-Xlog:class+load:file=" + classes), directory.resolve("log"), args);
    assertThat(process.waitFor()).isEqualTo(code);
    return Files.readString(classes);
  }

  @Test
  void whoIsKilledGoesOnWhereItWasAndEndsWithTheSameBytes() throws Exception {
    Path undisturbed = directory.resolve("undisturbed");
    Outcome.good(command(undisturbed));
    Path killed = directory.resolve("killed");
    Random random = new Random(11);
    int kills = 0;
    long finishedBefore = 0;
    while (kills < 3) {
      Process process = ChildCommand.start(List.of(), directory.resolve("log"), command(killed));
      // Wait until this start has finished a run, then a moment more.
      while (process.isAlive() && runs(killed) <= finishedBefore) {
        Thread.sleep(2);
      }
      Thread.sleep(random.nextInt(100));
      if (!process.isAlive()) {
        break;
      }
      process.destroyForcibly().waitFor();
      kills++;
      assertThat(runs(killed)).isGreaterThan(finishedBefore);
      finishedBefore = runs(killed);
    }
    assertThat(kills).as("kills before the end").isPositive();
    Process last = ChildCommand.start(List.of(), directory.resolve("log"), command(killed));
    assertThat(last.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(last.exitValue()).as(Files.readString(directory.resolve("log"))).isZero();
    assertThat(killed.resolve("fig2.csv")).hasSameBinaryContentAs(undisturbed.resolve("fig2.csv"));
    try (DirectoryStream<Path> left =
        Files.newDirectoryStream(killed.resolve("runs/widths"), "*.tmp")) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void whoIsStoppedPrintsWhatAnAuditMeasuredByThen() throws Exception {
    int all = 120;
    Path checkpoint = directory.resolve("many.safetensors");
    writeNoise(checkpoint, all, 512);
    Path log = directory.resolve("log");
    Process process =
        ChildCommand.start(
            List.of("-Dwidthwise.terminal=true"),
            log,
            "audit",
            checkpoint.toString(),
            "--format",
            "json");
    while (process.isAlive() && !Files.readString(log).contains(" of %d tensors".formatted(all))) {
      Thread.sleep(5);
    }
    // What Ctrl-C does too, which a process in the background may have been told to ignore.
    process.destroy();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();

    String output = Files.readString(log);
    assertThat(process.exitValue()).as(output).isEqualTo(143);
    assertThat(output).contains("stopped; what was measured is printed, marked as partial");
    JsonNode json =
        new ObjectMapper()
            .readTree(output.substring(output.indexOf('{'), output.lastIndexOf('}') + 1));
    assertThat(json.get("partial").asBoolean()).isTrue();
    assertThat(json.get("tensors").size()).isBetween(1, all - 1);
  }

  private static void writeNoise(Path file, int tensors, long side) throws IOException {
    Random random = new Random(3);
    List<WritableTensor> noise = new ArrayList<>();
    for (int i = 0; i < tensors; i++) {
      noise.add(
          new WritableTensor(
              "layers.%d.mlp.weight".formatted(i),
              Dtype.F32,
              List.of(side, side),
              (offset, into) -> {
                while (into.hasRemaining()) {
                  into.putFloat((float) random.nextGaussian());
                }
              }));
    }
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      SafetensorsWriter.write(out, noise, Map.of());
    }
  }

  private String[] command(Path out) {
    return new String[] {
      "reproduce",
      "fig2",
      "--widths",
      "8,16",
      "--trials",
      "4",
      "--steps",
      "400",
      "--threads",
      "2",
      "--data",
      images,
      "--out",
      out.toString()
    };
  }

  private static long runs(Path out) throws IOException {
    Path runs = out.resolve("runs/widths");
    if (!Files.isDirectory(runs)) {
      return 0;
    }
    long count = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(runs, "*.run.json")) {
      for (Path file : files) {
        count += Files.isRegularFile(file) ? 1 : 0;
      }
    }
    return count;
  }
}
