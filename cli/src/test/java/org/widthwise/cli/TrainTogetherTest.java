package org.widthwise.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Trainings of several real processes. */
@Timeout(240)
final class TrainTogetherTest {

  private final Path directory;
  private final String text;

  TrainTogetherTest(@TempDir Path directory) throws IOException {
    this.directory = directory;
    String words = "to be or not to be, that is the question. ".repeat(80);
    this.text = Files.writeString(directory.resolve("a.txt"), words).toString();
  }

  private String[] train(String... more) {
    List<String> words =
        new ArrayList<>(List.of("train", "--model", "transformer", "--width", "8", "--layers"));
    words.addAll(List.of("1", "--context", "8", "--optimizer", "adam", "--batch", "5"));
    words.addAll(List.of("--data", text, "--dtype", "float64", "--threads", "1"));
    words.addAll(List.of(more));
    if (!words.contains("--lr")) {
      words.addAll(List.of("--lr", "0.01"));
    }
    return words.toArray(String[]::new);
  }

  @Test
  void twoProcessesGiveTheLossesOfOneAndNothingElseOnStandardOutput() throws Exception {
    Path one = directory.resolve("one.csv");
    Path two = directory.resolve("two.csv");
    String[] alone = train("--steps", "12", "--format", "json", "--log", one.toString());
    JsonNode expected = Outcome.good(alone).json();
    Outcome outcome =
        Outcome.good(train("--steps", "12", "--format=json", "--nproc=2", "--log", two.toString()));
    assertThat(outcome.err()).contains("data: ", "training ").doesNotContain("widthwise:");
    JsonNode found = outcome.json();
    assertThat(found.path("configuration")).isEqualTo(expected.path("configuration"));
    assertThat(found.at("/outcome/steps").asLong()).isEqualTo(12);
    assertThat(found.at("/outcome/held_out_loss").asDouble())
        .isCloseTo(expected.at("/outcome/held_out_loss").asDouble(), within(1e-11));
    List<Double> losses = losses(two);
    assertThat(losses).hasSize(12);
    for (int step = 0; step < 12; step++) {
      // Some hundred roundings of double precision.
      assertThat(losses.get(step)).isCloseTo(losses(one).get(step), within(1e-12));
    }
  }

  private static List<Double> losses(Path log) throws IOException {
    return Files.readAllLines(log).stream()
        .skip(1)
        .map(line -> Double.parseDouble(line.substring(line.indexOf(',') + 1)))
        .toList();
  }

  @Test
  void noProcessIsLeftBehindNorWaitedForAndTheLastCheckpointGoesOn() throws Exception {
    Path out = directory.resolve("out");
    Path log = directory.resolve("log");
    String[] endless =
        train(
            "--nproc",
            "2",
            "--timeout",
            "30",
            "--steps",
            "1000000",
            "--checkpoint-every",
            "10",
            "--out",
            out.toString());

    Process orphaning = ChildCommand.start(List.of(), log, endless);
    awaitCheckpoint(orphaning, out, 0);
    List<ProcessHandle> workers = orphaning.children().toList();
    assertThat(workers).hasSize(2);
    orphaning.destroyForcibly().waitFor();
    for (ProcessHandle worker : workers) {
      worker.onExit().get(20, TimeUnit.SECONDS);
    }

    Process losing = ChildCommand.start(List.of(), log, endless);
    awaitCheckpoint(losing, out, lastCheckpoint(out));
    // Rank 1 is started last. Its words do not tell: the system gives none of a long command line.
    losing
        .children()
        .max(Comparator.comparingLong(ProcessHandle::pid))
        .ifPresent(ProcessHandle::destroyForcibly);
    assertThat(losing.waitFor(25, TimeUnit.SECONDS)).as("before the time-out").isTrue();
    assertThat(losing.exitValue()).isEqualTo(1);
    long last = lastCheckpoint(out);
    List<String> told = Files.readAllLines(log);
    assertThat(told.get(told.size() - 1))
        .isEqualTo(
            "widthwise: rank 1 of 2 ended or cannot be reached; the last checkpoint is %s, and the"
                    .formatted(checkpoint(out, last))
                + " same command goes on from it");
    assertThat(told.stream().filter(line -> line.startsWith("widthwise: "))).hasSize(1);

    String steps = Long.toString(last + 5);
    Path whole = directory.resolve("whole");
    Outcome.good(train("--nproc", "2", "--steps", steps, "--out", out.toString()));
    Outcome.good(train("--nproc", "2", "--steps", steps, "--out", whole.toString()));
    // Five steps of Adam from what was restored: with another state of it, other weights.
    assertThat(checkpoint(out, last + 5).resolve("model.safetensors"))
        .hasSameBinaryContentAs(checkpoint(whole, last + 5).resolve("model.safetensors"));
  }

  private static Path checkpoint(Path out, long step) {
    return out.resolve("checkpoints/step-%09d".formatted(step));
  }

  private static void awaitCheckpoint(Process process, Path out, long after) throws Exception {
    while (process.isAlive() && lastCheckpoint(out) <= after) {
      Thread.sleep(10);
    }
    assertThat(process.isAlive()).as("alive, with a checkpoint after step %d", after).isTrue();
  }

  private static long lastCheckpoint(Path out) throws IOException {
    Path checkpoints = out.resolve("checkpoints");
    if (!Files.isDirectory(checkpoints)) {
      return 0;
    }
    try (Stream<Path> entries = Files.list(checkpoints)) {
      return entries
          .map(entry -> entry.getFileName().toString())
          .filter(name -> name.matches("step-[0-9]{9}"))
          .mapToLong(name -> Long.parseLong(name.substring(5)))
          .max()
          .orElse(0);
    }
  }

  /** Started one by one, as on several hosts. */
  @Test
  void processesThatDisagreeAllSayHow() throws Exception {
    String port = Integer.toString(WorkerTeam.freePort());
    List<CompletableFuture<Outcome>> both = new ArrayList<>();
    for (String rank : List.of("0", "1")) {
      String[] words =
          train(
              "--steps",
              "5",
              "--master-addr",
              "127.0.0.1",
              "--master-port",
              port,
              "--rank",
              rank,
              "--world-size",
              "2",
              "--lr",
              "0." + rank + "5");
      both.add(CompletableFuture.supplyAsync(() -> Outcome.of(words)));
    }
    for (CompletableFuture<Outcome> each : both) {
      Outcome outcome = each.get();
      assertThat(outcome.code()).as("%s", outcome).isEqualTo(2);
      assertThat(outcome.out()).isEmpty();
      assertThat(outcome.err())
          .isEqualTo(
              "widthwise: rank 1 has other options than rank 0 (learning_rate is 0.05 in rank 0"
                  + " and 0.15 in rank 1): give every process the same\n");
    }
  }

  @Test
  void whoComesAloneIsToldWhoIsMissing() {
    Outcome outcome =
        Outcome.of(
            train(
                "--steps",
                "5",
                "--master-addr",
                "127.0.0.1",
                "--master-port",
                Integer.toString(WorkerTeam.freePort()),
                "--rank",
                "0",
                "--world-size",
                "2",
                "--timeout",
                "1"));
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err())
        .startsWith("widthwise: rank 1 of 2 did not come to 127.0.0.1:")
        .endsWith(" within 1 s\n");
  }
}
