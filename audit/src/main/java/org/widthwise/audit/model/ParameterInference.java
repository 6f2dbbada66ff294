package org.widthwise.audit.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.widthwise.audit.UntrustedText;
import org.widthwise.core.shape.Layer;
import org.widthwise.core.shape.Parameter;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.core.shape.Role;

/**
 * Tells what the parameters of a described model are. In this order: what the user says by glob,
 * what the file declares, what name and shape suggest ({@link NameHints}).
 *
 * <p>The layer of a matrix, that is, which of its dimensions is width, is read off a base model
 * where there is one: the dimensions that differ are width. Otherwise a name may say it, and else
 * the dimensions do: the readout's outputs are no other parameter's inputs, and the input layer's
 * inputs no other's outputs.
 */
public final class ParameterInference {

  private final List<RoleOverride> overrides;
  private final List<CountOverride> maps;
  private final List<CountOverride> branches;
  private final boolean fusedAsStacks;

  /**
   * With what the user says.
   *
   * @param overrides declarations by glob; of several that match a name the last counts
   */
  public ParameterInference(List<RoleOverride> overrides) {
    this(overrides, List.of(), List.of());
  }

  /**
   * With what the user says, of maps and branches too, which names and shapes cannot tell.
   *
   * @param overrides declarations by glob; of several that match a name the last counts
   * @param maps how many maps of equal size are stacked along the first dimension, by glob likewise
   * @param branches how many residual branches are summed beside a parameter's own, that included,
   *     by glob likewise
   */
  public ParameterInference(
      List<RoleOverride> overrides, List<CountOverride> maps, List<CountOverride> branches) {
    this(overrides, maps, branches, false);
  }

  private ParameterInference(
      List<RoleOverride> overrides,
      List<CountOverride> maps,
      List<CountOverride> branches,
      boolean fusedAsStacks) {
    this.overrides = List.copyOf(overrides);
    this.maps = List.copyOf(maps);
    this.branches = List.copyOf(branches);
    this.fusedAsStacks = fusedAsStacks;
  }

  /**
   * The same, but fused projections whose maps are of equal sizes and lie one after another, such
   * as the queries, keys and values of most attentions, are stacks of those ({@link FusedMaps}),
   * unless somebody says how many maps there are.
   *
   * @return an inference for plans, which scale each map of a stack by itself
   */
  public ParameterInference withFusedAsStacks() {
    return new ParameterInference(overrides, maps, branches, true);
  }

  /**
   * Tells a model's roles and layers.
   *
   * @param model the model
   * @return its parameters, and what was left out
   * @throws IllegalArgumentException if a declaration does not suit a parameter's shape, or a glob
   *     matches none
   */
  public InferredModel infer(ModelDescription model) {
    return infer(model, null);
  }

  /**
   * Tells roles and layers of a model that has a base model. What the base's file declares of a
   * parameter, as that of a plan does of all, counts where the model's own says nothing.
   *
   * @param model the model
   * @param base the base model; parameters are matched by name
   * @return the model's parameters, and what was left out
   * @throws IllegalArgumentException if a declaration does not suit a parameter's shape, or a glob
   *     matches none
   */
  public InferredModel inferRelativeTo(ModelDescription model, ModelDescription base) {
    return infer(model, base);
  }

  /**
   * The base model's parameters, with the roles and layers of the model that is scaled from it, and
   * its maps and branches unless the base's file declares others.
   *
   * @param base the base model
   * @param model the inferred model
   * @return the base model's parameters, in the model's order
   * @throws IllegalArgumentException if one is missing or has other axes
   */
  public static List<Parameter> counterparts(ModelDescription base, InferredModel model) {
    Map<String, DeclaredParameter> byName = byName(base);
    List<Parameter> counterparts = new ArrayList<>();
    for (InferredParameter inferred : model.parameters()) {
      Parameter parameter = inferred.parameter();
      DeclaredParameter declared = byName.get(parameter.name());
      if (declared == null) {
        throw new IllegalArgumentException(
            "the base model has no parameter "
                + UntrustedText.quote(parameter.name())
                + "; a base has the same parameters at other widths");
      }
      counterparts.add(
          new Parameter(
              parameter.name(),
              counterpart(declared, inferred),
              declared.branches().orElse(parameter.branches())));
    }
    return counterparts;
  }

  private static ParameterShape counterpart(DeclaredParameter base, InferredParameter inferred) {
    ParameterShape shape = inferred.parameter().shape();
    ParameterShape whole = shape(base, shape.role(), shape.layer(), inferred.order());
    return stacked(base.name(), whole, base.maps().orElse(Stacks.mapsAt(whole, shape)));
  }

  private InferredModel infer(ModelDescription model, @Nullable ModelDescription base) {
    requireMatches(model);
    Map<String, DeclaredParameter> baseByName = base == null ? Map.of() : byName(base);
    Map<String, NameHint> hints = NameHints.of(model.parameters());
    List<SkippedTensor> skipped = new ArrayList<>(model.skipped());
    List<Candidate> candidates = new ArrayList<>();
    for (DeclaredParameter declared : model.parameters()) {
      NameHint hint = hints.get(declared.name());
      if (hint == null) {
        throw new IllegalStateException("no hint for " + declared.name());
      }
      DeclaredParameter counterpart = baseByName.get(declared.name());
      Candidate candidate =
          candidate(counterpart == null ? declared : declared.orElse(counterpart), hint);
      if (candidate == null) {
        skipped.add(new SkippedTensor(declared.name(), hint.reason()));
      } else {
        candidates.add(candidate);
      }
    }
    LayerInference layers = new LayerInference(candidates, shapes(baseByName));
    List<InferredParameter> inferred = new ArrayList<>();
    for (Candidate candidate : candidates) {
      LayerInference.Told layer = layers.layer(candidate);
      DeclaredParameter declared = candidate.declared();
      String name = declared.name();
      ParameterShape whole = shape(declared, candidate.role(), layer.layer(), candidate.order());
      int stacked = maps(candidate, whole, baseByName.get(name));
      inferred.add(
          new InferredParameter(
              new Parameter(
                  name,
                  stacked(name, whole, stacked),
                  count(branches, name).orElse(declared.branches().orElse(1))),
              declared.shape(),
              candidate.order(),
              candidate.reason() + "; " + layer.reason()));
    }
    return new InferredModel(
        fusedAsStacks ? Stacks.ofFused(inferred, candidates, baseByName) : inferred, skipped);
  }

  /** How many maps are stacked: what is said here, what is said of the base, what it seems. */
  private static int maps(
      Candidate candidate, ParameterShape whole, @Nullable DeclaredParameter base) {
    if (candidate.mapsTold() || base == null || base.maps().isEmpty()) {
      return candidate.maps();
    }
    ParameterShape ofBase = shape(base, whole.role(), whole.layer(), candidate.order());
    return Stacks.mapsAt(whole, stacked(base.name(), ofBase, base.maps().getAsInt()));
  }

  private void requireMatches(ModelDescription model) {
    overrides.forEach(override -> requireMatch(model, override.glob(), override::matches));
    maps.forEach(count -> requireMatch(model, count.glob(), count::matches));
    branches.forEach(count -> requireMatch(model, count.glob(), count::matches));
  }

  private static void requireMatch(ModelDescription model, String glob, Predicate<String> matches) {
    if (model.parameters().stream().noneMatch(p -> matches.test(p.name()))) {
      throw new IllegalArgumentException("no parameter's name matches '%s'".formatted(glob));
    }
  }

  private static OptionalInt count(List<CountOverride> overrides, String name) {
    return overrides.stream()
        .filter(override -> override.matches(name))
        .mapToInt(CountOverride::count)
        .reduce((earlier, later) -> later);
  }

  /** What is known before layers are; null if it is not known what the parameter is. */
  private @Nullable Candidate candidate(DeclaredParameter declared, NameHint hint) {
    Optional<Role> role = declared.role().flatMap(word -> parse(declared, word).role());
    Optional<Layer> layer = declared.role().flatMap(word -> parse(declared, word).layer());
    String reason = "declared in the file";
    if (declared.layer().isPresent()) {
      layer = declared.layer().map(Layer::named);
    }
    for (RoleOverride override : overrides) {
      if (override.matches(declared.name())) {
        role = override.declaration().role().or(() -> declaredRole(declared));
        layer = override.declaration().layer();
        reason = "declared for '%s'".formatted(override.glob());
      }
    }
    if (role.isEmpty()) {
      role = role(hint, declared, layer.isPresent());
      reason = hint.reason();
    }
    if (layer.isEmpty() && hint.kind() == ParameterKind.READOUT) {
      layer = Optional.of(Layer.READOUT);
    }
    if (role.isEmpty()) {
      return null;
    }
    OptionalInt told = count(maps, declared.name());
    told = told.isPresent() ? told : declared.maps();
    // What is said to read the network's input has as many channels as that.
    boolean depthwise = role.get().isConvolution() && !layer.equals(Optional.of(Layer.INPUT));
    return new Candidate(
        declared,
        role.get(),
        layer,
        hint.order().suiting(role.get()),
        told.orElse(depthwise ? hint.maps() : 1),
        told.isPresent(),
        reason);
  }

  private static Optional<Role> declaredRole(DeclaredParameter declared) {
    return declared.role().flatMap(word -> parse(declared, word).role());
  }

  private static RoleOverride.Declaration parse(DeclaredParameter declared, String word) {
    try {
      return RoleOverride.Declaration.parse(word);
    } catch (IllegalArgumentException unknown) {
      throw new IllegalArgumentException(
          UntrustedText.quote(declared.name()) + ": " + unknown.getMessage(), unknown);
    }
  }

  private static Optional<Role> role(
      NameHint hint, DeclaredParameter declared, boolean layerDeclared) {
    int rank = declared.shape().size();
    return switch (hint.kind()) {
      case EMBEDDING -> Optional.of(layerDeclared && rank == 2 ? Role.MATRIX : Role.EMBEDDING);
      case READOUT -> Optional.of(rank == 2 ? Role.MATRIX : Role.CONVOLUTION);
      case GAIN -> Optional.of(Role.GAIN);
      case BIAS -> Optional.of(Role.BIAS);
      case CONVOLUTION -> Optional.of(Role.CONVOLUTION);
      case MATRIX -> Optional.of(Role.MATRIX);
      case SCALAR -> Optional.of(singleElement(declared, rank));
      case UNKNOWN -> Optional.empty();
    };
  }

  /** A network with one output has a readout of one row and a bias of one element. */
  private static Role singleElement(DeclaredParameter declared, int rank) {
    if (rank == 2) {
      return Role.MATRIX;
    }
    return rank == 1 && declared.name().endsWith("bias") ? Role.BIAS : Role.SCALAR;
  }

  private static ParameterShape shape(
      DeclaredParameter declared, Role role, Layer layer, AxisOrder order) {
    return checked(
        declared.name(),
        () -> new ParameterShape(role, layer, Candidate.axes(role, declared.shape(), order)));
  }

  private static ParameterShape stacked(String name, ParameterShape whole, int maps) {
    return checked(name, () -> whole.stacked(maps));
  }

  private static ParameterShape checked(String name, Supplier<ParameterShape> shape) {
    try {
      return shape.get();
    } catch (IllegalArgumentException unsuitable) {
      throw new IllegalArgumentException(
          UntrustedText.quote(name) + ": " + unsuitable.getMessage(), unsuitable);
    }
  }

  private static Map<String, DeclaredParameter> byName(ModelDescription model) {
    Map<String, DeclaredParameter> byName = new HashMap<>();
    model.parameters().forEach(p -> byName.put(p.name(), p));
    return byName;
  }

  private static Map<String, List<Long>> shapes(Map<String, DeclaredParameter> parameters) {
    Map<String, List<Long>> shapes = new HashMap<>();
    parameters.forEach((name, parameter) -> shapes.put(name, parameter.shape()));
    return shapes;
  }
}
