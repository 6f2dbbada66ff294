package org.widthwise.audit.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.widthwise.core.shape.ParameterShape;

/** How many maps of equal size are stacked in parameters. */
final class Stacks {

  private Stacks() {}

  /**
   * How many maps a parameter has at another width: as many, but of groups that have as many
   * channels there, as those of depthwise convolutions, as many as the width has room for.
   *
   * @param whole the parameter at that width
   * @param other the parameter at this one
   * @throws IllegalArgumentException if these are more than any convolution has
   */
  static int mapsAt(ParameterShape whole, ParameterShape other) {
    long here = other.dimensions().get(0);
    long there = whole.dimensions().get(0);
    long ofGroup = here / other.maps();
    boolean sameGroups =
        other.groups() > 1
            && whole.dimensions().get(1).equals(other.dimensions().get(1))
            && there % ofGroup == 0;
    if (!sameGroups) {
      return other.maps();
    }
    if (there / ofGroup > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "a convolution of %d groups, must have fewer than 2^31".formatted(there / ofGroup));
    }
    return (int) (there / ofGroup);
  }

  /** Parameters of which fused projections of equal maps are stacks, unless somebody says. */
  static List<InferredParameter> ofFused(
      List<InferredParameter> inferred,
      List<Candidate> candidates,
      Map<String, DeclaredParameter> baseByName) {
    Map<String, ParameterShape> shapes = new HashMap<>();
    inferred.forEach(p -> shapes.put(p.parameter().name(), p.parameter().shape()));
    List<InferredParameter> stacked = new ArrayList<>();
    for (int i = 0; i < inferred.size(); i++) {
      InferredParameter whole = inferred.get(i);
      DeclaredParameter base = baseByName.get(whole.parameter().name());
      boolean told = candidates.get(i).mapsTold() || (base != null && base.maps().isPresent());
      stacked.add(
          told
              ? whole
              : FusedMaps.of(whole.parameter().name(), shapes, Optional.empty())
                  .map(whole::stacked)
                  .orElse(whole));
    }
    return stacked;
  }
}
