package org.widthwise.lab.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.widthwise.lab.plot.Figure;
import org.widthwise.lab.plot.Figures;
import org.widthwise.lab.run.AtomicFiles;
import org.widthwise.lab.run.Json;
import org.widthwise.lab.run.MemberResult;
import org.widthwise.lab.run.Provenance;
import org.widthwise.lab.run.RunException;
import org.widthwise.lab.run.RunStore;

/**
 * Makes the results of items from their stored runs alone: {@code <item>.csv}, {@code .json},
 * {@code .svg} and {@code .png}, and every {@link Overview} of them all.
 */
public final class Drawing {

  private static final String RUNS = "runs";
  private static final String PROVENANCE = "provenance.json";

  private Drawing() {}

  /**
   * Draws every item that has runs in a directory, those of unfinished studies too, and writes the
   * overviews.
   *
   * @param out what was the directory for runs and results
   * @return a report for each item, in the paper's order
   * @throws RunException if there is none, or a file is unreadable
   */
  public static List<ItemReport> drawAll(Path out) {
    List<PaperItem> items =
        PaperItems.all().stream()
            .filter(item -> Files.isDirectory(runs(out, item.study().id())))
            .toList();
    if (items.isEmpty()) {
      throw new RunException(
          "%s holds no runs: 'widthwise reproduce --out %s' makes some".formatted(out, out));
    }
    List<ItemReport> reports = items.stream().map(item -> draw(item, out)).toList();
    Overviews.write(out, reports);
    return reports;
  }

  static Path runs(Path out, String study) {
    return out.resolve(RUNS).resolve(study);
  }

  static Path provenance(Path out, String study) {
    return runs(out, study).resolve(PROVENANCE);
  }

  /** What the stored runs say of an item. */
  static ItemReport read(PaperItem item, Path out) {
    return report(item, out, Stored.of(item, out));
  }

  /** All that results are made of. */
  private record Stored(
      JsonNode configuration, Provenance provenance, Collection<MemberResult> results) {

    static Stored of(PaperItem item, Path out) {
      String study = item.study().id();
      try (RunStore store = RunStore.openToRead(runs(out, study))) {
        return new Stored(
            store.configuration(),
            Json.readFile(
                Drawing.provenance(out, study),
                Provenance.class,
                "delete it, and 'widthwise reproduce' makes it again"),
            store.results().values());
      }
    }
  }

  private static ItemReport report(PaperItem item, Path out, Stored stored) {
    Collection<MemberResult> results = stored.results();
    List<SlopeFit> fits = SlopeFits.of(item, results);
    List<LevelCheck> levels = LevelChecks.of(item, results);
    Figure picture =
        ItemPicture.of(
            item, stored.configuration(), stored.provenance().data(), results, fits, levels);
    return new ItemReport(
        item.id(),
        item.title(),
        item.claim(),
        item.equations(),
        stored.configuration(),
        stored.provenance(),
        fits,
        levels,
        results.stream()
            .filter(result -> !result.diverged())
            .mapToDouble(MemberResult::finalLoss)
            .filter(loss -> !Double.isNaN(loss))
            .max()
            .orElse(Double.NaN),
        results.stream().filter(MemberResult::diverged).map(MemberResult::key).toList(),
        stored.configuration().path("runs").asLong() - results.size(),
        picture,
        List.of(
            file(item, out, "csv"),
            file(item, out, "json"),
            file(item, out, "svg"),
            file(item, out, "png")));
  }

  private static Path file(PaperItem item, Path out, String type) {
    return out.resolve(item.id() + "." + type);
  }

  /** Writes an item's files. */
  static ItemReport draw(PaperItem item, Path out) {
    Stored stored = Stored.of(item, out);
    ItemReport report = report(item, out, stored);
    try {
      AtomicFiles.write(file(item, out, "csv"), ItemCsv.write(item, stored.results()));
      AtomicFiles.write(file(item, out, "json"), Json.write(report.summary()));
      AtomicFiles.write(file(item, out, "svg"), Figures.toSvg(report.picture()));
      AtomicFiles.write(file(item, out, "png"), Figures.toPng(report.picture()));
      return report;
    } catch (IOException unwritable) {
      throw RunException.unwritable(out, unwritable);
    }
  }
}
