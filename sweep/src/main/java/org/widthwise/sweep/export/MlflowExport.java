package org.widthwise.sweep.export;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mlflow.api.proto.Service.CreateRun;
import org.mlflow.api.proto.Service.Experiment;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.RunInfo;
import org.mlflow.api.proto.Service.RunStatus;
import org.mlflow.api.proto.Service.RunTag;
import org.mlflow.api.proto.Service.ViewType;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.MlflowClientException;
import org.mlflow.tracking.MlflowHttpException;
import org.mlflow.tracking.Page;
import org.widthwise.lab.run.Json;
import org.widthwise.lab.run.RunException;
import org.widthwise.sweep.store.StoredTrial;
import org.widthwise.sweep.store.TrialState;

/**
 * Trials as runs of an <a href="https://mlflow.org">MLflow</a> server: one run each, found again by
 * its tags, so that no trial becomes two runs however often it is exported.
 */
public final class MlflowExport {

  /** The tag that has the name of the sweep. */
  public static final String SWEEP_TAG = "widthwise.sweep";

  /** The tag that has the digest of the trial. */
  public static final String TRIAL_TAG = "widthwise.trial";

  private static final String STATE_TAG = "widthwise.state";
  private static final String PROVENANCE_TAG = "widthwise.provenance";
  private static final String MESSAGE_TAG = "widthwise.message";

  /** What a server takes in one request. */
  private static final int METRICS_OF_A_REQUEST = 1000;

  /** And what it takes as the value of a tag. */
  private static final int LONGEST_TAG = 5000;

  private static final int RUNS_OF_A_PAGE = 1000;

  /**
   * What an export did.
   *
   * @param written how many trials were written
   * @param there how many were there already
   */
  public record Counts(int written, int there) {}

  private final MlflowClient client;
  private final String sweep;
  private final String experiment;

  private MlflowExport(MlflowClient client, String sweep, String experiment) {
    this.client = client;
    this.sweep = sweep;
    this.experiment = experiment;
  }

  /**
   * Writes the trials that are over and not there yet. A run that an earlier export did not finish
   * is completed.
   *
   * @param url of the server, {@code http://…} or {@code https://…}; user and password, or a token,
   *     are taken from the environment, as by other clients of MLflow
   * @param experiment the name of the experiment, which is made if there is none
   * @param sweep the name of the sweep
   * @param trials the trials
   * @return what was done
   * @throws RunException if there is no server, or it refuses
   */
  public static Counts write(
      String url, String experiment, String sweep, List<StoredTrial> trials) {
    if (!url.matches("https?://[^/].*")) {
      throw new RunException(
          "'%s' is no address of an MLflow server, such as http://localhost:5000".formatted(url));
    }
    try (MlflowClient client = new MlflowClient(url)) {
      Optional<Experiment> there = client.getExperimentByName(experiment);
      String id =
          there.isPresent() ? there.get().getExperimentId() : client.createExperiment(experiment);
      return new MlflowExport(client, sweep, id).write(trials);
    } catch (MlflowHttpException refused) {
      throw new RunException(
          "the MLflow server at %s answers %d %s"
              .formatted(url, refused.getStatusCode(), refused.getReasonPhrase()),
          refused);
    } catch (MlflowClientException silent) {
      Throwable cause = silent.getCause();
      throw new RunException(
          "no MLflow server answers at %s%s"
              .formatted(url, cause instanceof IOException ? ": " + cause.getMessage() : ""),
          silent);
    }
  }

  private Counts write(List<StoredTrial> trials) {
    Map<String, RunInfo> runs = runs();
    int written = 0;
    int there = 0;
    for (StoredTrial trial : trials) {
      if (!trial.state().isFinal()) {
        continue;
      }
      @Nullable RunInfo run = runs.get(trial.digest());
      if (run != null && run.getStatus() != RunStatus.RUNNING) {
        there++;
        continue;
      }
      write(trial, run == null ? client.createRun(newRun(trial)) : run);
      written++;
    }
    return new Counts(written, there);
  }

  /** The runs of this sweep that are there, by the digests of their trials. */
  private Map<String, RunInfo> runs() {
    Map<String, RunInfo> runs = new HashMap<>();
    // Filtered here: what can be quoted in a filter differs from server to server.
    Page<Run> page =
        client.searchRuns(List.of(experiment), "", ViewType.ACTIVE_ONLY, RUNS_OF_A_PAGE);
    boolean more = true;
    while (more) {
      for (Run run : page.getItems()) {
        Map<String, String> tags = new HashMap<>();
        run.getData().getTagsList().forEach(tag -> tags.put(tag.getKey(), tag.getValue()));
        if (sweep.equals(tags.get(SWEEP_TAG)) && tags.containsKey(TRIAL_TAG)) {
          runs.put(tags.get(TRIAL_TAG), run.getInfo());
        }
      }
      more = page.hasNextPage();
      if (more) {
        page = page.getNextPage();
      }
    }
    return runs;
  }

  private CreateRun newRun(StoredTrial trial) {
    return CreateRun.newBuilder()
        .setExperimentId(experiment)
        .setRunName(trial.digest().substring(0, Math.min(12, trial.digest().length())))
        .setStartTime(System.currentTimeMillis())
        .addTags(tag(SWEEP_TAG, sweep))
        .addTags(tag(TRIAL_TAG, trial.digest()))
        .build();
  }

  private void write(StoredTrial trial, RunInfo run) {
    String id = run.getRunId();
    List<Param> parameters = new ArrayList<>();
    JsonNode configuration = read(trial);
    configuration.properties().forEach(entry -> add(parameters, entry.getKey(), entry.getValue()));
    parameters.add(parameter("seed", Long.toString(trial.seed())));
    List<RunTag> tags = new ArrayList<>();
    tags.add(tag(STATE_TAG, trial.state().id()));
    addTag(tags, PROVENANCE_TAG, trial.provenance());
    addTag(tags, MESSAGE_TAG, trial.message());
    client.logBatch(id, List.of(), parameters, tags);
    List<Metric> metrics = metrics(trial, run.getStartTime());
    for (int from = 0; from < metrics.size(); from += METRICS_OF_A_REQUEST) {
      int to = Math.min(from + METRICS_OF_A_REQUEST, metrics.size());
      client.logBatch(id, metrics.subList(from, to), List.of(), List.of());
    }
    // Last, since it is by this that an export is known to be complete.
    client.setTerminated(
        id, trial.state() == TrialState.FAILED ? RunStatus.FAILED : RunStatus.FINISHED);
  }

  private static JsonNode read(StoredTrial trial) {
    try {
      return Json.read(trial.configuration(), JsonNode.class);
    } catch (IOException damaged) {
      throw new RunException("the trial %s is damaged".formatted(trial.digest()), damaged);
    }
  }

  /** Maps become one parameter for each key, such as {@code inits.readout}. */
  private static void add(List<Param> parameters, String name, JsonNode value) {
    if (value.isObject()) {
      value
          .properties()
          .forEach(entry -> add(parameters, name + "." + entry.getKey(), entry.getValue()));
    } else if (!value.isNull()) {
      parameters.add(parameter(name, value.asText()));
    }
  }

  /**
   * The time of all metrics is that at which the run was made: a server tells points apart by their
   * time too, and takes one that it has as no second one.
   */
  private static List<Metric> metrics(StoredTrial trial, long time) {
    List<Metric> metrics = new ArrayList<>();
    trial
        .metrics()
        .forEach(
            (name, points) ->
                points.forEach(
                    (step, value) ->
                        metrics.add(
                            Metric.newBuilder()
                                .setKey(name)
                                .setStep(step)
                                .setValue(value)
                                .setTimestamp(time)
                                .build())));
    return metrics;
  }

  private static Param parameter(String key, String value) {
    return Param.newBuilder().setKey(key).setValue(value).build();
  }

  private static void addTag(List<RunTag> tags, String key, String value) {
    if (!value.isEmpty()) {
      tags.add(tag(key, value.substring(0, Math.min(LONGEST_TAG, value.length()))));
    }
  }

  private static RunTag tag(String key, String value) {
    return RunTag.newBuilder().setKey(key).setValue(value).build();
  }
}
