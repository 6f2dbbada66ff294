package org.widthwise.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.widthwise.lab.data.ImageDataset;
import org.widthwise.lab.data.StandIn;
import org.widthwise.lab.paper.Figure2;
import org.widthwise.lab.run.Json;
import org.widthwise.lab.run.MemberKey;
import org.widthwise.lab.run.MemberResult;
import org.widthwise.lab.run.RunException;
import org.widthwise.lab.run.RunListener;

final class ReproductionTest {

  private static final ImageDataset DATA = StandIn.generate(120, 7);
  private static final Settings TINY = Settings.training(List.of(8L, 16L), 2, 30).withSeed(3);
  private static final int MEMBERS = 8;

  private final Path directory;

  ReproductionTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private static Reproduction run(Path out) {
    return run(TINY, DATA, out);
  }

  private static Reproduction run(Settings settings, ImageDataset data, Path out) {
    return Reproduction.of(List.of(new Figure2()), Preset.QUICK, data, out)
        .withSettings(preset -> settings);
  }

  private static Path csv(Path out) {
    return out.resolve("fig2.csv");
  }

  @Test
  void theSameBytesWithAnyNumberOfThreadsAndAfterAnInterruption() throws Exception {
    Path one = directory.resolve("one");
    Path two = directory.resolve("two");
    Path resumed = directory.resolve("resumed");
    run(one).withThreads(1).run(new Listener());
    run(two).withThreads(2).run(new Listener());
    assertThat(csv(two)).hasSameBinaryContentAs(csv(one));

    interruptAfter(3, resumed);
    assertThat(csv(resumed)).doesNotExist();
    Listener listener = new Listener();
    ItemReport report = run(resumed).withThreads(2).run(listener).get(0);
    assertThat(listener.finishedBefore).isBetween(3, MEMBERS - 1);
    assertThat(listener.finished).hasSize(MEMBERS - listener.finishedBefore);
    assertThat(report.missing()).isZero();
    assertThat(csv(resumed)).hasSameBinaryContentAs(csv(one));

    // Once more: nothing is left to do, and nothing changes.
    Listener idle = new Listener();
    run(resumed).run(idle);
    assertThat(idle.finished).isEmpty();
    assertThat(csv(resumed)).hasSameBinaryContentAs(csv(one));
  }

  private static void interruptAfter(int members, Path out) {
    Thread caller = Thread.currentThread();
    Listener listener =
        new Listener() {
          @Override
          public void finished(MemberResult result, Progress progress) {
            super.finished(result, progress);
            if (finished.size() == members) {
              caller.interrupt();
            }
          }
        };
    assertThatThrownBy(() -> run(out).withThreads(1).run(listener))
        .isInstanceOf(InterruptedException.class);
  }

  @Test
  void theCsvHasARowForEachPanelAndMemberInOrder() throws Exception {
    run(directory).run(new Listener());
    List<String> lines = Files.readAllLines(csv(directory));
    assertThat(lines.get(0)).isEqualTo("figure,panel,series,x,trial,value");
    List<String> expected = new ArrayList<>();
    for (String panel : List.of("A", "B", "C", "D")) {
      for (String series : List.of("mup", "ntp")) {
        for (int width : new int[] {8, 16}) {
          for (int trial = 0; trial < 2; trial++) {
            expected.add("fig2,%s,%s,%d,%d".formatted(panel, series, width, trial));
          }
        }
      }
    }
    assertThat(lines.stream().skip(1).map(line -> line.substring(0, line.lastIndexOf(','))))
        .isEqualTo(expected);
    assertThat(lines.stream().skip(1).map(line -> line.substring(line.lastIndexOf(',') + 1)))
        .allSatisfy(value -> assertThat(Double.parseDouble(value)).isPositive().isFinite());
  }

  @Test
  void theSummaryHasItsKeysAndNothingThatIsNotJson() throws Exception {
    run(directory).run(new Listener());
    JsonNode summary = summary();
    assertThat(keys(summary))
        .containsExactly(
            "figure",
            "title",
            "claim",
            "equations",
            "data",
            "configuration",
            "provenance",
            "fits",
            "levels",
            "greatest_final_loss",
            "diverged",
            "missing");
    assertThat(summary.path("figure").asText()).isEqualTo("fig2");
    assertThat(summary.path("data").path("name").asText()).isEqualTo(DATA.name());
    assertThat(summary.path("data").path("digest").asText()).isEqualTo(DATA.digest());
    JsonNode configuration = summary.path("configuration");
    assertThat(configuration.path("widths").toString()).isEqualTo("[8,16]");
    assertThat(configuration.path("trials").asInt()).isEqualTo(2);
    assertThat(configuration.path("steps").asInt()).isEqualTo(30);
    assertThat(configuration.path("seed").asLong()).isEqualTo(3);
    assertThat(keys(summary.path("provenance")))
        .containsExactly(
            "started",
            "data",
            "widthwise",
            "libtorch",
            "java",
            "system",
            "processor",
            "processors",
            "device");
    assertThat(summary.path("provenance").path("widthwise").asText()).matches("[0-9]+\\..*");
    assertThat(summary.path("fits")).hasSize(8);
    for (JsonNode fit : summary.path("fits")) {
      assertThat(keys(fit))
          .containsExactly(
              "panel",
              "quantity",
              "series",
              "slope",
              "slope_stderr",
              "slope_low",
              "slope_high",
              "prefactor",
              "from_x",
              "to_x",
              "trials",
              "expected_slope",
              "tolerance",
              "verdict");
      assertThat(fit.path("slope").isNumber()).isTrue();
      // Through two widths some power law goes whatever the truth is.
      assertThat(fit.path("verdict").asText()).isEqualTo("undecided");
    }
    assertThat(Files.readString(directory.resolve("fig2.json"))).doesNotContain("NaN", "Infinity");
  }

  @Test
  void drawsUnfinishedExperimentsAndThoseWithoutAnyRun() throws Exception {
    interruptAfter(3, directory);
    List<ItemReport> reports = Drawing.drawAll(directory);
    assertThat(reports)
        .extracting(ItemReport::item)
        .containsExactly("fig2", "prop4", "fig4", "fig5", "fig6");
    assertThat(reports.get(0).missing()).isBetween(1L, MEMBERS - 3L);
    assertThat(Files.readAllLines(csv(directory)))
        .hasSize(1 + 4 * (MEMBERS - (int) reports.get(0).missing()));
    assertPictures();
    try (Stream<Path> runs = Files.list(directory.resolve("runs/widths"))) {
      for (Path file : runs.filter(f -> f.toString().endsWith(".run.json")).toList()) {
        Files.delete(file);
      }
    }
    assertThat(Drawing.drawAll(directory).get(0).missing()).isEqualTo(MEMBERS);
    assertThat(Files.readAllLines(csv(directory))).hasSize(1);
    assertPictures();
    assertThat(summary().path("greatest_final_loss").isNull()).isTrue();
  }

  private void assertPictures() throws IOException {
    assertThat(Files.readString(directory.resolve("fig2.svg"))).startsWith("<").contains("</svg>");
    assertThat(ImageIO.read(directory.resolve("fig2.png").toFile()).getWidth()).isGreaterThan(100);
  }

  @Test
  void redrawingNeedsTheRunsAloneAndGivesTheSameFiles() throws Exception {
    run(directory).run(new Listener());
    List<byte[]> before = new ArrayList<>();
    for (String type : List.of("csv", "json", "svg", "png")) {
      Path file = directory.resolve("fig2." + type);
      before.add(Files.readAllBytes(file));
      Files.delete(file);
    }
    Drawing.drawAll(directory);
    int i = 0;
    for (String type : List.of("csv", "json", "svg", "png")) {
      assertThat(Files.readAllBytes(directory.resolve("fig2." + type)))
          .as(type)
          .isEqualTo(before.get(i++));
    }
  }

  @Test
  void reportsDivergedRuns() throws Exception {
    double loss = run(directory).run(new Listener()).get(0).greatestFinalLoss();
    MemberKey key = new MemberKey("ntp", 8, 1);
    Files.writeString(
        directory.resolve("runs/widths/ntp-8-1.run.json"),
        Json.write(new MemberResult(key, new TreeMap<>(), Double.NaN, 30, true, 1)));
    ItemReport report = Drawing.drawAll(directory).get(0);
    assertThat(report.diverged()).isEqualTo(1);
    assertThat(report.missing()).isZero();
    assertThat(report.greatestFinalLoss()).isPositive().isLessThanOrEqualTo(loss);
    assertThat(Files.readAllLines(csv(directory)))
        .contains("fig2,A,ntp,8,1,NaN", "fig2,D,ntp,8,1,NaN")
        .filteredOn(line -> line.endsWith(",NaN"))
        .hasSize(4);
    assertThat(summary().path("diverged").asInt()).isEqualTo(1);
    assertPictures();
    // It is a result: the same command does not try again.
    Listener listener = new Listener();
    run(directory).run(listener);
    assertThat(listener.finished).isEmpty();
  }

  @Test
  void refusesAnotherConfigurationAndLeavesEverythingAsItWas() throws Exception {
    run(directory).run(new Listener());
    List<String> before = listing();
    Settings other = TINY.withSteps(31).withSeed(4);
    assertThatThrownBy(() -> run(other, DATA, directory).run(new Listener()))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("steps is 30 there and 31 here; seed is 3 there and 4 here");
    assertThatThrownBy(() -> run(TINY, StandIn.generate(120, 8), directory).run(new Listener()))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("data.digest is");
    assertThat(listing()).isEqualTo(before);
  }

  @Test
  void refusesWhatMemoryCannotHoldBeforeAnythingIsWritten() {
    Settings absurd = TINY.withWidths(List.of(8L, 2_000_000_000L));
    Path out = directory.resolve("out");
    assertThatThrownBy(() -> run(absurd, DATA, out).run(new Listener()))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("width 2000000000")
        .hasMessageContaining("GiB");
    assertThat(out).doesNotExist();
  }

  @Test
  void namesADamagedProvenance() throws Exception {
    run(directory).run(new Listener());
    Path file = directory.resolve("runs/widths/provenance.json");
    Files.writeString(file, "null");
    assertThatThrownBy(() -> Drawing.drawAll(directory))
        .isInstanceOf(RunException.class)
        .hasMessageStartingWith(file + " is damaged: delete it");
    Files.delete(file);
    assertThatThrownBy(() -> Drawing.drawAll(directory))
        .isInstanceOf(RunException.class)
        .hasMessage("cannot read %s: there is no %s".formatted(file, file));
    run(directory).run(new Listener());
    assertThat(file).exists();
  }

  private List<String> listing() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      List<String> listing = new ArrayList<>();
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        listing.add(
            "%s %s %s"
                .formatted(file, Files.getLastModifiedTime(file), Files.readAllBytes(file).length));
      }
      return listing;
    }
  }

  private JsonNode summary() throws IOException {
    return Json.read(Files.readString(directory.resolve("fig2.json")), JsonNode.class);
  }

  private static List<String> keys(JsonNode object) {
    List<String> keys = new ArrayList<>();
    for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
      keys.add(names.next());
    }
    return keys;
  }

  private static class Listener implements RunListener {

    final List<MemberKey> finished = new ArrayList<>();
    int finishedBefore;

    @Override
    public void started(Progress progress) {
      finishedBefore = progress.finished();
    }

    @Override
    public void progressed(Progress progress) {}

    @Override
    public void finished(MemberResult result, Progress progress) {
      finished.add(result.key());
    }
  }
}
