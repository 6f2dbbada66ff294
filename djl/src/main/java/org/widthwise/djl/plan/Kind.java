package org.widthwise.djl.plan;

import java.util.List;
import java.util.Optional;
import org.widthwise.core.shape.Layer;
import org.widthwise.core.shape.Role;

/**
 * What a block's type says of one of its parameters.
 *
 * @param role what the parameter is
 * @param dimensions those of the map as {@code core} counts them, which need not be how DJL stores
 *     it
 * @param maps the number of equal maps stacked along the first of the dimensions
 * @param view how the array is read as matrices
 * @param layer where it stands, if the type says so; else it follows from what is said of its block
 */
record Kind(Role role, List<Long> dimensions, int maps, MatrixView view, Optional<Layer> layer) {

  Kind at(Layer known) {
    return new Kind(role, dimensions, maps, view, Optional.of(known));
  }

  Kind as(Role other) {
    return new Kind(other, dimensions, maps, view, layer);
  }
}
