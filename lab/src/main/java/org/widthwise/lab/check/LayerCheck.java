package org.widthwise.lab.check;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.widthwise.core.fit.Verdict;

/**
 * One layer of a family, by the name of its weight.
 *
 * @param name the parameter
 * @param role what it is
 * @param layer where it stands
 * @param quantities what was followed
 */
public record LayerCheck(String name, String role, String layer, List<QuantityCheck> quantities) {

  /**
   * Copies the list.
   *
   * @param name the parameter
   * @param role what it is
   * @param layer where it stands
   * @param quantities what was followed
   */
  public LayerCheck {
    quantities = List.copyOf(quantities);
  }

  /**
   * The verdict on the layer: it fails if one of the judged quantities does, and is undecided if
   * one of them is that has values.
   *
   * @return the verdict
   */
  public Verdict verdict() {
    List<QuantityCheck> judged = quantities.stream().filter(QuantityCheck::judged).toList();
    if (judged.stream().anyMatch(quantity -> quantity.verdict() == Verdict.FAILS)) {
      return Verdict.FAILS;
    }
    return judged.stream()
            .filter(quantity -> quantity.fit().isPresent())
            .allMatch(quantity -> quantity.verdict() == Verdict.HOLDS)
        ? Verdict.HOLDS
        : Verdict.UNDECIDED;
  }

  /**
   * The judged quantity that is furthest from flat.
   *
   * @return the quantity; empty if none has a slope
   */
  public Optional<QuantityCheck> steepest() {
    return quantities.stream()
        .filter(quantity -> quantity.judged() && quantity.fit().isPresent())
        .max(
            Comparator.comparingDouble(
                quantity -> Math.abs(quantity.fit().orElseThrow().exponent())));
  }

  /**
   * One of the quantities.
   *
   * @param quantity which
   * @return it; empty if it was not followed, as decay is where there is none
   */
  public Optional<QuantityCheck> get(Quantity quantity) {
    return quantities.stream().filter(check -> check.quantity() == quantity).findFirst();
  }
}
