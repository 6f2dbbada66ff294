package org.widthwise.audit.model;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.widthwise.core.shape.Layer;
import org.widthwise.core.shape.Role;

/** Tells in which layer parameters stand. */
final class LayerInference {

  /** A layer and why. */
  record Told(Layer layer, String reason) {}

  private final Map<String, List<Long>> baseShapes;
  private final Map<String, Told> told = new HashMap<>();

  LayerInference(List<Candidate> candidates, Map<String, List<Long>> baseShapes) {
    // At the base itself no dimension tells; the layers must still be those of the wider model.
    this.baseShapes = differs(candidates, baseShapes) ? baseShapes : Map.of();
    List<Candidate> matrices = candidates.stream().filter(Candidate::isMatrixLike).toList();
    for (Candidate matrix : matrices) {
      matrix
          .layer()
          .map(layer -> new Told(layer, "its name or declaration says " + layer.id()))
          .or(() -> fromBase(matrix))
          .ifPresent(layer -> put(matrix, layer));
    }
    if (this.baseShapes.isEmpty()) {
      boolean embedded = candidates.stream().anyMatch(c -> c.role().isTable());
      tellEnds(matrices, embedded);
    }
    for (Candidate matrix : matrices) {
      told.putIfAbsent(
          matrix.declared().name(), new Told(Layer.HIDDEN, "both dimensions are features'"));
    }
    for (Candidate other : candidates) {
      if (!other.isMatrixLike()) {
        put(other, vector(other));
      }
    }
  }

  private static boolean differs(List<Candidate> candidates, Map<String, List<Long>> baseShapes) {
    return candidates.stream()
        .map(Candidate::declared)
        .anyMatch(
            declared ->
                !declared
                    .shape()
                    .equals(baseShapes.getOrDefault(declared.name(), declared.shape())));
  }

  Told layer(Candidate candidate) {
    Told layer = told.get(candidate.declared().name());
    if (layer == null) {
      throw new IllegalStateException("not told: " + candidate);
    }
    return layer;
  }

  private void put(Candidate candidate, Told layer) {
    told.put(candidate.declared().name(), layer);
  }

  /** The dimensions that differ from the base model's are width. */
  private Optional<Told> fromBase(Candidate matrix) {
    List<Long> base = baseShapes.get(matrix.declared().name());
    if (base == null || base.size() != matrix.declared().shape().size()) {
      return Optional.empty();
    }
    List<Long> axes = matrix.axes();
    List<Long> baseAxes = matrix.axes(base);
    boolean outGrows = !axes.get(0).equals(baseAxes.get(0));
    boolean inGrows = !axes.get(1).equals(baseAxes.get(1));
    if (outGrows && !inGrows && matrix.isGrouped()) {
      return Optional.of(new Told(Layer.HIDDEN, "it has other groups than in the base model"));
    }
    if (outGrows == inGrows) {
      return outGrows
          ? Optional.of(new Told(Layer.HIDDEN, "both dimensions differ from the base model's"))
          : Optional.empty();
    }
    return Optional.of(
        outGrows
            ? new Told(Layer.INPUT, "only its outputs differ from the base model's")
            : new Told(Layer.READOUT, "only its inputs differ from the base model's"));
  }

  /** Finds the readout and the input layer by dimensions that nobody else has. */
  private void tellEnds(List<Candidate> matrices, boolean embedded) {
    if (told.values().stream().noneMatch(t -> t.layer() == Layer.READOUT)) {
      Set<Long> consumed =
          matrices.stream().map(LayerInference::inputs).collect(Collectors.toSet());
      List<Candidate> outside = outsideOfBlocks(matrices, embedded);
      tellEnd(
          last(outside.stream().filter(m -> !consumed.contains(m.axes().get(0))).toList()),
          // A table may be the readout as well, or the file may be of a network without one.
          embedded ? Optional.empty() : last(outside),
          new Told(Layer.READOUT, "nothing reads its outputs"),
          new Told(Layer.READOUT, "the last matrix"));
    }
    if (!embedded && told.values().stream().noneMatch(t -> t.layer() == Layer.INPUT)) {
      Set<Long> produced = matrices.stream().map(m -> m.axes().get(0)).collect(Collectors.toSet());
      tellEnd(
          open(matrices).filter(m -> !produced.contains(inputs(m))).findFirst(),
          open(matrices).findFirst(),
          new Told(Layer.INPUT, "nothing writes its inputs"),
          new Told(Layer.INPUT, "the first matrix"));
    }
  }

  /** Groups read parts of the features. */
  private static long inputs(Candidate matrix) {
    return matrix.axes().get(1) * (matrix.isGrouped() ? matrix.maps() : 1);
  }

  /** What may be the readout: no part of a block that is repeated, unless there is nothing else. */
  private List<Candidate> outsideOfBlocks(List<Candidate> matrices, boolean embedded) {
    List<Candidate> outside =
        open(matrices)
            .filter(m -> !ParameterName.parse(m.declared().name()).isInsideBlock())
            .toList();
    return outside.isEmpty() && !embedded ? open(matrices).toList() : outside;
  }

  private Stream<Candidate> open(List<Candidate> matrices) {
    return matrices.stream().filter(m -> !told.containsKey(m.declared().name()));
  }

  private static Optional<Candidate> last(List<Candidate> list) {
    return list.isEmpty() ? Optional.empty() : Optional.of(list.get(list.size() - 1));
  }

  private void tellEnd(
      Optional<Candidate> byDimension, Optional<Candidate> byOrder, Told first, Told second) {
    if (byDimension.isPresent()) {
      put(byDimension.get(), first);
    } else if (byOrder.isPresent()) {
      put(byOrder.get(), second);
    }
  }

  private Told vector(Candidate vector) {
    if (vector.layer().isPresent()) {
      return new Told(vector.layer().get(), "declared");
    }
    if (vector.role().isTable()) {
      return new Told(Layer.INPUT, "an embedding reads the input");
    }
    String name = vector.declared().name();
    @Nullable List<Long> base = baseShapes.get(name);
    if (base != null) {
      return base.equals(vector.declared().shape())
          ? new Told(Layer.READOUT, "its length is the base model's")
          : new Told(Layer.HIDDEN, "its length differs from the base model's");
    }
    Told sibling = told.get(name.replaceFirst("bias$", "weight").replaceFirst("^b(?=\\d+$)", "w"));
    if (sibling == null) {
      sibling = told.get(name.replaceFirst("^b(?=\\d+$)", "W"));
    }
    if (sibling == null) {
      sibling = told.get(name.replaceFirst("bias$", "kernel"));
    }
    return sibling == null || vector.role() == Role.GAIN
        ? new Told(Layer.HIDDEN, "acts on features")
        : new Told(sibling.layer(), "as its weight");
  }
}
