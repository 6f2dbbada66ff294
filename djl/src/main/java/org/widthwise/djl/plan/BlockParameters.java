package org.widthwise.djl.plan;

import ai.djl.nn.Block;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.widthwise.core.shape.Layer;
import org.widthwise.core.shape.LayerInference;
import org.widthwise.core.shape.Parameter;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.core.shape.Role;

/**
 * What the parameters of a DJL block are, for plans. The role of each follows from the type of the
 * block that holds it, never from a name or from its dimensions: {@code Linear}, {@code
 * LinearCollection}, {@code Convolution} and {@code Deconvolution}, embeddings, {@code LayerNorm},
 * {@code BatchNorm}, {@code RNN}, {@code LSTM} and {@code GRU} with their stacked gates, the blocks
 * of attention and BERT that are made of these, {@code Multiplication}, {@code Prelu}. What cannot
 * be told is an error that says how to declare it.
 *
 * <p>Where a parameter stands, input, hidden or readout, is not in a block's type. It is said
 * ({@link #input}, {@link #readout}, all others being hidden), or found by comparison with the same
 * network at another width ({@link #comparedWith}).
 *
 * <p>Parameters that are not trained are left out: running means and variances, and what was frozen
 * before.
 *
 * <p>A value is immutable. The block's shapes must be known, so {@code block.initialize(…)} comes
 * first.
 */
public final class BlockParameters {

  private final Block root;
  private final Map<String, Declared> declared;
  private final IdentityHashMap<Block, Layer> layers;
  private final IdentityHashMap<Block, Integer> branches;
  private final boolean othersHidden;
  private final @Nullable Block otherWidth;

  /** A role that was said, of so many maps. */
  private record Declared(Role role, Layer layer, int maps) {}

  private BlockParameters(
      Block root,
      Map<String, Declared> declared,
      IdentityHashMap<Block, Layer> layers,
      IdentityHashMap<Block, Integer> branches,
      boolean othersHidden,
      @Nullable Block otherWidth) {
    this.root = root;
    this.declared = declared;
    this.layers = layers;
    this.branches = branches;
    this.othersHidden = othersHidden;
    this.otherWidth = otherWidth;
  }

  /**
   * The parameters of a block and of all blocks below it.
   *
   * @param block the block, its shapes known
   * @return the parameters, of which nothing is said yet but what their blocks' types say
   */
  public static BlockParameters of(Block block) {
    return new BlockParameters(
        block, Map.of(), new IdentityHashMap<>(), new IdentityHashMap<>(), false, null);
  }

  /**
   * Says which blocks read the data; what is said of no block is hidden. An embedding reads the
   * data without being named; of a recurrent block it is the first layer's input weights.
   *
   * @param blocks blocks of this tree that hold a matrix or a kernel themselves
   * @return the same with that said
   * @throws IllegalArgumentException if a block is not in the tree, holds nothing that could stand
   *     there, or was said to stand elsewhere
   */
  public BlockParameters input(Block... blocks) {
    return placed(Layer.INPUT, blocks);
  }

  /**
   * Says which blocks write the network's output; what is said of no block is hidden.
   *
   * @param blocks blocks of this tree that hold parameters themselves
   * @return the same with that said
   * @throws IllegalArgumentException if a block is not in the tree, holds nothing that could stand
   *     there, or was said to stand elsewhere
   */
  public BlockParameters readout(Block... blocks) {
    return placed(Layer.READOUT, blocks);
  }

  /**
   * Says that everything of which nothing else is said stands between features.
   *
   * @return the same with that said
   */
  public BlockParameters othersHidden() {
    return new BlockParameters(root, declared, layers, branches, true, otherWidth);
  }

  /**
   * Tells where parameters stand by comparison: what grows is width. What was said of a block or a
   * parameter stands.
   *
   * @param other the same network at another width, its shapes known
   * @return the same with the comparison to be made
   */
  public BlockParameters comparedWith(Block other) {
    return new BlockParameters(root, declared, layers, branches, othersHidden, other);
  }

  /**
   * Says what a parameter is whose block's type is not known here, or is no guide.
   *
   * @param name the parameter's path, such as {@code 02Scale_weight}
   * @param role what it is; a matrix is stored as {@code [fanOut, fanIn]}, a transposed convolution
   *     as {@code [channelsIn, channelsOut / groups, kernel…]}
   * @param layer where it stands
   * @return the same with that said
   */
  public BlockParameters declare(String name, Role role, Layer layer) {
    return declare(name, role, layer, 1);
  }

  /**
   * Says what a parameter is that stacks several equal maps.
   *
   * @param name the parameter's path
   * @param role what each map is
   * @param layer where it stands
   * @param maps the number of maps stacked along the first dimension, such as gates or groups
   * @return the same with that said
   */
  public BlockParameters declare(String name, Role role, Layer layer, int maps) {
    Map<String, Declared> more = new LinkedHashMap<>(declared);
    more.put(name, new Declared(role, layer, maps));
    return new BlockParameters(
        root, Collections.unmodifiableMap(more), layers, branches, othersHidden, otherWidth);
  }

  /**
   * Says that a block holds residual branches: the plan then scales all parameters below it with
   * depth as its recipe says.
   *
   * @param block a block of this tree; of nested ones the innermost decides
   * @param count how many branches are summed: two for each block of a transformer, say
   * @return the same with that said
   * @throws IllegalArgumentException if the block is not in the tree, or the count below 1
   */
  public BlockParameters branches(Block block, int count) {
    if (!BlockTree.of(root).contains(block)) {
      throw notInTree(block, "to hold residual branches");
    }
    if (count < 1) {
      throw new IllegalArgumentException(
          "a network has at least 1 residual branch where it has any, but %d were said"
              .formatted(count));
    }
    IdentityHashMap<Block, Integer> more = new IdentityHashMap<>(branches);
    more.put(block, count);
    return new BlockParameters(root, declared, layers, more, othersHidden, otherWidth);
  }

  private static IllegalArgumentException notInTree(Block block, String what) {
    return new IllegalArgumentException(
        "a %s was said %s, but it is not in the tree of blocks"
            .formatted(block.getClass().getSimpleName(), what));
  }

  private BlockParameters placed(Layer layer, Block... blocks) {
    BlockTree tree = BlockTree.of(root);
    IdentityHashMap<Block, Layer> more = new IdentityHashMap<>(layers);
    for (Block block : blocks) {
      String type = block.getClass().getSimpleName();
      if (!tree.contains(block)) {
        throw notInTree(block, "to be " + layer.id());
      }
      Predicate<Occurrence> open =
          one ->
              one.owner() == block
                  && one.kind().map(Kind::layer).equals(Optional.of(Optional.empty()));
      if (tree.parameters().stream().noneMatch(open)) {
        throw new IllegalArgumentException(
            ("a %s was said to be %s, but it holds no parameter itself that could be: name the"
                    + " block below it that does")
                .formatted(type, layer.id()));
      }
      Layer before = more.put(block, layer);
      if (before != null && before != layer) {
        throw new IllegalArgumentException(
            "a %s was said to be %s and now to be %s".formatted(type, before.id(), layer.id()));
      }
    }
    return new BlockParameters(root, declared, more, branches, true, otherWidth);
  }

  /**
   * The parameters for a plan, in DJL's order.
   *
   * @return names, roles, layers and dimensions
   * @throws IllegalArgumentException as {@link #all}
   */
  public List<Parameter> parameters() {
    return all().stream()
        .map(one -> new Parameter(one.name(), one.shape(), one.branches()))
        .toList();
  }

  /**
   * The parameters with DJL's objects, in DJL's order.
   *
   * @return every trained parameter once
   * @throws IllegalArgumentException if the role or the layer of one cannot be told, a declaration
   *     names none, or a shape is not known; the message says how to go on
   */
  public List<BlockParameter> all() {
    List<Occurrence> found = kinds(root);
    Map<String, ParameterShape> elsewhere = new LinkedHashMap<>();
    if (otherWidth != null) {
      for (Occurrence one : kinds(otherWidth)) {
        elsewhere.put(one.name(), shape(one.kind().orElseThrow(), Layer.HIDDEN));
      }
      List<String> names = found.stream().map(Occurrence::name).toList();
      if (!names.equals(List.copyOf(elsewhere.keySet()))) {
        throw new IllegalArgumentException(
            "the network has the parameters %s, but %s at the other width"
                .formatted(names, elsewhere.keySet()));
      }
    }
    List<BlockParameter> all = new ArrayList<>();
    for (Occurrence one : found) {
      Kind kind = one.kind().orElseThrow();
      all.add(
          new BlockParameter(
              one.name(),
              one.parameter(),
              shape(kind, layer(one, kind, elsewhere)),
              branches(one),
              kind.view()));
    }
    return List.copyOf(all);
  }

  /** All parameters of a tree, each with its kind. */
  private List<Occurrence> kinds(Block block) {
    List<Occurrence> found = BlockTree.of(block).parameters();
    List<String> unused = new ArrayList<>(declared.keySet());
    List<Occurrence> known = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    for (Occurrence one : found) {
      Declared said = declared.get(one.name());
      if (said != null) {
        unused.remove(one.name());
        known.add(one.with(declaredKind(one, said)));
      } else if (one.kind().isPresent()) {
        known.add(one);
      } else {
        unknown.add(
            "'%s' of shape %s in a %s"
                .formatted(one.name(), one.shape(), one.owner().getClass().getSimpleName()));
      }
    }
    if (!unused.isEmpty()) {
      throw new IllegalArgumentException(
          "no trained parameter is named %s; there are %s"
              .formatted(String.join(", ", unused), found.stream().map(Occurrence::name).toList()));
    }
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "the types of their blocks do not say what these parameters are: %s. Say so with declare(name, role, layer), or freeze what is not trained"
              .formatted(String.join("; ", unknown)));
    }
    return known;
  }

  private static Kind declaredKind(Occurrence one, Declared said) {
    try {
      return Kinds.declared(said.role(), one.shape(), said.maps()).at(said.layer());
    } catch (IllegalArgumentException unsuited) {
      throw new IllegalArgumentException(
          "'%s': %s".formatted(one.name(), unsuited.getMessage()), unsuited);
    }
  }

  private Layer layer(Occurrence one, Kind kind, Map<String, ParameterShape> elsewhere) {
    if (kind.layer().isPresent()) {
      return kind.layer().get();
    }
    Layer said = layers.get(one.owner());
    if (said != null) {
      return said;
    }
    ParameterShape other = elsewhere.get(one.name());
    if (other != null) {
      return LayerInference.of(one.name(), shape(kind, Layer.HIDDEN), other);
    }
    if (!othersHidden) {
      throw new IllegalArgumentException(
          ("nothing says where '%s' of shape %s stands: name the blocks that read the data and"
               + " write the output with input(…) and readout(…), compare with the same network at"
               + " another width with comparedWith(…), or say othersHidden()")
              .formatted(one.name(), one.shape()));
    }
    return Layer.HIDDEN;
  }

  private int branches(Occurrence one) {
    int count = 1;
    for (Block block : one.path()) {
      count = branches.getOrDefault(block, count);
    }
    return count;
  }

  private static ParameterShape shape(Kind kind, Layer layer) {
    return new ParameterShape(kind.role(), layer, kind.dimensions(), kind.maps());
  }
}
