package org.widthwise.torch.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.StringSharedModuleDict;
import org.bytedeco.pytorch.StringTensorDict;
import org.jspecify.annotations.Nullable;
import org.widthwise.core.shape.Layer;
import org.widthwise.core.shape.LayerInference;
import org.widthwise.core.shape.Parameter;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.core.shape.Role;
import org.widthwise.torch.engine.Tensors;

/**
 * What the parameters of any module are, for plans: read off the types of the modules in its tree,
 * never off names or positions. What types do not tell is declared; nothing is guessed.
 *
 * <p>Where a matrix stands (reads the data, lies between features, writes the output) no type
 * tells. It is told by the same network at another width, in which the dimensions that are width
 * differ, or by {@link Declarations#input} and {@link Declarations#readout}.
 *
 * <p>A fused parameter whose maps have unequal sizes is {@linkplain Declarations#parts declared} to
 * have parts, each of which is a parameter in what is returned.
 *
 * <p>A tensor that modules share is one parameter, under its first name. Shared by an embedding and
 * a linear layer it is a {@link Role#TIED_EMBEDDING}.
 */
public final class ModuleParameters {

  private ModuleParameters() {}

  /**
   * The parameters of a module, of which it is declared which layers read the data and which write
   * the output.
   *
   * @param module the module
   * @param declarations what the types of its modules do not tell
   * @return its parameters, in the order of {@code named_parameters()}, parts one after another
   * @throws IllegalArgumentException if something is not told, or a declaration fits nothing; the
   *     message says what to declare
   */
  public static List<Parameter> of(Module module, Declarations declarations) {
    return parameters(module, null, declarations);
  }

  /**
   * The parameters of a module, of which the same module at another width tells where they stand.
   *
   * @param module the module
   * @param otherWidth the same at another width, wider or narrower; only its shapes are read
   * @param declarations what neither tells
   * @return the module's parameters, in the order of {@code named_parameters()}, parts one after
   *     another
   * @throws IllegalArgumentException if the two have different parameters, or something is not
   *     told; the message says what to declare
   */
  public static List<Parameter> of(Module module, Module otherWidth, Declarations declarations) {
    return parameters(module, otherWidth, declarations);
  }

  private static List<Parameter> parameters(
      Module module, @Nullable Module otherWidth, Declarations declarations) {
    try (PointerScope scope = new PointerScope()) {
      requireFits(module, declarations);
      List<Placeless> found = placeless(module, declarations);
      Map<String, Placeless> others = new LinkedHashMap<>();
      if (otherWidth != null) {
        placeless(otherWidth, declarations).forEach(other -> others.put(other.name(), other));
      }
      List<Parameter> parameters = new ArrayList<>();
      List<String> untold = new ArrayList<>();
      for (Placeless parameter : found) {
        // A table that is the readout as well is declared as that; where it stands is told already.
        boolean table =
            parameter.role() == Role.EMBEDDING || parameter.role() == Role.TIED_EMBEDDING;
        Optional<Layer> layer =
            (table ? Optional.<Layer>empty() : declarations.layerOf(parameter.name()))
                .or(() -> compared(parameter, others, otherWidth != null))
                .or(() -> byRole(parameter, declarations));
        if (layer.isEmpty()) {
          untold.add(parameter.name());
        } else {
          parameters.add(
              new Parameter(
                  parameter.name(),
                  parameter.at(layer.get()),
                  declarations.branchesOf(parameter.name())));
        }
      }
      if (!untold.isEmpty()) {
        throw new IllegalArgumentException(
            ("nothing tells which of these read the data, which lie between features and which"
                    + " write the output: %s; give the same network at another width, or declare"
                    + " them: Declarations.none().input(…).readout(…), after which all others are"
                    + " between features")
                .formatted(untold));
      }
      return List.copyOf(parameters);
    }
  }

  /** A parameter of which all is known but where it stands. */
  private record Placeless(String name, Role role, List<Long> dimensions, int maps) {

    ParameterShape at(Layer layer) {
      try {
        return new ParameterShape(role, layer, dimensions, maps);
      } catch (IllegalArgumentException unsuitable) {
        throw new IllegalArgumentException(
            "'%s': %s%s"
                .formatted(
                    name,
                    unsuitable.getMessage(),
                    maps > 1 ? "; maps of unequal sizes are Declarations.parts" : ""),
            unsuitable);
      }
    }
  }

  private static Optional<Layer> compared(
      Placeless parameter, Map<String, Placeless> others, boolean comparing) {
    if (!comparing) {
      return Optional.empty();
    }
    Placeless other = others.get(parameter.name());
    if (other == null) {
      throw new IllegalArgumentException(
          "the network at the other width has no parameter '%s'; it has %s"
              .formatted(parameter.name(), others.keySet()));
    }
    return Optional.of(
        LayerInference.of(parameter.name(), parameter.at(Layer.HIDDEN), other.at(Layer.HIDDEN)));
  }

  private static Optional<Layer> byRole(Placeless parameter, Declarations declarations) {
    return switch (parameter.role()) {
      case EMBEDDING, TIED_EMBEDDING -> Optional.of(Layer.INPUT);
      case GAIN, SCALAR -> Optional.of(Layer.HIDDEN);
      case BIAS ->
          declarations
              .layerOf(weightBeside(parameter.name()))
              .or(() -> hiddenIfOthersAreTold(declarations));
      case MATRIX, CONVOLUTION, TRANSPOSED_CONVOLUTION -> hiddenIfOthersAreTold(declarations);
    };
  }

  private static Optional<Layer> hiddenIfOthersAreTold(Declarations declarations) {
    return declarations.tellLayers() ? Optional.of(Layer.HIDDEN) : Optional.empty();
  }

  /** A bias is added to what the weight of its module writes, a part of it to what a part does. */
  private static String weightBeside(String bias) {
    int bracket = bias.indexOf('[', bias.lastIndexOf('.') + 1);
    String part = bracket < 0 ? "" : bias.substring(bracket);
    return bias.substring(0, bias.lastIndexOf('.') + 1) + "weight" + part;
  }

  private static List<Placeless> placeless(Module module, Declarations declarations) {
    Map<String, ModuleKinds.Kind> kinds = new LinkedHashMap<>();
    collect(module, "", declarations, kinds);
    try (StringSharedModuleDict modules = module.named_modules("", false)) {
      for (long i = 0; i < modules.size(); i++) {
        String prefix = modules.get(i).key().getString() + ".";
        collect(modules.get(i).access(), prefix, declarations, kinds);
      }
    }
    List<Placeless> found = new ArrayList<>();
    for (NamedTensors.Named named : NamedTensors.shared(module)) {
      List<String> names = named.names();
      for (String name : names) {
        if (!kinds.containsKey(name)) {
          throw new IllegalArgumentException(
              ("'%s' of shape %s stands in no module whose type tells what it is: declare it, such"
                      + " as Declarations.none().role(\"%s\", Role.GAIN)")
                  .formatted(name, Arrays.toString(Tensors.shape(named.tensor())), name));
        }
      }
      List<ModuleKinds.Kind> told =
          kinds.entrySet().stream()
              .filter(entry -> names.contains(entry.getKey()))
              .map(Map.Entry::getValue)
              .distinct()
              .toList();
      ModuleKinds.Kind kind = merged(names, told);
      Placeless whole =
          new Placeless(
              names.get(0),
              kind.role(),
              Arrays.stream(Tensors.shape(named.tensor())).boxed().toList(),
              kind.maps());
      found.addAll(
          declarations
              .partsOf(whole.name())
              .map(parts -> parted(whole, parts))
              .orElse(List.of(whole)));
    }
    return found;
  }

  private static List<Placeless> parted(Placeless whole, Parts parts) {
    boolean stackable =
        switch (whole.role()) {
          case MATRIX, CONVOLUTION, BIAS, GAIN -> !whole.dimensions().isEmpty();
          case TRANSPOSED_CONVOLUTION, EMBEDDING, TIED_EMBEDDING, SCALAR -> false;
        };
    if (!stackable || whole.maps() > 1) {
      throw new IllegalArgumentException(
          ("'%s' cannot be parted into %s, since it is %s of shape %s%s: parts are those of a"
                  + " matrix, a convolution, a bias or a gain that is not one of several maps"
                  + " already")
              .formatted(
                  whole.name(),
                  parts,
                  whole.role().id(),
                  whole.dimensions(),
                  whole.maps() > 1 ? ", %d maps of equal size".formatted(whole.maps()) : ""));
    }
    List<Placeless> parted = new ArrayList<>();
    for (Parts.Part part : parts.of(whole.name(), whole.dimensions())) {
      List<Long> dimensions = new ArrayList<>(whole.dimensions());
      dimensions.set(0, part.size());
      parted.add(new Placeless(Parts.name(whole.name(), part.name()), whole.role(), dimensions, 1));
    }
    return parted;
  }

  private static ModuleKinds.Kind merged(List<String> names, List<ModuleKinds.Kind> told) {
    if (told.size() == 1) {
      return told.get(0);
    }
    List<Role> roles = told.stream().map(ModuleKinds.Kind::role).sorted().toList();
    if (roles.equals(List.of(Role.MATRIX, Role.EMBEDDING))) {
      return ModuleKinds.Kind.of(Role.TIED_EMBEDDING);
    }
    throw new IllegalArgumentException(
        ("one tensor is named %s and used as %s: only an embedding and the readout can share one;"
                + " declare its role under its first name if that is what it is")
            .formatted(names, roles.stream().map(Role::id).toList()));
  }

  private static void collect(
      Module module,
      String prefix,
      Declarations declarations,
      Map<String, ModuleKinds.Kind> kinds) {
    try (StringTensorDict own = module.named_parameters(false)) {
      for (long i = 0; i < own.size(); i++) {
        String local = own.get(i).key().getString();
        String name = prefix + local;
        declarations
            .roleOf(name)
            .map(declared -> new ModuleKinds.Kind(declared.role(), declared.maps()))
            .or(() -> ModuleKinds.of(module, local))
            .ifPresent(kind -> kinds.put(name, kind));
      }
    }
  }

  private static void requireFits(Module module, Declarations declarations) {
    List<String> names = new ArrayList<>();
    List<String> firstNames = new ArrayList<>();
    List<String> partNames = new ArrayList<>();
    for (NamedTensors.Named named : NamedTensors.shared(module)) {
      names.addAll(named.names());
      String first = named.names().get(0);
      firstNames.add(first);
      declarations.partsOf(first).ifPresent(parts -> partNames.addAll(parts.names(first)));
    }
    requireFits(declarations.withRole(), names, Declarations::fits);
    requireFits(declarations.parted(), firstNames, Declarations::fitsEnd);
    names.addAll(partNames);
    requireFits(declarations.placed(), names, Declarations::fits);
  }

  private static void requireFits(
      Set<String> declared, List<String> names, BiPredicate<String, String> fits) {
    for (String name : declared) {
      if (names.stream().noneMatch(parameter -> fits.test(name, parameter))) {
        throw new IllegalArgumentException(
            "'%s' was declared, but the module has no such parameter or submodule; it has %s"
                .formatted(name, names));
      }
    }
  }
}
