package org.widthwise.djl.plan;

import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.transformer.BertBlock;
import ai.djl.nn.transformer.BertMaskedLanguageModelBlock;
import ai.djl.nn.transformer.BertNextSentenceBlock;
import ai.djl.util.Pair;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.widthwise.core.shape.Layer;
import org.widthwise.core.shape.Role;

/** The walk through a tree of blocks, which meets every trained parameter once. */
final class BlockTree {

  private final IdentityHashMap<Parameter, Occurrence> found = new IdentityHashMap<>();
  private final List<Parameter> order = new ArrayList<>();
  private final Set<Block> blocks = Collections.newSetFromMap(new IdentityHashMap<>());

  private BlockTree() {}

  static BlockTree of(Block root) {
    BlockTree tree = new BlockTree();
    tree.walk(List.of(root), "", Optional.empty());
    tree.tieTokenEmbeddings();
    return tree;
  }

  /** The trained parameters in DJL's order. */
  List<Occurrence> parameters() {
    return order.stream().map(parameter -> get(parameter)).toList();
  }

  boolean contains(Block block) {
    return blocks.contains(block);
  }

  private Occurrence get(Parameter parameter) {
    Occurrence occurrence = found.get(parameter);
    if (occurrence == null) {
      throw new IllegalStateException("parameter " + parameter.getId() + " was not met");
    }
    return occurrence;
  }

  private void walk(List<Block> path, String prefix, Optional<Layer> layer) {
    Block block = path.get(path.size() - 1);
    blocks.add(block);
    for (Pair<String, Parameter> pair : block.getDirectParameters()) {
      if (pair.getValue().requiresGradient()) {
        meet(occurrence(path, prefix + pair.getKey(), pair.getKey(), pair.getValue(), layer));
      }
    }
    // What this block's type says of where its children stand.
    Optional<Layer> below =
        block instanceof BertNextSentenceBlock ? Optional.of(Layer.READOUT) : layer;
    for (Pair<String, Block> child : block.getChildren()) {
      List<Block> longer = new ArrayList<>(path);
      longer.add(child.getValue());
      walk(List.copyOf(longer), prefix + child.getKey() + "_", below);
    }
  }

  private static Occurrence occurrence(
      List<Block> path, String name, String key, Parameter parameter, Optional<Layer> layer) {
    Optional<Kind> kind =
        Kinds.of(path.get(path.size() - 1), key, Occurrence.shape(name, parameter));
    return new Occurrence(
        name,
        parameter,
        path,
        kind.map(known -> layer.isPresent() ? known.at(layer.get()) : known));
  }

  private void meet(Occurrence occurrence) {
    Parameter parameter = occurrence.parameter();
    Occurrence first = found.get(parameter);
    if (first == null) {
      found.put(parameter, occurrence);
      order.add(parameter);
      return;
    }
    if (first.owner() == occurrence.owner() || sameRole(first, occurrence)) {
      return;
    }
    found.put(parameter, tied(first, occurrence));
  }

  private static boolean sameRole(Occurrence first, Occurrence second) {
    return first.kind().map(Kind::role).equals(second.kind().map(Kind::role));
  }

  /** A table that is looked up at one place is a readout wherever else it stands. */
  private static Occurrence tied(Occurrence first, Occurrence second) {
    if (isTable(first) && isReadout(second)) {
      return first.with(first.kind().orElseThrow().as(Role.TIED_EMBEDDING));
    }
    if (isTable(second) && isReadout(first)) {
      return first.with(second.kind().orElseThrow().as(Role.TIED_EMBEDDING));
    }
    throw new IllegalArgumentException(
        ("one parameter stands at two places, as %s in '%s' and as %s in '%s': that is known of an"
                + " embedding that is read out too, and of nothing else")
            .formatted(role(first), first.name(), role(second), second.name()));
  }

  private static boolean isTable(Occurrence occurrence) {
    return occurrence
        .kind()
        .map(kind -> kind.role() == Role.EMBEDDING || kind.role() == Role.TIED_EMBEDDING)
        .orElse(false);
  }

  private static boolean isReadout(Occurrence occurrence) {
    return occurrence.kind().map(kind -> kind.role() == Role.MATRIX).orElse(true);
  }

  private static String role(Occurrence occurrence) {
    return occurrence.kind().map(kind -> kind.role().id()).orElse("something unknown");
  }

  /**
   * BERT's language model multiplies by the token embedding, which it is handed as an input: no
   * second parameter shows it.
   */
  private void tieTokenEmbeddings() {
    if (blocks.stream().noneMatch(BertMaskedLanguageModelBlock.class::isInstance)) {
      return;
    }
    List<BertBlock> berts =
        blocks.stream().filter(BertBlock.class::isInstance).map(BertBlock.class::cast).toList();
    if (berts.size() != 1) {
      throw new IllegalArgumentException(
          "a BertMaskedLanguageModelBlock reads out a BertBlock's token embedding, but there are %d"
                  .formatted(berts.size())
              + " BertBlocks: read the parameters of a block with just one");
    }
    Collection<Parameter> tables = berts.get(0).getTokenEmbedding().getDirectParameters().values();
    for (Parameter table : tables) {
      found.computeIfPresent(
          table,
          (parameter, occurrence) ->
              occurrence.with(occurrence.kind().orElseThrow().as(Role.TIED_EMBEDDING)));
    }
  }
}
