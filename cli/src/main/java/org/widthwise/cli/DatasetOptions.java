package org.widthwise.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.widthwise.lab.data.DataLocator;
import org.widthwise.lab.data.ImageDataset;
import org.widthwise.lab.data.Split;
import org.widthwise.lab.data.TextCorpus;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say what a network is trained on. */
final class DatasetOptions {

  /** What networks are trained on. */
  enum Dataset {
    CIFAR10,
    MNIST,
    TEXT
  }

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--dataset",
      paramLabel = "NAME",
      description = "cifar10 or mnist for images, text for a transformer (default: cifar10, text)")
  private @Nullable Dataset dataset;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "where the data set is: cifar-10-batches-bin/, mnist/ or text/*.txt in it, or a text file"
              + " (default: WIDTHWISE_DATA, else the user's cache, else an embedded stand-in, which"
              + " MNIST has none of)")
  private @Nullable Path data;

  /** Refuses data that a kind of network cannot take. */
  void requireSense(ModelOptions.Kind kind) {
    boolean transformer = kind == ModelOptions.Kind.TRANSFORMER;
    if (dataset != null && transformer != (dataset == Dataset.TEXT)) {
      throw new ParameterException(
          spec.commandLine(),
          "--dataset %s: a %s is trained on %s"
              .formatted(
                  Words.of(dataset),
                  Words.of(kind),
                  transformer ? "text" : "images, cifar10 or mnist"));
    }
  }

  TextCorpus text() {
    return DataLocator.ofSystem().textOrStandIn(data);
  }

  ImageDataset images(Split split) {
    DataLocator locator = DataLocator.ofSystem();
    return dataset == Dataset.MNIST ? locator.mnist(data, split) : locator.cifar10(data, split);
  }
}
