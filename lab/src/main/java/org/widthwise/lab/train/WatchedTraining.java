package org.widthwise.lab.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.widthwise.core.plan.Plan;
import org.widthwise.lab.run.RunException;
import org.widthwise.torch.monitor.Finding;
import org.widthwise.torch.monitor.Monitor;
import org.widthwise.torch.monitor.MonitorSinks;
import org.widthwise.torch.monitor.MonitorVerdict;
import org.widthwise.torch.nn.Network;

/**
 * Watches a training with a {@link Monitor}: its rows go to {@code monitor.csv} and to an event
 * file of TensorBoard in one directory, and what leaves its band is told at once.
 */
public final class WatchedTraining implements TrainingObserver.Factory {

  private final Path directory;
  private final Consumer<String> onFinding;
  private @Nullable MonitorVerdict verdict;

  /**
   * Watches into a directory.
   *
   * @param directory where files go; made if it is not there, and a training that goes on goes on
   *     with its CSV file
   * @param onFinding told a sentence for each parameter that leaves its band, once
   */
  public WatchedTraining(Path directory, Consumer<String> onFinding) {
    this.directory = directory;
    this.onFinding = onFinding;
  }

  /**
   * What was seen up to the last step that was looked at.
   *
   * @return the verdict; empty before the first step
   */
  public Optional<MonitorVerdict> verdict() {
    return Optional.ofNullable(verdict);
  }

  /**
   * {@inheritDoc}
   *
   * @throws RunException if the directory cannot be made
   */
  @Override
  public TrainingObserver begin(Network network, Plan plan, Tensor probe) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw RunException.unwritable(directory, e);
    }
    Monitor monitor =
        Monitor.of(network.module(), plan)
            .to(MonitorSinks.csv(directory.resolve("monitor.csv")))
            .to(MonitorSinks.tensorBoard(directory))
            .probing(probe, network::forward);
    return new TrainingObserver() {
      @Override
      public void afterStep(long step) {
        int before = monitor.verdict().findings().size();
        monitor.afterStep(step);
        MonitorVerdict now = monitor.verdict();
        for (Finding finding : now.findings().subList(before, now.findings().size())) {
          onFinding.accept("step %d: %s".formatted(finding.step(), finding.reason()));
        }
        verdict = now;
      }

      @Override
      public void close() {
        monitor.close();
      }
    };
  }
}
