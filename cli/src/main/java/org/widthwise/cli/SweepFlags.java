package org.widthwise.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.widthwise.sweep.definition.SweepDefinition;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * What a sweep is to try, in flags, in a YAML file, or in both: a flag takes the place of the
 * file's key. Flags are words that are read as the file's values are, by one parser.
 */
final class SweepFlags {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "YAML with what is to be tried, see docs/sweep.md; flags take precedence")
  private @Nullable Path file;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "of the sweep in its storage (default: sweep; of tune: tune)")
  private @Nullable String name;

  @Option(
      names = "--model",
      paramLabel = "KIND",
      description =
          "mlp, resnet or transformer; 'key=value' pairs may follow, as in"
              + " transformer,layers=4,heads=2")
  private @Nullable String model;

  @Option(
      names = "--dataset",
      paramLabel = "NAME",
      description = "cifar10, mnist or text (default: cifar10, text)")
  private @Nullable String dataset;

  @Option(
      names = "--examples",
      paramLabel = "N",
      description = "train on the first N examples of the files alone")
  private @Nullable String examples;

  @Option(
      names = "--widths",
      paramLabel = "N,…",
      description =
          "the widths to compare (of tune: at least three narrow ones; default: by --budget)")
  private @Nullable String widths;

  @Option(
      names = "--parametrization",
      paramLabel = "NAME,…",
      description = "as of 'widthwise plan' (default: spectral)")
  private @Nullable String parametrizations;

  @Option(names = "--optimizer", paramLabel = "NAME,…", description = "update rules, such as adam")
  private @Nullable String optimizers;

  @Option(
      names = "--rest",
      paramLabel = "NAME,X",
      description = "another update rule, with its rate, for all but hidden matrices")
  private @Nullable String rest;

  @Option(
      names = "--lr",
      paramLabel = "LIST",
      description =
          "global learning rates: 0.1,0.2 or 2^-12..2^-4 or '2^-12..2^-4 by 0.5' or '1e-4..1e-1 x"
              + " 20' for random ones")
  private @Nullable String learningRates;

  @Option(names = "--gain", paramLabel = "X,…", description = "of the activation (default: 1)")
  private @Nullable String gains;

  @Option(names = "--weight-decay", paramLabel = "X,…", description = "(default: 0)")
  private @Nullable String weightDecays;

  @Option(names = "--momentum", paramLabel = "X,…", description = "of sgd and muon")
  private @Nullable String momenta;

  @Option(
      names = "--prefactor",
      paramLabel = "ROLE.WHAT=X,…",
      description =
          "of input, hidden, readout, embedding, bias, gain or scalar; of init or rate: such as"
              + " readout.init=1,8")
  private Map<String, String> prefactors = new LinkedHashMap<>();

  @Option(names = "--seeds", paramLabel = "N,…", description = "(default: 0; of tune: 0,1,2)")
  private @Nullable String seeds;

  @Option(names = "--steps", paramLabel = "N", description = "updates of each trial")
  private @Nullable String steps;

  @Option(names = "--batch", paramLabel = "N", description = "examples of a step (default: 64)")
  private @Nullable String batch;

  @Option(
      names = "--schedule",
      paramLabel = "NAME",
      description = "constant, linear or cosine (default: constant)")
  private @Nullable String schedule;

  @Option(names = "--warm-up", paramLabel = "N", description = "steps (default: 0)")
  private @Nullable String warmUp;

  @Option(
      names = "--loss",
      paramLabel = "NAME",
      description = "cross-entropy or mse (default: cross-entropy)")
  private @Nullable String loss;

  @Option(
      names = "--orthogonalization",
      paramLabel = "TYPE",
      description =
          "of muon and scion-spectral: float32, or bfloat16, faster where there are instructions"
              + " for it (default: float32)")
  private @Nullable String orthogonalization;

  @Option(
      names = "--divergence-factor",
      paramLabel = "X",
      description = "a trial whose loss is X times its start is stopped (default: 10)")
  private @Nullable String divergenceFactor;

  /** The sweep that is asked for. */
  SweepDefinition definition() {
    return SweepDefinition.parse(tree());
  }

  /** The keys of the file and of the flags together. */
  ObjectNode tree() {
    ObjectNode tree =
        file == null ? JsonNodeFactory.instance.objectNode() : SweepDefinition.read(file);
    put(tree, "name", name);
    model(tree);
    put(within(tree, "data", dataset, examples), "set", dataset);
    put(within(tree, "data", dataset, examples), "examples", examples);
    put(tree, "widths", widths);
    put(tree, "parametrizations", parametrizations);
    put(tree, "optimizers", optimizers);
    put(tree, "rest", rest);
    put(tree, "learning_rates", learningRates);
    put(tree, "gains", gains);
    put(tree, "weight_decays", weightDecays);
    put(tree, "momenta", momenta);
    prefactors(tree);
    put(tree, "seeds", seeds);
    ObjectNode training =
        within(
            tree,
            "training",
            steps,
            batch,
            schedule,
            warmUp,
            loss,
            orthogonalization,
            divergenceFactor);
    put(training, "steps", steps);
    put(training, "batch", batch);
    put(training, "schedule", schedule);
    put(training, "warm_up", warmUp);
    put(training, "loss", loss);
    put(training, "orthogonalization", orthogonalization);
    put(training, "divergence_factor", divergenceFactor);
    return tree;
  }

  private void model(ObjectNode tree) {
    if (model == null) {
      return;
    }
    ObjectNode node = tree.putObject("model");
    String[] words = model.split(",", -1);
    node.put("kind", words[0].strip());
    for (int i = 1; i < words.length; i++) {
      String[] pair = words[i].split("=", 2);
      if (pair.length != 2) {
        throw bad("--model: '%s' is no key=value, such as layers=3".formatted(words[i].strip()));
      }
      node.put(pair[0].strip(), pair[1].strip());
    }
  }

  private void prefactors(ObjectNode tree) {
    prefactors.forEach(
        (key, value) -> {
          String[] path = key.split("\\.", -1);
          if (path.length != 2) {
            throw bad("--prefactor: '%s' is no ROLE.WHAT, such as input.init".formatted(key));
          }
          put(within(within(tree, "prefactors", key), path[0], key), path[1], value);
        });
  }

  private ParameterException bad(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private static void put(ObjectNode node, String key, @Nullable String value) {
    if (value != null) {
      node.put(key, value);
    }
  }

  /** The map of a key, made if any of the values is to be put into it. */
  private static ObjectNode within(ObjectNode tree, String key, @Nullable String... values) {
    boolean needed = false;
    for (String value : values) {
      needed |= value != null;
    }
    if (tree.get(key) instanceof ObjectNode there) {
      return there;
    }
    return needed ? tree.putObject(key) : JsonNodeFactory.instance.objectNode();
  }
}
