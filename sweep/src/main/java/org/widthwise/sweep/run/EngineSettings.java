package org.widthwise.sweep.run;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an engine is told beside the sweep.
 *
 * @param data the directory of the data; null to look for them, as {@link SweepData#load} does
 * @param heartbeat the time from one sign of life of a worker to the next
 * @param properties the engine's own, such as {@code spark.master}
 */
public record EngineSettings(
    @Nullable Path data, Duration heartbeat, Map<String, String> properties) {

  /**
   * Copies the properties.
   *
   * @param data the directory of the data; null to look for them
   * @param heartbeat the time from one sign of life of a worker to the next
   * @param properties the engine's own
   */
  public EngineSettings {
    properties = Map.copyOf(properties);
  }
}
