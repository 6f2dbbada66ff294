package org.widthwise.torch.optim;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.core.update.UpdateRules;

/**
 * Directions one after another, each taking what the one before gave for its gradient: {@code
 * Chain.of(new Momentum(0.9, false), SpectralDescent.withDefaults())} normalises the momentum.
 *
 * <p>Links of gradient descent's rule, such as momentum, keep sizes up to a constant; so the last
 * link of another rule decides the chain's. The state's names are those of the links, behind their
 * number: {@code 0.velocity}.
 *
 * @param links the directions, the first of which sees the gradient; at least one
 */
public record Chain(List<Direction> links) implements Direction {

  /**
   * Copies the links.
   *
   * @param links the directions, at least one
   * @throws IllegalArgumentException if there is none
   */
  public Chain {
    links = List.copyOf(links);
    if (links.isEmpty()) {
      throw new IllegalArgumentException("a chain of directions needs at least one link");
    }
  }

  /**
   * Links in their order.
   *
   * @param links the directions, at least one
   * @return the chain
   * @throws IllegalArgumentException if there is none
   */
  public static Chain of(Direction... links) {
    return new Chain(List.of(links));
  }

  @Override
  public UpdateRule rule() {
    return links.stream()
        .map(Direction::rule)
        .reduce(UpdateRules.SGD, (before, next) -> next.equals(UpdateRules.SGD) ? before : next);
  }

  @Override
  public Map<String, Tensor> initialState(Tensor parameter) {
    Map<String, Tensor> state = new LinkedHashMap<>();
    for (int index = 0; index < links.size(); index++) {
      String prefix = prefix(index);
      links
          .get(index)
          .initialState(parameter)
          .forEach((name, tensor) -> state.put(prefix + name, tensor));
    }
    return state;
  }

  @Override
  public Tensor of(Tensor gradient, Tensor parameter, ParameterState state) {
    Tensor direction = gradient;
    for (int index = 0; index < links.size(); index++) {
      direction = links.get(index).of(direction, parameter, state.part(prefix(index)));
    }
    return direction;
  }

  /** {@inheritDoc} Every link that has an ε gets this one. */
  @Override
  public Chain withEpsilon(double epsilon) {
    return new Chain(links.stream().map(link -> link.withEpsilon(epsilon)).toList());
  }

  /** {@inheritDoc} Every link that orthogonalises does. */
  @Override
  public Chain inBfloat16() {
    return new Chain(links.stream().map(Direction::inBfloat16).toList());
  }

  private static String prefix(int index) {
    return index + ".";
  }
}
