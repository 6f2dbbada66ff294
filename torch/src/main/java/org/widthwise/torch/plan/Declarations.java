package org.widthwise.torch.plan;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.widthwise.core.shape.Layer;
import org.widthwise.core.shape.Role;

/**
 * What a module's types do not tell about its parameters: where they stand, what plain parameters
 * are, which hold maps of unequal sizes, and which modules are residual branches. Names are those
 * of {@code named_parameters()}, or of modules, then of all that is inside, or of parts, such as
 * {@code wqkv.weight[key]}; the longest name that fits decides.
 */
public final class Declarations {

  private final Map<String, Layer> layers;
  private final Map<String, DeclaredRole> roles;
  private final Map<String, Parts> parts;
  private final Map<String, Integer> branches;

  /** A role and how many maps are stacked. */
  record DeclaredRole(Role role, int maps) {}

  private Declarations(
      Map<String, Layer> layers,
      Map<String, DeclaredRole> roles,
      Map<String, Parts> parts,
      Map<String, Integer> branches) {
    this.layers = layers;
    this.roles = roles;
    this.parts = parts;
    this.branches = branches;
  }

  /**
   * Nothing is declared.
   *
   * @return the declarations
   */
  public static Declarations none() {
    return new Declarations(Map.of(), Map.of(), Map.of(), Map.of());
  }

  /**
   * What reads the data: its fan-in does not grow with width. Matrices and convolutions that are
   * neither declared input nor readout are then between features.
   *
   * @param names parameters, or modules
   * @return the declarations
   */
  public Declarations input(String... names) {
    return layer(Layer.INPUT, names);
  }

  /**
   * What writes the network's output: its fan-out does not grow with width.
   *
   * @param names parameters, or modules
   * @return the declarations
   */
  public Declarations readout(String... names) {
    return layer(Layer.READOUT, names);
  }

  /**
   * What maps features to features, where a comparison of two widths would say otherwise.
   *
   * @param names parameters, or modules
   * @return the declarations
   */
  public Declarations hidden(String... names) {
    return layer(Layer.HIDDEN, names);
  }

  private Declarations layer(Layer layer, String... names) {
    Map<String, Layer> changed = new LinkedHashMap<>(layers);
    for (String name : names) {
      changed.put(name, layer);
    }
    return new Declarations(changed, roles, parts, branches);
  }

  /**
   * What a parameter is that stands in no module of a known type, or is used otherwise than its
   * module's type says.
   *
   * @param name the parameter
   * @param role what it is
   * @return the declarations
   */
  public Declarations role(String name, Role role) {
    return role(name, role, 1);
  }

  /**
   * What a parameter of several maps of equal size is, such as queries, keys and values in one
   * matrix. Where sizes differ, see {@link #parts}.
   *
   * @param name the parameter
   * @param role what it is
   * @param maps how many maps are stacked along its first dimension
   * @return the declarations
   */
  public Declarations role(String name, Role role, int maps) {
    Map<String, DeclaredRole> changed = new LinkedHashMap<>(roles);
    changed.put(name, new DeclaredRole(role, maps));
    return new Declarations(layers, changed, parts, branches);
  }

  /**
   * Maps that lie one after another along the first dimension of a fused matrix, convolution, bias
   * or gain, and need not be of equal size, such as the queries, keys and values of grouped-query
   * attention: {@code parts("wqkv", Parts.ofHeads(32, 8))}. Each becomes a parameter of the plan by
   * itself, {@code wqkv.weight[query]} and so on, as it would be in a layer of its own.
   *
   * @param name the parameter, or the module that it is directly in, whose bias is then parted
   *     likewise; what comes before may be left out, so that {@code attention.wqkv} is that of
   *     every block
   * @param parts the maps in their order
   * @return the declarations
   */
  public Declarations parts(String name, Parts parts) {
    Map<String, Parts> changed = new LinkedHashMap<>(this.parts);
    changed.put(name, parts);
    return new Declarations(layers, roles, changed, branches);
  }

  /**
   * Residual branches: the plan then scales with depth as its recipe says.
   *
   * @param name the module that holds the branches, such as {@code blocks}
   * @param count how many branches are summed: two for each block of a transformer
   * @return the declarations
   */
  public Declarations branches(String name, int count) {
    Map<String, Integer> changed = new LinkedHashMap<>(branches);
    changed.put(name, count);
    return new Declarations(layers, roles, parts, changed);
  }

  Optional<Layer> layerOf(String parameter) {
    return Optional.ofNullable(longest(layers, parameter));
  }

  Optional<DeclaredRole> roleOf(String parameter) {
    return Optional.ofNullable(roles.get(parameter));
  }

  Optional<Parts> partsOf(String parameter) {
    return parts.keySet().stream()
        .filter(name -> fitsEnd(name, parameter))
        .max(Comparator.comparingInt(String::length))
        .map(parts::get);
  }

  int branchesOf(String parameter) {
    Integer count = longest(branches, parameter);
    return count == null ? 1 : count;
  }

  /** Whether anything was said of where parameters stand. */
  boolean tellLayers() {
    return !layers.isEmpty();
  }

  /** Every name of which it was declared where it stands; it may be that of a part. */
  Set<String> placed() {
    Set<String> names = new LinkedHashSet<>(layers.keySet());
    names.addAll(branches.keySet());
    return names;
  }

  /** Every name of which a role was declared. */
  Set<String> withRole() {
    return roles.keySet();
  }

  /** Every name of which parts were declared. */
  Set<String> parted() {
    return parts.keySet();
  }

  static boolean fits(String declared, String parameter) {
    return declared.isEmpty()
        || parameter.equals(declared)
        || parameter.startsWith(declared + ".")
        || parameter.startsWith(declared + "[");
  }

  /** Whether the name of a parameter, or of the module that it is directly in, ends so. */
  static boolean fitsEnd(String declared, String parameter) {
    String module = parameter.substring(0, Math.max(0, parameter.lastIndexOf('.')));
    return ("." + parameter).endsWith("." + declared) || ("." + module).endsWith("." + declared);
  }

  private static <T> @Nullable T longest(Map<String, T> declared, String parameter) {
    String best = null;
    for (String name : declared.keySet()) {
      if (fits(name, parameter) && (best == null || name.length() > best.length())) {
        best = name;
      }
    }
    return best == null ? null : declared.get(best);
  }
}
