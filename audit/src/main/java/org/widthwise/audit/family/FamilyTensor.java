package org.widthwise.audit.family;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.widthwise.core.fit.PowerLawFit;
import org.widthwise.core.fit.Verdict;
import org.widthwise.core.shape.ParameterShape;

/**
 * One tensor over all widths.
 *
 * @param name its name, from outside: to be escaped wherever it is shown
 * @param parameters what it is at each width, in the order of widths; the layer is told by which
 *     dimensions grow
 * @param sizes its sizes over width; those of updates only where there are earlier checkpoints
 * @param weightVerdict whether the weight's size over its target is flat in width
 * @param updateVerdict the same of its update, if there are earlier checkpoints
 */
public record FamilyTensor(
    String name,
    List<ParameterShape> parameters,
    Map<FamilyQuantity, SizeOverWidth> sizes,
    Verdict weightVerdict,
    Optional<Verdict> updateVerdict) {

  /**
   * Copies list and map.
   *
   * @param name its name
   * @param parameters what it is at each width
   * @param sizes its sizes over width
   * @param weightVerdict whether the weight obeys
   * @param updateVerdict whether its update does
   */
  public FamilyTensor {
    parameters = List.copyOf(parameters);
    sizes = Collections.unmodifiableMap(new EnumMap<>(sizes));
  }

  /**
   * Whether Condition 1 holds of the weight and, where it is known, of the update.
   *
   * @return {@link Verdict#FAILS} if it does of one, {@link Verdict#HOLDS} if it does of all
   */
  public Verdict verdict() {
    Verdict update = updateVerdict.orElse(weightVerdict);
    if (weightVerdict == Verdict.FAILS || update == Verdict.FAILS) {
      return Verdict.FAILS;
    }
    return weightVerdict == update ? update : Verdict.UNDECIDED;
  }

  /**
   * The size that is held against Condition 1: of an embedding the natural norm (appendix E), of
   * everything else the spectral norm over its target.
   *
   * @param ofUpdate whether that of the update is meant
   * @return the quantity
   */
  public FamilyQuantity judged(boolean ofUpdate) {
    return judged(parameters.get(0), ofUpdate);
  }

  /**
   * The power law of a size.
   *
   * @param quantity the size
   * @return its fit; empty where the size is unknown, zero or not finite at some width
   */
  public Optional<PowerLawFit> fit(FamilyQuantity quantity) {
    return Optional.ofNullable(sizes.get(quantity)).flatMap(SizeOverWidth::fit);
  }

  static FamilyQuantity judged(ParameterShape shape, boolean ofUpdate) {
    if (shape.role().isTable()) {
      return ofUpdate ? FamilyQuantity.UPDATE_NATURAL_NORM : FamilyQuantity.NATURAL_NORM;
    }
    return ofUpdate ? FamilyQuantity.UPDATE_RATIO : FamilyQuantity.RATIO;
  }
}
