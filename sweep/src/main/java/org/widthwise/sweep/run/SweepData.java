package org.widthwise.sweep.run;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.widthwise.core.shape.Parameter;
import org.widthwise.lab.data.DataException;
import org.widthwise.lab.data.DataLocator;
import org.widthwise.lab.data.ImageDataset;
import org.widthwise.lab.data.Split;
import org.widthwise.lab.data.TextCorpus;
import org.widthwise.lab.train.Architecture;
import org.widthwise.lab.train.NetworkDescription;
import org.widthwise.lab.train.TrainingData;
import org.widthwise.sweep.definition.SweepTask;
import org.widthwise.sweep.definition.TrialConfiguration;

/** The data of a sweep, read once, and the networks that fit them. */
public final class SweepData {

  /**
   * What a step costs beside its arithmetic, as so many more parameters: the narrowest networks
   * take hardly less time than somewhat wider ones.
   */
  private static final double OVERHEAD = 20_000;

  private final SweepTask task;
  private final TrainingData data;
  private final Networks networks;
  private final int height;
  private final int width;

  /** Builds the network of a configuration. */
  @FunctionalInterface
  private interface Networks {
    Architecture of(TrialConfiguration trial);
  }

  private SweepData(SweepTask task, TrainingData data, Networks networks, int height, int width) {
    this.task = task;
    this.data = data;
    this.networks = networks;
    this.height = height;
    this.width = width;
  }

  /**
   * Reads the data of a task.
   *
   * @param task the task
   * @param directory where they are; null to look for them, as {@link DataLocator} does
   * @return the data
   * @throws DataException if they are not there, or too few
   */
  public static SweepData load(SweepTask task, @Nullable Path directory) {
    NetworkDescription network = task.network();
    Optional<Integer> examples =
        task.examples() == 0 ? Optional.empty() : Optional.of(task.examples());
    DataLocator locator = DataLocator.ofSystem();
    if (network.kind() == NetworkDescription.Kind.TRANSFORMER) {
      TextCorpus corpus = locator.textOrStandIn(directory);
      return new SweepData(
          task,
          TrainingData.text(corpus, network.context(), examples),
          trial -> network.forText(corpus.vocabularySize(), trial.parametrization(), trial.width()),
          0,
          0);
    }
    ImageDataset images = images(locator, task, directory, Split.TRAIN);
    Optional<ImageDataset> test;
    try {
      test = Optional.of(images(locator, task, directory, Split.TEST));
    } catch (DataException absent) {
      // A directory may well hold nothing but what one wants to train on.
      test = Optional.empty();
    }
    return new SweepData(
        task,
        TrainingData.images(images, test, examples, network.kind() == NetworkDescription.Kind.MLP),
        trial ->
            network.forImages(
                images.channels(), images.features(), images.classNames().size(), trial.width()),
        images.height(),
        images.width());
  }

  private static ImageDataset images(
      DataLocator locator, SweepTask task, @Nullable Path directory, Split split) {
    return task.dataset().equals("mnist")
        ? locator.mnist(directory, split)
        : locator.cifar10(directory, split);
  }

  /**
   * The data.
   *
   * @return training and held-out examples
   */
  public TrainingData training() {
    return data;
  }

  /**
   * How often a training sees each of its examples.
   *
   * @return above 0, below 1 where it ends before it saw all
   */
  public double passes() {
    return (double) task.steps() * task.batch() / data.training().count();
  }

  /**
   * The network of a trial.
   *
   * @param trial the trial
   * @return the network
   * @throws IllegalArgumentException if there is no such network, as where heads do not divide the
   *     width
   */
  public Architecture architecture(TrialConfiguration trial) {
    return networks.of(trial);
  }

  /**
   * How much there is to do for a trial, so that the longest can come first.
   *
   * @param trial the trial
   * @return above 0, in units that all trials of the sweep share
   */
  public double work(TrialConfiguration trial) {
    double parameters =
        architecture(trial).parameters().stream()
            .map(Parameter::shape)
            .mapToDouble(
                shape -> shape.dimensions().stream().mapToDouble(d -> d).reduce(1, (a, b) -> a * b))
            .sum();
    return (parameters + OVERHEAD) * task.steps() * task.batch();
  }

  /**
   * The floating-point operations of a step of a trial, by {@link FlopCount}.
   *
   * @param trial the trial, of any width
   * @return the operations
   * @throws IllegalArgumentException if there is no such network
   */
  public double flopsOfStep(TrialConfiguration trial) {
    Architecture architecture = architecture(trial);
    return FlopCount.ofStep(
        architecture,
        trial.recipe(task.decayConvention()).plan(architecture.parameters()),
        task.batch(),
        height,
        width);
  }
}
