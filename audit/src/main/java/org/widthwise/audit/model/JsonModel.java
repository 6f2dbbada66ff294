package org.widthwise.audit.model;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.widthwise.audit.MalformedFileException;
import org.widthwise.audit.UntrustedText;
import org.widthwise.audit.json.JsonText;
import org.widthwise.audit.json.NearestKey;
import org.widthwise.audit.json.StrictJsonReader;
import org.widthwise.audit.plan.PlanFile;
import org.widthwise.audit.safetensors.SafetensorsHeader;

/** Reads a description written in JSON. */
final class JsonModel {

  private static final String METADATA = "__metadata__";
  private static final List<String> MODEL_KEYS = List.of("parameters", METADATA);
  private static final List<String> PARAMETER_KEYS =
      List.of("name", "shape", "role", "layer", "maps", "branches");
  private static final String PARAMETER = "an object with the keys \"name\" and \"shape\"";

  private final StrictJsonReader json;
  private final List<DeclaredParameter> parameters = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private boolean hasParameters;

  private JsonModel(StrictJsonReader json) {
    this.json = json;
  }

  static ModelDescription read(Path file) {
    byte[] text = JsonText.read(file, "a JSON description");
    if (PlanFile.isPlan(text)) {
      return PlanModel.describe(PlanFile.read(file, text));
    }
    try (StrictJsonReader json = StrictJsonReader.of(file, text, 0)) {
      JsonModel model = new JsonModel(json);
      json.object("an object with the key \"parameters\"", model::member);
      if (!model.hasParameters) {
        throw json.malformed("lacks the key \"parameters\", must have it");
      }
      json.end();
      return new ModelDescription(model.parameters, List.of(), model.metadata);
    }
  }

  private void member(String key) {
    switch (key) {
      case "parameters" -> {
        hasParameters = true;
        json.array("an array of parameters", this::parameter);
        if (parameters.isEmpty()) {
          throw json.malformed("is empty, must list at least one parameter");
        }
      }
      case METADATA ->
          json.object("an object of strings", name -> metadata.put(name, json.string("a string")));
      default -> throw unknown(key, MODEL_KEYS);
    }
  }

  private void parameter() {
    Declaration declaration = new Declaration();
    json.object(PARAMETER, declaration::member);
    DeclaredParameter parameter = declaration.build();
    if (!names.add(parameter.name())) {
      throw json.malformed(
          "a second parameter has the name "
              + UntrustedText.quote(parameter.name())
              + ", names must be unique");
    }
    parameters.add(parameter);
  }

  private MalformedFileException unknown(String key, List<String> known) {
    return json.malformed(
        "the key "
            + UntrustedText.quote(key)
            + " is unknown, did you mean \""
            + NearestKey.to(key, known)
            + "\"? Known here: "
            + String.join(", ", known));
  }

  private static boolean isCountable(List<Long> dimensions) {
    long elements = 1;
    for (long dimension : dimensions) {
      if (dimension > Long.MAX_VALUE / elements) {
        return false;
      }
      elements *= dimension;
    }
    return true;
  }

  /** A parameter while its members arrive, in any order. */
  private final class Declaration {

    private @Nullable String name;
    private @Nullable List<Long> shape;
    private Optional<String> role = Optional.empty();
    private Optional<String> layer = Optional.empty();
    private OptionalInt maps = OptionalInt.empty();
    private OptionalInt branches = OptionalInt.empty();

    void member(String key) {
      switch (key) {
        case "name" -> name = text("the parameter's name");
        case "shape" -> shape = shape();
        case "role" -> role = Optional.of(text("a role's name"));
        case "layer" -> layer = Optional.of(text("a layer's name"));
        case "maps" -> maps = count();
        case "branches" -> branches = count();
        default -> throw unknown(key, PARAMETER_KEYS);
      }
    }

    private String text(String what) {
      String text = json.string(what);
      if (text.isBlank()) {
        throw json.malformed("is blank, must be " + what);
      }
      return text;
    }

    private OptionalInt count() {
      long count = json.integer(1, "an integer from 1 and");
      if (count > Integer.MAX_VALUE) {
        throw json.malformed("is %d, must be below 2^31".formatted(count));
      }
      return OptionalInt.of((int) count);
    }

    private List<Long> shape() {
      List<Long> dimensions = json.dimensions(SafetensorsHeader.MOST_DIMENSIONS, 1);
      if (!isCountable(dimensions)) {
        throw json.malformed(
            "the shape " + dimensions + " has 2^63 elements or more, must have fewer");
      }
      return dimensions;
    }

    DeclaredParameter build() {
      if (name == null || shape == null) {
        throw json.malformed(
            "lacks the key \"" + (name == null ? "name" : "shape") + "\", must be " + PARAMETER);
      }
      return new DeclaredParameter(name, shape, role, layer, maps, branches);
    }
  }
}
