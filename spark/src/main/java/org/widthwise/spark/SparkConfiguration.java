package org.widthwise.spark;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.widthwise.lab.run.RunException;
import org.widthwise.sweep.run.EngineSettings;

/** What Spark is told: by spark-submit, by the command's options, and what a sweep needs. */
final class SparkConfiguration {

  /**
   * Executors are lost for reasons of their own, and the store gives a trial up that was lost too
   * often, so Spark is not to give up before.
   */
  private static final String MOST_FAILURES = "100";

  /** Read before the JVM starts, so that executors must be started with them. */
  private static final List<String> INHERITED =
      List.of(
          "THP_MEM_ALLOC_ENABLE",
          "MALLOC_TRIM_THRESHOLD_",
          "MALLOC_MMAP_THRESHOLD_",
          "WIDTHWISE_DATA");

  /**
   * JavaCPP would hold an executor to twice its heap, which tensors are not in, and read how much
   * it has at each of them.
   */
  private static final String UNBOUNDED = "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0";

  private static final String JAVA_OPTIONS = "spark.executor.extraJavaOptions";
  private static final String MASTER = "spark.master";
  private static final String JARS = "spark.jars";
  private static final String EXECUTOR_CLASS_PATH = "spark.executor.extraClassPath";

  private SparkConfiguration() {}

  /** With the properties that spark-submit has set, those of the settings taking precedence. */
  static SparkConf of(String sweep, EngineSettings settings, Map<String, String> environment) {
    SparkConf conf = new SparkConf();
    settings
        .properties()
        .forEach(
            (key, value) -> {
              if (!key.startsWith("spark.")) {
                throw new RunException(
                    "'%s' is no property of Spark: they begin with 'spark.'".formatted(key));
              }
              conf.set(key, value);
            });
    if (!conf.contains(MASTER)) {
      throw new RunException(
          "--engine spark needs --master, such as local[2] or spark://host:7077");
    }
    conf.setIfMissing("spark.app.name", "widthwise sweep " + sweep);
    conf.setIfMissing("spark.task.maxFailures", MOST_FAILURES);
    conf.setIfMissing("spark.ui.showConsoleProgress", "false");
    conf.set(JAVA_OPTIONS, (conf.get(JAVA_OPTIONS, "") + " " + UNBOUNDED).strip());
    conf.setIfMissing("spark.executorEnv.OMP_WAIT_POLICY", "PASSIVE");
    for (String variable : INHERITED) {
      String value = environment.get(variable);
      if (value != null) {
        conf.setIfMissing("spark.executorEnv." + variable, value);
      }
    }
    String master = conf.get(MASTER);
    if (master.startsWith("local-cluster")) {
      // In place: these executors are on this machine.
      ownJar().ifPresent(jar -> conf.setIfMissing(EXECUTOR_CLASS_PATH, jar.toString()));
    } else if (!master.startsWith("local")) {
      ownJar().ifPresent(jar -> conf.setIfMissing(JARS, jar.toString()));
    }
    return conf;
  }

  /** The jar that this class came out of; empty if it came out of a directory. */
  private static Optional<Path> ownJar() {
    CodeSource source = SparkConfiguration.class.getProtectionDomain().getCodeSource();
    URL location = source == null ? null : source.getLocation();
    if (location == null) {
      return Optional.empty();
    }
    try {
      Path path = Path.of(location.toURI());
      return Files.isRegularFile(path) ? Optional.of(path) : Optional.empty();
    } catch (URISyntaxException notAFile) {
      return Optional.empty();
    }
  }
}
