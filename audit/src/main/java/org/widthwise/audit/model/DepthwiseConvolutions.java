package org.widthwise.audit.model;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells convolutions that act on each channel by itself, whose every output has one channel of
 * inputs: by a name that says so, or since the network's input, which may have one channel too, is
 * read elsewhere.
 */
final class DepthwiseConvolutions {

  private static final Set<String> WORDS = Set.of("dw", "dwconv", "depthwise");

  /** Images have no more. */
  private static final long MOST_INPUT_CHANNELS = 4;

  private DepthwiseConvolutions() {}

  /** Sets the hints of those to as many maps as they have channels. */
  static void mark(List<DeclaredParameter> parameters, Map<String, NameHint> hints) {
    List<DeclaredParameter> undecided = new ArrayList<>();
    boolean readElsewhere = false;
    for (DeclaredParameter parameter : parameters) {
      NameHint hint = hints.get(parameter.name());
      if (hint == null || hint.kind() != ParameterKind.CONVOLUTION) {
        continue;
      }
      List<Long> axes = hint.order().outputFirst(parameter.shape());
      if (axes.get(1) > 1) {
        readElsewhere |= axes.get(1) <= MOST_INPUT_CHANNELS;
      } else if (isNamed(parameter.name(), hint)) {
        mark(parameter, hints);
      } else if (axes.get(0) > 1) {
        undecided.add(parameter);
      }
    }
    if (!readElsewhere && !undecided.isEmpty()) {
      undecided.remove(
          undecided.stream()
              .filter(parameter -> !ParameterName.parse(parameter.name()).isInsideBlock())
              .findFirst()
              .orElse(undecided.get(0)));
    }
    undecided.forEach(parameter -> mark(parameter, hints));
  }

  private static void mark(DeclaredParameter parameter, Map<String, NameHint> hints) {
    hints.computeIfPresent(
        parameter.name(),
        (name, hint) -> {
          long channels = channels(parameter.shape(), hint.order());
          return channels > Integer.MAX_VALUE
              ? hint
              : new NameHint(
                  hint.kind(),
                  hint.reason() + ", each channel by itself",
                  hint.order(),
                  (int) channels);
        });
  }

  private static long channels(List<Long> shape, AxisOrder order) {
    return order == AxisOrder.DEPTHWISE
        ? shape.get(shape.size() - 2)
        : order.outputFirst(shape).get(0);
  }

  private static boolean isNamed(String name, NameHint hint) {
    ParameterName parsed = ParameterName.parse(name);
    Set<String> words = new HashSet<>(parsed.ownerWords());
    words.addAll(ParameterName.words(parsed.parent()));
    // Mamba's convolution over time.
    boolean mixes = parsed.owner().equals("conv1d") && parsed.parent().equals("mixer");
    return hint.order() == AxisOrder.DEPTHWISE || mixes || words.stream().anyMatch(WORDS::contains);
  }
}
