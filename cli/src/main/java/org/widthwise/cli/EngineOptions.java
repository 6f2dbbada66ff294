package org.widthwise.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.widthwise.sweep.run.EngineSettings;
import org.widthwise.sweep.run.StoredSweep;
import org.widthwise.sweep.run.SweepData;
import org.widthwise.sweep.run.SweepEngine;
import org.widthwise.sweep.run.SweepJob;
import org.widthwise.sweep.run.SweepRunner;
import org.widthwise.sweep.run.TrainingExecutor;
import org.widthwise.sweep.store.SweepStore;
import org.widthwise.torch.engine.ComputeDevice;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where the trials of a sweep are run. */
final class EngineOptions {

  private static final String THREADS = "threads";
  private static final String SPARK = "spark";

  /** Set by spark-submit in the process that it starts. */
  private static final String SUBMITTED = "SPARK_SUBMIT";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--engine",
      paramLabel = "NAME",
      description =
          "where trials are run: threads, those of this process, or spark, see docs/spark.md"
              + " (default: threads; under spark-submit, spark)")
  private @Nullable String engine;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description =
          "trials at a time, each on one thread of this process (default: one for each processor,"
              + " and one on a GPU)")
  private @Nullable Integer threads;

  @Mixin private final DeviceOptions devices = new DeviceOptions();

  @Option(
      names = "--master",
      paramLabel = "URL",
      description = "Spark's, such as local[2] or spark://host:7077")
  private @Nullable String master;

  @Option(
      names = "--spark-conf",
      paramLabel = "KEY=VALUE",
      description = "a property of Spark, such as spark.task.cpus=2; may be repeated")
  private Map<String, String> properties = new LinkedHashMap<>();

  private String engine() {
    if (engine != null) {
      return engine;
    }
    return Boolean.getBoolean(SUBMITTED) ? SPARK : THREADS;
  }

  void requireSense() {
    if (threads != null && threads < 1) {
      throw bad("--threads must be at least 1, not " + threads);
    }
    devices.requireSense();
    switch (engine()) {
      case THREADS -> {
        if (master != null || !properties.isEmpty()) {
          throw bad("--master and --spark-conf are of --engine spark");
        }
        // Now, for a sweep that cannot be worked on need not be stored.
        devices.device();
      }
      case SPARK -> {
        if (threads != null) {
          throw bad(
              "--threads is of --engine threads; Spark runs a trial on each core that it has, as"
                  + " --master local[2] or --spark-conf spark.cores.max=8 say");
        }
        if (devices.isOther()) {
          throw bad("--device is of --engine threads; executors of Spark train on their CPUs");
        }
        SweepEngine.named(SPARK);
      }
      default -> throw bad("--engine: '%s' is none of threads and spark".formatted(engine()));
    }
  }

  private ParameterException bad(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** Work on a sweep, which has not begun. */
  SweepJob job(
      SweepStore store,
      StoredSweep sweep,
      SweepData loaded,
      @Nullable Path directory,
      Duration heartbeat) {
    if (engine().equals(THREADS)) {
      ComputeDevice device = devices.device();
      return new SweepRunner(
          store,
          sweep.name(),
          new TrainingExecutor(sweep.task(), loaded, 1, device),
          threads == null ? DeviceOptions.usualThreads(device) : threads,
          heartbeat);
    }
    Map<String, String> all = new LinkedHashMap<>(properties);
    if (master != null) {
      all.put("spark.master", master);
    }
    return SweepEngine.named(engine())
        .job(store, sweep, new EngineSettings(directory, heartbeat, all));
  }
}
