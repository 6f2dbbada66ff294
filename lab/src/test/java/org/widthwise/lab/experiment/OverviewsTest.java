package org.widthwise.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.widthwise.lab.run.Json;
import org.widthwise.lab.run.MemberKey;
import org.widthwise.lab.run.MemberResult;
import org.widthwise.lab.run.RunStore;

final class OverviewsTest {

  private final Path out;

  OverviewsTest(@TempDir Path out) {
    this.out = out;
  }

  private String page() throws Exception {
    Overviews.write(out, List.of());
    return Files.readString(out.resolve("report.html"));
  }

  @Test
  void anItemIsReportedOnceItHasARunAndDamageToItStopsNothing() throws Exception {
    assertThat(page()).contains("No item has any runs yet").doesNotContain("id=\"item-fig2\"");
    Path runs = Drawing.runs(out, "widths");
    try (RunStore store = RunStore.open(runs, Json.tree(Map.of("study", "widths", "runs", 2)))) {
      Files.writeString(
          Drawing.provenance(out, "widths"),
          "{\"started\": \"s\", \"data\": \"d\", \"widthwise\": \"w\", \"libtorch\": \"l\","
              + " \"java\": \"j\", \"system\": \"y\", \"processor\": \"p\", \"processors\": 1}");
      assertThat(page()).contains("No item has any runs yet");
      store.store(new MemberResult(new MemberKey("mup", 8, 0), new TreeMap<>(), 1, 1, false, 1));
    }
    assertThat(page()).contains("id=\"item-fig2\"").contains("1 of 2 runs are missing");
    Files.writeString(Drawing.provenance(out, "widths"), "{");
    assertThat(page())
        .contains("id=\"item-fig2\"", "cannot be read", "provenance.json is damaged: delete it");
  }
}
