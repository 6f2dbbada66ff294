package org.widthwise.audit.plan;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.widthwise.audit.MalformedFileException;
import org.widthwise.audit.UntrustedText;
import org.widthwise.audit.json.NearestKey;
import org.widthwise.audit.json.StrictJsonReader;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.DepthScaling;
import org.widthwise.core.plan.EpsilonConvention;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.PlannedParameter;
import org.widthwise.core.plan.Prefactor;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.plan.Scale;
import org.widthwise.core.plan.WeightDecayConvention;
import org.widthwise.core.shape.Fans;
import org.widthwise.core.shape.Layer;
import org.widthwise.core.shape.ParameterGroup;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.core.shape.Role;
import org.widthwise.core.update.UpdateRules;

/** Reads a plan file: every key of {@link PlanDocument} and no other, in any order. */
final class PlanReader {

  private static final int MOST_DIMENSIONS = 64;

  private final StrictJsonReader json;

  PlanReader(StrictJsonReader json) {
    this.json = json;
  }

  /** Makes something of what was read; what it refuses is wrong with the file. */
  @FunctionalInterface
  private interface Maker<T> {
    T make();
  }

  /** The members of an object while and after they are read. */
  private static final class Members {
    private final Map<String, String> texts = new HashMap<>();
    private final Map<String, Double> numbers = new HashMap<>();
    private final Map<String, Long> integers = new HashMap<>();
    private final Map<String, List<Long>> lists = new HashMap<>();

    private static <T> T present(Map<String, T> values, String key) {
      T value = values.get(key);
      if (value == null) {
        throw new IllegalStateException("not read: " + key);
      }
      return value;
    }

    String text(String key) {
      return present(texts, key);
    }

    double number(String key) {
      return present(numbers, key);
    }

    OptionalDouble numberIfAny(String key) {
      @Nullable Double value = numbers.get(key);
      return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    long integer(String key) {
      return present(integers, key);
    }

    List<Long> list(String key) {
      return present(lists, key);
    }
  }

  PlanFile read() {
    Members top = new Members();
    Map<String, Members> groups = new LinkedHashMap<>();
    List<PlannedParameter> parameters = new ArrayList<>();
    Map<String, PlanFile.Origin> origins = new LinkedHashMap<>();
    object(
        "a plan",
        keys(PlanDocument.class),
        key -> {
          switch (key) {
            case "format" -> format();
            case "version" -> version();
            case "parametrization", "optimizer", "decay_convention", "epsilon_convention" ->
                text(top, key);
            case "groups" -> groups(groups);
            case "parameters" ->
                json.array("an array of parameters", () -> parameter(parameters, origins));
            default -> number(top, key);
          }
        });
    json.end();
    return made(() -> new PlanFile(Plan.of(recipe(top, groups), parameters), origins));
  }

  private void format() {
    String format = json.string("the format \"" + PlanDocument.FORMAT + "\"");
    if (!format.equals(PlanDocument.FORMAT)) {
      throw json.malformed(
          "is the format %s, must be \"%s\""
              .formatted(UntrustedText.quote(format), PlanDocument.FORMAT));
    }
  }

  private void version() {
    long version = json.integer(1, "a version, an integer from 1 and");
    if (version != PlanDocument.VERSION) {
      throw json.malformed(
          ("is a plan of version %d, but this program reads version %d: make the plan anew, or"
                  + " read it with the program that wrote it")
              .formatted(version, PlanDocument.VERSION));
    }
  }

  private void groups(Map<String, Members> groups) {
    object(
        "an object with a member for each group",
        Stream.of(ParameterGroup.values()).map(ParameterGroup::id).toList(),
        group -> {
          Members members = new Members();
          groups.put(group, members);
          object(
              "a group",
              keys(PlanDocument.Group.class),
              key -> {
                boolean own = key.equals("optimizer") || key.equals("learning_rate");
                if (own && json.passNull()) {
                  return;
                }
                if (key.equals("optimizer")) {
                  text(members, key);
                } else {
                  number(members, key);
                }
              });
          if (members.texts.containsKey("optimizer")
              != members.numbers.containsKey("learning_rate")) {
            throw json.malformed(
                "has an optimizer or a learning rate of its own, must have both or none");
          }
        });
  }

  private static Recipe recipe(Members top, Map<String, Members> groups) {
    Recipe recipe =
        Recipe.of(
                Parametrizations.named(top.text("parametrization")),
                UpdateRules.named(top.text("optimizer")))
            .withLearningRate(top.number("learning_rate"))
            .withGain(top.number("gain"))
            .withWeightDecay(
                top.number("weight_decay"),
                WeightDecayConvention.named(top.text("decay_convention")))
            .withEpsilon(top.number("epsilon"))
            .withEpsilonConvention(EpsilonConvention.named(top.text("epsilon_convention")))
            .withDepthScaling(new DepthScaling(top.number("depth_scaling")));
    for (Map.Entry<String, Members> entry : groups.entrySet()) {
      ParameterGroup group = ParameterGroup.named(entry.getKey());
      Members members = entry.getValue();
      recipe =
          recipe.withPrefactor(
              group,
              new Prefactor(members.number("init_prefactor"), members.number("rate_prefactor")));
      if (members.texts.containsKey("optimizer")) {
        recipe =
            recipe.withUpdateRule(
                group,
                UpdateRules.named(members.text("optimizer")),
                members.number("learning_rate"));
      }
    }
    return recipe;
  }

  private void parameter(List<PlannedParameter> parameters, Map<String, PlanFile.Origin> origins) {
    Members row = new Members();
    object(
        "a parameter",
        keys(PlanDocument.Row.class),
        key -> {
          switch (key) {
            case "name", "role", "layer", "optimizer" -> text(row, key);
            case "reason" -> {
              if (!json.passNull()) {
                text(row, key);
              }
            }
            case "epsilon" -> {
              if (!json.passNull()) {
                number(row, key);
              }
            }
            case "shape", "dimensions" -> row.lists.put(key, json.dimensions(MOST_DIMENSIONS, 1));
            case "fan_in", "fan_out" -> integer(row, key, Long.MAX_VALUE);
            case "maps", "branches" -> integer(row, key, Integer.MAX_VALUE);
            default -> number(row, key);
          }
        });
    PlannedParameter parameter = made(() -> parameter(row));
    PlanFile.Origin origin =
        new PlanFile.Origin(row.list("shape"), Optional.ofNullable(row.texts.get("reason")));
    if (origins.put(parameter.name(), origin) != null) {
      throw json.malformed(
          "a second parameter has the name %s, names must be unique"
              .formatted(UntrustedText.quote(parameter.name())));
    }
    parameters.add(parameter);
  }

  private static PlannedParameter parameter(Members row) {
    String name = row.text("name");
    ParameterShape shape =
        new ParameterShape(
            Role.named(row.text("role")),
            Layer.named(row.text("layer")),
            row.list("dimensions"),
            (int) row.integer("maps"));
    Fans fans = new Fans(row.integer("fan_in"), row.integer("fan_out"));
    if (!fans.equals(shape.fans())) {
      throw new IllegalArgumentException(
          "the fans of '%s' are %d to %d, but its dimensions make it a map from %d to %d"
              .formatted(
                  name, fans.fanIn(), fans.fanOut(), shape.fans().fanIn(), shape.fans().fanOut()));
    }
    Scale scale =
        new Scale(
            row.number("init_mean"),
            row.number("init_std"),
            row.number("learning_rate"),
            row.number("multiplier"),
            row.number("branch_multiplier"),
            row.number("weight_decay"),
            row.numberIfAny("epsilon"),
            row.number("target_spectral_norm"));
    Scales.check(name, scale);
    return new PlannedParameter(
        name,
        shape,
        (int) row.integer("branches"),
        UpdateRules.named(row.text("optimizer")),
        scale);
  }

  private void text(Members members, String key) {
    String text = json.string("a string");
    if (text.isBlank()) {
      throw json.malformed("is blank, must be a word");
    }
    members.texts.put(key, text);
  }

  private void number(Members members, String key) {
    members.numbers.put(key, json.number("a finite number"));
  }

  private void integer(Members members, String key, long most) {
    long value = json.integer(1, "an integer from 1 and");
    if (value > most) {
      throw json.malformed("is %d, must be at most %d".formatted(value, most));
    }
    members.integers.put(key, value);
  }

  private void object(String what, List<String> keys, Consumer<String> member) {
    Set<String> missing = new HashSet<>(keys);
    json.object(
        what + ", an object with the keys " + String.join(", ", keys),
        key -> {
          if (!missing.remove(key)) {
            throw json.malformed(
                "the key %s is unknown, did you mean \"%s\"? Known here: %s"
                    .formatted(
                        UntrustedText.quote(key),
                        NearestKey.to(key, keys),
                        String.join(", ", keys)));
          }
          member.accept(key);
        });
    for (String key : keys) {
      if (missing.contains(key)) {
        throw json.malformed("lacks the key \"%s\", must have it".formatted(key));
      }
    }
  }

  private <T> T made(Maker<T> maker) {
    try {
      return maker.make();
    } catch (MalformedFileException known) {
      throw known;
    } catch (IllegalArgumentException unsuitable) {
      throw json.malformed(UntrustedText.escape(String.valueOf(unsuitable.getMessage())));
    }
  }

  private static List<String> keys(Class<? extends Record> document) {
    return Stream.of(document.getRecordComponents())
        .map(RecordComponent::getName)
        .map(name -> name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT))
        .toList();
  }
}
