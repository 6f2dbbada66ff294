package org.widthwise.audit.spectrum;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.widthwise.audit.checkpoint.Checkpoint;
import org.widthwise.audit.checkpoint.CheckpointTensor;
import org.widthwise.audit.model.AttentionHeads;
import org.widthwise.audit.model.FusedMaps;
import org.widthwise.audit.model.InferredModel;
import org.widthwise.audit.model.InferredParameter;
import org.widthwise.audit.model.ParameterInference;
import org.widthwise.audit.model.SkippedTensor;
import org.widthwise.core.shape.ParameterShape;

/**
 * Which tensors of a checkpoint to measure, and as what.
 *
 * @param items what to measure
 * @param skipped what not, and why
 */
record AuditPlan(List<Item> items, List<SkippedTensor> skipped) {

  /** Kernels beyond are none of a network that anyone trains, and would be read once for each. */
  private static final long MOST_POSITIONS = 1L << 16;

  /** The same of the matrices of all groups, of which most are not read. */
  private static final long MOST_SLICES = 1L << 22;

  /**
   * A tensor to measure.
   *
   * @param tensor the tensor
   * @param earlier the one to take away from it, null if there is none
   * @param inferred what it is
   * @param layout how its matrices lie in it
   * @param spectrum whether to find its distribution
   * @param fused the maps that it holds, if it is a fused projection
   */
  record Item(
      CheckpointTensor tensor,
      @Nullable CheckpointTensor earlier,
      InferredParameter inferred,
      TensorLayout layout,
      boolean spectrum,
      Optional<FusedMaps> fused) {}

  /**
   * Makes a plan.
   *
   * @param inference tells what tensors are
   * @param chosen whether to measure the tensor of a name
   * @param heads what is known of the heads of attentions
   * @param spectra whether to find distributions
   * @param checkpoint the checkpoint
   * @param earlier the earlier one; null for none
   */
  static AuditPlan of(
      ParameterInference inference,
      Predicate<String> chosen,
      Optional<AttentionHeads> heads,
      boolean spectra,
      Checkpoint checkpoint,
      @Nullable Checkpoint earlier) {
    InferredModel model = inference.infer(checkpoint.description());
    Map<String, CheckpointTensor> tensors = byName(checkpoint);
    Map<String, CheckpointTensor> before = earlier == null ? Map.of() : byName(earlier);
    Map<String, ParameterShape> shapes = new HashMap<>();
    model.parameters().forEach(p -> shapes.put(p.parameter().name(), p.parameter().shape()));
    List<Item> items = new ArrayList<>();
    List<SkippedTensor> skipped = new ArrayList<>();
    model.skipped().stream().filter(s -> chosen.test(s.name())).forEach(skipped::add);
    for (InferredParameter inferred : model.parameters()) {
      String name = inferred.parameter().name();
      CheckpointTensor tensor = tensors.get(name);
      if (tensor == null || !chosen.test(name)) {
        continue;
      }
      String tooLarge = tooLarge(inferred);
      if (tooLarge != null) {
        skipped.add(new SkippedTensor(name, tooLarge));
        continue;
      }
      CheckpointTensor counterpart = before.get(name);
      if (earlier != null && counterpart == null) {
        skipped.add(
            new SkippedTensor(name, "no update: the earlier checkpoint has no such tensor"));
      } else if (counterpart != null && !counterpart.shape().equals(tensor.shape())) {
        skipped.add(
            new SkippedTensor(
                name, "no update: its shape in the earlier checkpoint is " + counterpart.shape()));
        counterpart = null;
      }
      TensorLayout layout = layout(inferred);
      boolean spectrum = spectra && MemoryBudget.isEnoughFor(layout, true);
      if (spectra && !spectrum) {
        skipped.add(
            new SkippedTensor(name, "no spectrum: the search's vectors would not fit the memory"));
      }
      Optional<FusedMaps> fused =
          inferred.parameter().shape().maps() > 1
              ? Optional.empty()
              : FusedMaps.of(name, shapes, heads);
      fused
          .filter(FusedMaps::contradicted)
          .ifPresent(maps -> skipped.add(new SkippedTensor(name, "no maps: " + maps.reason())));
      items.add(new Item(tensor, counterpart, inferred, layout, spectrum, fused));
    }
    return new AuditPlan(items, skipped);
  }

  /** Names of tensors that the checkpoint has under any heading. */
  static Set<String> names(Checkpoint checkpoint) {
    Set<String> names = new HashSet<>();
    checkpoint.tensors().forEach(t -> names.add(t.name()));
    checkpoint.skipped().forEach(s -> names.add(s.name()));
    return names;
  }

  private static TensorLayout layout(InferredParameter inferred) {
    return TensorLayout.of(inferred.parameter().shape(), inferred.order().isInputFirst());
  }

  private static @Nullable String tooLarge(InferredParameter inferred) {
    ParameterShape shape = inferred.parameter().shape();
    if (shape.kernelArea() > MOST_POSITIONS) {
      return "a kernel of more than " + MOST_POSITIONS + " positions";
    }
    if (shape.kernelArea() * shape.maps() > MOST_SLICES) {
      return "more than " + MOST_SLICES + " matrices of groups and positions";
    }
    TensorLayout layout = layout(inferred);
    if (Math.min(layout.rows(), layout.columns()) > 1
        && (Math.max(layout.rows(), layout.columns()) > Integer.MAX_VALUE - 8
            || !MemoryBudget.isEnoughFor(layout, false))) {
      return "too large: the search's vectors would not fit the memory";
    }
    return null;
  }

  private static Map<String, CheckpointTensor> byName(Checkpoint checkpoint) {
    Map<String, CheckpointTensor> tensors = new HashMap<>();
    checkpoint.tensors().forEach(t -> tensors.put(t.name(), t));
    return tensors;
  }
}
