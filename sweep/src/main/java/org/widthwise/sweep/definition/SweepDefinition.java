package org.widthwise.sweep.definition;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.shape.ParameterGroup;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.lab.run.RunException;

/**
 * A sweep: what its trials share, and the grid or draws of what they try.
 *
 * @param name by which it is found in its storage
 * @param task what all trials share
 * @param trials every configuration once
 * @param seeds each configuration is run with each of them
 */
public record SweepDefinition(
    String name, SweepTask task, List<TrialConfiguration> trials, List<Long> seeds) {

  /** The name of a sweep that was given none. */
  public static final String USUAL_NAME = "sweep";

  /** More trials than this are taken for a slip. */
  private static final int MOST_TRIALS = 1_000_000;

  /** Keys that a plan may have of its own. */
  private static final List<String> PLAN_KEYS =
      List.of(
          "parametrizations",
          "optimizers",
          "rest",
          "learning_rates",
          "gains",
          "weight_decays",
          "momenta",
          "prefactors");

  /**
   * Copies the lists.
   *
   * @param name by which it is found in its storage
   * @param task what all trials share
   * @param trials every configuration once
   * @param seeds each configuration is run with each of them
   */
  public SweepDefinition {
    trials = List.copyOf(trials);
    seeds = List.copyOf(seeds);
  }

  /**
   * Reads a YAML file, or JSON, which is YAML too.
   *
   * @param file the file
   * @return its tree, to be changed and {@linkplain #parse parsed}
   * @throws RunException if it cannot be read or is no YAML
   */
  public static ObjectNode read(Path file) {
    try {
      JsonNode tree =
          YAMLMapper.builder()
              .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
              .build()
              .readTree(Files.readString(file));
      if (tree instanceof ObjectNode map) {
        return map;
      }
      throw new RunException("%s holds no map of keys".formatted(file));
    } catch (JsonProcessingException malformed) {
      String problem = malformed.getOriginalMessage().lines().findFirst().orElse("");
      throw new RunException(
          "%s, line %d: %s"
              .formatted(
                  file,
                  malformed.getLocation() == null ? 1 : malformed.getLocation().getLineNr(),
                  problem),
          malformed);
    } catch (IOException unreadable) {
      throw RunException.unreadable(file, unreadable);
    }
  }

  /**
   * Makes a sweep of a tree of keys.
   *
   * @param node the keys
   * @return the sweep
   * @throws IllegalArgumentException if a key is unknown, missing, or its value out of its range
   */
  public static SweepDefinition parse(JsonNode node) {
    Fields top = new Fields("", node);
    String name = top.text("name", USUAL_NAME);
    SweepTask task = SweepTask.parse(top);
    List<Integer> widths = top.require("widths", "").wholes("widths", 1, List.of());
    List<Long> seeds = top.longs("seeds", List.of("0"));
    long searchSeed = top.longs("search_seed", List.of("0")).get(0);
    Set<TrialConfiguration> trials = new LinkedHashSet<>();
    if (top.has("plans")) {
      if (!top.get("plans").isArray() || top.get("plans").isEmpty()) {
        throw new IllegalArgumentException("plans is a list of maps");
      }
      int number = 0;
      for (JsonNode plan : top.get("plans")) {
        new Fields("plans[%d]".formatted(number), plan);
        ObjectNode merged = JsonNodeFactory.instance.objectNode();
        for (String key : PLAN_KEYS) {
          if (top.has(key)) {
            merged.set(key, top.get(key));
          }
        }
        plan.properties().forEach(field -> merged.set(field.getKey(), field.getValue()));
        Fields fields = new Fields("plans[%d]".formatted(number), merged);
        trials.addAll(grid(fields, widths, searchSeed));
        fields.requireNoOthers();
        number++;
      }
    } else {
      trials.addAll(grid(top, widths, searchSeed));
    }
    top.requireNoOthers();
    // What a recipe or an optimizer refuses is refused now, not by each trial.
    for (TrialConfiguration trial : trials) {
      trial.recipe(task.decayConvention());
      trial.optimizerSettings();
    }
    task.requireOrthogonalization(trials);
    return new SweepDefinition(name, task, List.copyOf(trials), seeds);
  }

  private static List<TrialConfiguration> grid(
      Fields fields, List<Integer> widths, long searchSeed) {
    List<String> parametrizations =
        fields.each("parametrizations", List.of("spectral"), word -> word.toLowerCase(Locale.ROOT));
    List<String> optimizers =
        fields
            .require("optimizers", "")
            .each("optimizers", List.of(), word -> word.toLowerCase(Locale.ROOT));
    parametrizations.forEach(Parametrizations::named);
    optimizers.forEach(UpdateRules::named);
    Rest rest = rest(fields);
    List<Double> rates =
        fields.require("learning_rates", "").rates("learning_rates", "", searchSeed);
    List<Double> gains = fields.sizes("gains", List.of("1"));
    List<Double> decays = fields.sizes("weight_decays", List.of("0"));
    List<Double> momenta =
        fields.has("momenta") ? fields.sizes("momenta", List.of()) : List.of(Double.NaN);
    List<Prefactors> prefactors = prefactors(fields);
    double count =
        (double) widths.size()
            * parametrizations.size()
            * optimizers.size()
            * rates.size()
            * gains.size()
            * decays.size()
            * momenta.size()
            * prefactors.size();
    if (count > MOST_TRIALS) {
      throw new IllegalArgumentException(
          "this makes %.0f trials of each seed, more than the %d that can be meant"
              .formatted(count, MOST_TRIALS));
    }
    List<TrialConfiguration> trials = new ArrayList<>();
    for (int width : widths) {
      for (String parametrization : parametrizations) {
        for (String optimizer : optimizers) {
          for (double gain : gains) {
            for (double decay : decays) {
              for (double momentum : momenta) {
                for (Prefactors factors : prefactors) {
                  for (double rate : rates) {
                    trials.add(
                        new TrialConfiguration(
                            width,
                            parametrization,
                            optimizer,
                            rest.rule(),
                            rest.rate(),
                            rate,
                            gain,
                            decay,
                            momentum,
                            factors.inits(),
                            factors.rates()));
                  }
                }
              }
            }
          }
        }
      }
    }
    return trials;
  }

  private record Rest(@Nullable String rule, double rate) {}

  private static Rest rest(Fields fields) {
    if (!fields.has("rest")) {
      return new Rest(null, 0);
    }
    List<String> words = fields.words("rest", List.of());
    if (words.size() != 2) {
      throw new IllegalArgumentException(
          "%s takes an update rule and its learning rate, such as adam,0.5, not %s"
              .formatted(fields.name("rest"), words));
    }
    return new Rest(
        UpdateRules.named(words.get(0)).id(), Rates.number(fields.name("rest"), words.get(1)));
  }

  private record Prefactors(Map<String, Double> inits, Map<String, Double> rates) {

    Prefactors with(ParameterGroup of, double init, double rate) {
      String group = of.id();
      double usual =
          switch (of) {
            case INPUT, HIDDEN, READOUT, EMBEDDING -> 1;
            // They start at zero, or at a mean of one, unless something is said.
            case BIAS, GAIN, SCALAR -> 0;
          };
      Map<String, Double> newInits = new TreeMap<>(inits);
      Map<String, Double> newRates = new TreeMap<>(rates);
      // What is usual is left out, so that the same plan has one name.
      if (!Double.isNaN(init) && init != usual) {
        newInits.put(group, init);
      }
      if (rate != 1) {
        newRates.put(group, rate);
      }
      return new Prefactors(newInits, newRates);
    }
  }

  /** Every combination of the prefactors of all groups. */
  private static List<Prefactors> prefactors(Fields fields) {
    List<Prefactors> all = List.of(new Prefactors(Map.of(), Map.of()));
    if (!fields.has("prefactors")) {
      return all;
    }
    Fields groups = new Fields(fields.name("prefactors"), fields.get("prefactors"));
    for (ParameterGroup group : ParameterGroup.values()) {
      if (!groups.has(group.id())) {
        continue;
      }
      Fields one = new Fields(groups.name(group.id()), groups.get(group.id()));
      List<Double> inits = one.has("init") ? one.sizes("init", List.of()) : List.of(Double.NaN);
      List<Double> rates = one.rates("rate", "1", 0);
      one.requireNoOthers();
      List<Prefactors> crossed = new ArrayList<>();
      for (Prefactors before : all) {
        for (double init : inits) {
          for (double rate : rates) {
            crossed.add(before.with(group, init, rate));
          }
        }
      }
      all = crossed;
    }
    groups.requireNoOthers();
    return all;
  }
}
