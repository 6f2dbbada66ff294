package org.widthwise.lab.figure;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import org.widthwise.lab.run.Provenance;

/**
 * What came of a figure.
 *
 * @param figure the figure's name
 * @param title its title
 * @param claim what it is to show
 * @param configuration what the values depend on
 * @param provenance under which circumstances they were measured
 * @param fits the measured slopes and their verdicts
 * @param greatestFinalLoss the largest final training loss of the runs that did not diverge; NaN if
 *     there is none
 * @param diverged how many runs diverged
 * @param missing how many runs are not finished
 * @param files the files that were written
 */
public record FigureReport(
    String figure,
    String title,
    String claim,
    JsonNode configuration,
    Provenance provenance,
    List<SlopeFit> fits,
    double greatestFinalLoss,
    long diverged,
    long missing,
    List<Path> files) {

  /**
   * Where the data came from.
   *
   * @return in words
   */
  public String dataDescription() {
    return provenance.data();
  }

  /**
   * What {@code <figure>.json} holds, whose keys are a contract.
   *
   * @return the summary
   */
  public Summary summary() {
    return new Summary(
        figure,
        title,
        claim,
        new Data(
            configuration.path("data").path("name").asText(),
            provenance.data(),
            configuration.path("data").path("digest").asText()),
        configuration,
        provenance,
        fits,
        greatestFinalLoss,
        diverged,
        missing);
  }

  /**
   * The data that a figure was drawn from.
   *
   * @param name the data set's name
   * @param description where it came from
   * @param digest its SHA-256
   */
  public record Data(String name, String description, String digest) {}

  /**
   * The content of {@code <figure>.json}.
   *
   * @param figure the figure's name
   * @param title its title
   * @param claim what it is to show
   * @param data the data
   * @param configuration what the values depend on
   * @param provenance under which circumstances they were measured
   * @param fits the measured slopes and their verdicts
   * @param greatestFinalLoss the largest final training loss of the runs that did not diverge; null
   *     if there is none
   * @param diverged how many runs diverged
   * @param missing how many runs are not finished
   */
  public record Summary(
      String figure,
      String title,
      String claim,
      Data data,
      JsonNode configuration,
      Provenance provenance,
      List<SlopeFit> fits,
      double greatestFinalLoss,
      long diverged,
      long missing) {}
}
