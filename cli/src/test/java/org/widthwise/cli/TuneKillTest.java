package org.widthwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.widthwise.sweep.store.SweepStore;

/** A tuning is killed as by {@code kill -9} while it works, and given again. */
@Timeout(180)
final class TuneKillTest {

  private static final int KILLS = 2;

  private final Path directory;
  private final String images;

  TuneKillTest(@TempDir Path directory) throws IOException {
    this.directory = directory;
    this.images = FewImages.in(directory);
  }

  private Path store(String name) {
    return directory.resolve(name + ".db");
  }

  private String[] tune(String name) {
    // Trials of the killed are free again after six heartbeats.
    return ("tune --target 32 --widths 2,4,8 --model mlp --optimizer adam --lr 2^-6..2^1 --steps 25"
            + " --batch 16 --examples 256 --seeds 0 --tune readout.init --candidates 3 --threads 2"
            + " --heartbeat 0.2 --data %s --storage %s --out %s")
        .formatted(images, store(name), directory.resolve(name))
        .split(" ", -1);
  }

  private int finished(String name) {
    if (!Files.exists(store(name))) {
      return 0;
    }
    try (SweepStore store = SweepStore.open(store(name).toString())) {
      return store.sweeps().stream().mapToInt(sweep -> store.state(sweep).finished()).sum();
    }
  }

  @Test
  void whoIsKilledFindsWhatOneFindsWhoWasNot() throws Exception {
    Outcome.good(tune("undisturbed"));
    Path log = directory.resolve("log");
    Random random = new Random(5);
    int kills = 0;
    while (kills < KILLS) {
      int before = finished("killed");
      Process process = ChildCommand.start(List.of(), log, tune("killed"));
      // Until this start has finished a trial, then a moment more.
      while (process.isAlive() && finished("killed") == before) {
        Thread.sleep(20);
      }
      Thread.sleep(random.nextInt(150));
      if (!process.isAlive()) {
        break;
      }
      process.destroyForcibly().waitFor();
      kills++;
    }
    assertThat(kills).as("kills before the end").isEqualTo(KILLS);
    assertThat(directory.resolve("killed").resolve("tune.json")).doesNotExist();
    Process last = ChildCommand.start(List.of(), log, tune("killed"));
    assertThat(last.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(last.exitValue()).as(Files.readString(log)).isZero();
    // Neither has times in it.
    for (String file : List.of("tune.json", "plan.json")) {
      assertThat(directory.resolve("killed").resolve(file))
          .hasSameTextualContentAs(directory.resolve("undisturbed").resolve(file));
    }
  }
}
