package org.widthwise.lab.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.widthwise.core.fit.Verdict;
import org.widthwise.lab.plot.Figure;
import org.widthwise.lab.run.MemberKey;
import org.widthwise.lab.run.Provenance;

/**
 * What came of an item.
 *
 * @param item the item's name
 * @param title its title
 * @param claim what it is to show
 * @param equations the equations at stake
 * @param configuration what the values depend on
 * @param provenance under which circumstances they were measured
 * @param fits the measured slopes and their verdicts
 * @param levels the measured levels and their verdicts
 * @param greatestFinalLoss the largest final training loss of the runs that did not diverge; NaN if
 *     there is none
 * @param divergedRuns which runs diverged
 * @param missing how many runs are not finished
 * @param picture the picture
 * @param files the files that were written
 */
public record ItemReport(
    String item,
    String title,
    String claim,
    List<String> equations,
    JsonNode configuration,
    Provenance provenance,
    List<SlopeFit> fits,
    List<LevelCheck> levels,
    double greatestFinalLoss,
    List<MemberKey> divergedRuns,
    long missing,
    Figure picture,
    List<Path> files) {

  /**
   * Copies the lists.
   *
   * @param item the item's name
   * @param title its title
   * @param claim what it is to show
   * @param equations the equations at stake
   * @param configuration what the values depend on
   * @param provenance under which circumstances they were measured
   * @param fits the measured slopes and their verdicts
   * @param levels the measured levels and their verdicts
   * @param greatestFinalLoss the largest final training loss of the runs that did not diverge
   * @param divergedRuns which runs diverged
   * @param missing how many runs are not finished
   * @param picture the picture
   * @param files the files that were written
   */
  public ItemReport {
    equations = List.copyOf(equations);
    fits = List.copyOf(fits);
    levels = List.copyOf(levels);
    divergedRuns = List.copyOf(divergedRuns);
    files = List.copyOf(files);
  }

  /**
   * Where the data came from.
   *
   * @return in words
   */
  public String dataDescription() {
    return provenance.data();
  }

  /**
   * The study that the runs belong to.
   *
   * @return its name, which other items may share
   */
  public String study() {
    return configuration.path("study").asText();
  }

  /**
   * Counts the runs that the configuration asks for.
   *
   * @return how many, finished or not
   */
  public long runs() {
    return configuration.path("runs").asLong();
  }

  /**
   * Counts the runs that diverged.
   *
   * @return how many
   */
  public long diverged() {
    return divergedRuns.size();
  }

  /**
   * Counts the predictions that came out in some way.
   *
   * @param verdict the way
   * @return how many
   */
  public long count(Verdict verdict) {
    return Stream.concat(
            fits.stream().map(SlopeFit::verdict), levels.stream().map(LevelCheck::verdict))
        .filter(verdict.id()::equals)
        .count();
  }

  /**
   * What {@code <item>.json} holds, whose keys are a contract.
   *
   * @return the summary
   */
  public Summary summary() {
    return new Summary(
        item,
        title,
        claim,
        equations,
        new Data(
            configuration.path("data").path("name").asText(),
            provenance.data(),
            configuration.path("data").path("digest").asText()),
        configuration,
        provenance,
        fits,
        levels,
        greatestFinalLoss,
        diverged(),
        missing);
  }

  /**
   * The data that an item was drawn from.
   *
   * @param name the data set's name
   * @param description where it came from
   * @param digest its SHA-256
   */
  public record Data(String name, String description, String digest) {}

  /**
   * The content of {@code <item>.json}.
   *
   * @param figure the item's name
   * @param title its title
   * @param claim what it is to show
   * @param equations the equations at stake
   * @param data the data
   * @param configuration what the values depend on
   * @param provenance under which circumstances they were measured
   * @param fits the measured slopes and their verdicts
   * @param levels the measured levels and their verdicts
   * @param greatestFinalLoss the largest final training loss of the runs that did not diverge; null
   *     if there is none
   * @param diverged how many runs diverged
   * @param missing how many runs are not finished
   */
  public record Summary(
      String figure,
      String title,
      String claim,
      List<String> equations,
      Data data,
      JsonNode configuration,
      Provenance provenance,
      List<SlopeFit> fits,
      List<LevelCheck> levels,
      double greatestFinalLoss,
      long diverged,
      long missing) {}
}
