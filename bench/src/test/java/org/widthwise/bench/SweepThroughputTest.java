package org.widthwise.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.widthwise.sweep.definition.SweepDefinition;
import org.widthwise.sweep.run.SweepData;
import org.widthwise.sweep.store.SweepStore;
import org.widthwise.torch.engine.Libtorch;

final class SweepThroughputTest {

  @Test
  void aSweepIsTimedToItsEnd(@TempDir Path directory) throws Exception {
    Libtorch.load();
    int threads = Libtorch.threads();
    SweepDefinition definition =
        SweepDefinition.parse(
            new ObjectMapper()
                .readTree(
                    """
                    {"model": {"kind": "mlp"}, "data": {"set": "cifar10", "examples": 64},
                     "training": {"steps": 3, "batch": 8}, "widths": [8], "optimizers": "adam",
                     "learning_rates": [0.125, 0.25]}
                    """));
    Path storage = directory.resolve("a.db");
    try {
      SweepThroughput.Run run =
          SweepThroughput.run(definition, SweepData.load(definition.task(), null), storage, 2, 1);
      assertThat(run.seconds()).isPositive();
      assertThat(run.processorSeconds()).isNotNegative();
    } finally {
      Libtorch.setThreads(threads);
    }
    try (SweepStore store = SweepStore.openExisting(storage.toString())) {
      assertThat(store.trials(SweepDefinition.USUAL_NAME)).hasSize(2);
    }
  }
}
