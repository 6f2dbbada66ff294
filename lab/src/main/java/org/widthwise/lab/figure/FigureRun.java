package org.widthwise.lab.figure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.widthwise.lab.data.ImageDataset;
import org.widthwise.lab.plot.Figures;
import org.widthwise.lab.run.AtomicFiles;
import org.widthwise.lab.run.Json;
import org.widthwise.lab.run.Member;
import org.widthwise.lab.run.MemberKey;
import org.widthwise.lab.run.MemberPool;
import org.widthwise.lab.run.MemberResult;
import org.widthwise.lab.run.Provenance;
import org.widthwise.lab.run.RunException;
import org.widthwise.lab.run.RunListener;
import org.widthwise.lab.run.RunStore;
import org.widthwise.lab.run.SystemMemory;

/**
 * Runs the experiment of a figure in a directory, or goes on with it, and draws the figure.
 *
 * <p>The directory gets {@code runs/<figure>/} with a file for each finished network, and from
 * these alone {@code <figure>.csv}, {@code .json}, {@code .svg} and {@code .png}.
 */
public final class FigureRun {

  private static final String RUNS = "runs";
  private static final String PROVENANCE = "provenance.json";

  private final FigureExperiment figure;
  private final FigureSettings settings;
  private final ImageDataset data;
  private final Path out;
  private final int threads;
  private final boolean resume;

  private FigureRun(
      FigureExperiment figure,
      FigureSettings settings,
      ImageDataset data,
      Path out,
      int threads,
      boolean resume) {
    this.figure = figure;
    this.settings = settings;
    this.data = data;
    this.out = out;
    this.threads = threads;
    this.resume = resume;
  }

  /**
   * A run with one thread for each processor.
   *
   * @param figure the figure
   * @param settings its settings
   * @param data where examples are drawn from
   * @param out the directory for runs and results
   * @return the run, not yet started
   */
  public static FigureRun of(
      FigureExperiment figure, FigureSettings settings, ImageDataset data, Path out) {
    return new FigureRun(
        figure, settings, data, out, Runtime.getRuntime().availableProcessors(), true);
  }

  /**
   * Sets how many networks are trained at a time. The values do not depend on it.
   *
   * @param newThreads at least 1
   * @return the run
   */
  public FigureRun withThreads(int newThreads) {
    return new FigureRun(figure, settings, data, out, newThreads, resume);
  }

  /**
   * Sets whether to go on with finished runs of the same configuration, as is the default, or to
   * refuse a directory that holds any.
   *
   * @param newResume whether to go on
   * @return the run
   */
  public FigureRun withResume(boolean newResume) {
    return new FigureRun(figure, settings, data, out, threads, newResume);
  }

  /**
   * Trains what is not stored yet, then writes the results.
   *
   * @param listener told of the progress
   * @return the report
   * @throws InterruptedException if the thread was interrupted; finished members are stored
   * @throws RunException if the directory is not writable, in use, or holds another configuration,
   *     or if memory does not suffice
   */
  public FigureReport run(RunListener listener) throws InterruptedException {
    List<Member> members = figure.members(settings, data);
    MemberPool pool = new MemberPool(threads);
    Path directory = out.resolve(RUNS).resolve(figure.id());
    Set<MemberKey> done = RunStore.finishedIn(directory);
    if (!resume && !done.isEmpty()) {
      throw new RunException(
          "%s holds %d finished runs already: choose another --out, or go on with them by --resume"
              .formatted(directory, done.size()));
    }
    pool.requireMemory(
        members.stream().filter(member -> !done.contains(member.key())).toList(),
        SystemMemory.availableBytes());
    try (RunStore store = RunStore.open(directory, configuration())) {
      Path provenance = directory.resolve(PROVENANCE);
      if (!Files.exists(provenance)) {
        write(provenance, Json.write(Provenance.now(data.description())));
      }
      pool.run(members, store, listener);
    }
    return draw(out, directory);
  }

  private JsonNode configuration() {
    Map<String, Object> configuration = new LinkedHashMap<>();
    configuration.put("figure", figure.id());
    configuration.put("widths", settings.widths());
    configuration.put("trials", settings.trials());
    configuration.put("steps", settings.steps());
    configuration.put("seed", settings.seed());
    configuration.putAll(figure.constants());
    // Sorted, since the order of Map.of changes from one start to the next.
    configuration.put("data", new TreeMap<>(Map.of("name", data.name(), "digest", data.digest())));
    return parse(Json.write(configuration));
  }

  /**
   * Draws every figure that has runs in a directory.
   *
   * @param out what was the directory for runs and results
   * @return a report for each figure
   * @throws RunException if there is none, or a file is unreadable
   */
  public static List<FigureReport> drawAll(Path out) {
    List<FigureReport> reports = new ArrayList<>();
    for (FigureExperiment figure : FigureExperiments.all()) {
      Path directory = out.resolve(RUNS).resolve(figure.id());
      if (Files.isDirectory(directory)) {
        reports.add(draw(out, directory));
      }
    }
    if (reports.isEmpty()) {
      throw new RunException(
          "%s holds no runs of a figure: 'widthwise reproduce --out %s' makes some"
              .formatted(out, out));
    }
    return reports;
  }

  private static FigureReport draw(Path out, Path directory) {
    try (RunStore store = RunStore.openToRead(directory)) {
      JsonNode configuration = store.configuration();
      FigureExperiment figure = FigureExperiments.named(configuration.path("figure").asText());
      Collection<MemberResult> results = store.results().values();
      List<SlopeFit> fits = SlopeFits.of(figure, results);
      Map<String, Path> files = new LinkedHashMap<>();
      for (String type : List.of("csv", "json", "svg", "png")) {
        files.put(type, out.resolve(figure.id() + "." + type));
      }
      FigureReport report =
          new FigureReport(
              figure.id(),
              figure.title(),
              figure.claim(),
              configuration,
              provenance(directory),
              fits,
              results.stream()
                  .filter(result -> !result.diverged())
                  .mapToDouble(MemberResult::finalLoss)
                  .max()
                  .orElse(Double.NaN),
              results.stream().filter(MemberResult::diverged).count(),
              expectedMembers(figure, configuration) - results.size(),
              List.copyOf(files.values()));
      org.widthwise.lab.plot.Figure picture = FigurePicture.of(figure, report, results);
      write(file(files, "csv"), FigureCsv.write(figure, results));
      write(file(files, "json"), Json.write(report.summary()));
      write(file(files, "svg"), Figures.toSvg(picture));
      AtomicFiles.write(file(files, "png"), Figures.toPng(picture));
      return report;
    } catch (IOException unwritable) {
      throw RunException.unwritable(out, unwritable);
    }
  }

  private static Path file(Map<String, Path> files, String type) {
    Path file = files.get(type);
    if (file == null) {
      throw new IllegalStateException("no file of type " + type);
    }
    return file;
  }

  private static long expectedMembers(FigureExperiment figure, JsonNode configuration) {
    return (long) configuration.path("widths").size()
        * configuration.path("trials").asInt()
        * figure.series().size();
  }

  private static Provenance provenance(Path directory) {
    return Json.readFile(
        directory.resolve(PROVENANCE),
        Provenance.class,
        "delete it, and 'widthwise reproduce' makes it again");
  }

  private static JsonNode parse(String json) {
    try {
      return Json.read(json, JsonNode.class);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static void write(Path file, String content) {
    try {
      AtomicFiles.write(file, content);
    } catch (IOException unwritable) {
      throw RunException.unwritable(file, unwritable);
    }
  }
}
