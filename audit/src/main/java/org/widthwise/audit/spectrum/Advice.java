package org.widthwise.audit.spectrum;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.widthwise.core.shape.Fans;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.core.shape.Role;

/**
 * What would bring a tensor, or one of the maps that it holds, to the size that Condition 1 asks
 * for.
 *
 * <p>A weight goes with the standard deviation that it is drawn with, and with a multiplier of the
 * forward pass; an update with the learning rate. A multiplier changes updates as well, by how much
 * depends on the update rule: {@link org.widthwise.core.parametrization.MultiplierFolding}.
 *
 * @param name the tensor's name, from outside: to be escaped wherever it is shown
 * @param map which of the maps that the tensor holds it is about, such as {@code query}; empty
 *     where it is about the tensor as a whole
 * @param subject whether the weight or the update is out of band
 * @param multiple its size over its target: of an embedding the natural norm, else the ratio
 * @param factor the number that brings the size to its target; empty where it is zero
 * @param initStd of a weight the standard deviation of entries that gives it the right size, were
 *     they drawn anew; empty for updates and where there is no factor
 */
public record Advice(
    String name,
    Optional<String> map,
    Subject subject,
    double multiple,
    OptionalDouble factor,
    OptionalDouble initStd) {

  /** What is out of band. */
  public enum Subject {
    /** The weight: initial size or multiplier are to change. */
    WEIGHT,
    /** What came to it since the earlier checkpoint: the learning rate is to change. */
    UPDATE;

    /**
     * The name used in files.
     *
     * @return the constant's name in lower case
     */
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Looks whether a tensor needs advice, or a map that it holds does.
   *
   * @param audit the tensor
   * @param band how far its sizes may be from their targets
   * @return what is advised of the tensor as a whole, then of each of its maps in their order
   */
  public static List<Advice> of(TensorAudit audit, Band band) {
    List<Advice> all = new ArrayList<>(ofWhole(audit, band));
    audit.maps().forEach(map -> all.addAll(ofMap(audit, map, band)));
    return all;
  }

  /**
   * Looks whether a tensor as a whole needs advice.
   *
   * @param audit the tensor
   * @param band how far its sizes may be from their targets
   * @return none where all is in band, nor for weights that {@linkplain #mayBeSmall may be small},
   *     nor where entries are not finite, since there is no size then
   */
  public static List<Advice> ofWhole(TensorAudit audit, Band band) {
    return of(
        audit.name(), Optional.empty(), audit.parameter(), audit.sizes(), audit.update(), band);
  }

  /**
   * Looks whether a map that a tensor holds needs advice. It may where the tensor as a whole does
   * not, which is never further above its target than the furthest of its maps.
   *
   * @param audit the tensor
   * @param map one of its maps
   * @param band how far its sizes may be from their targets
   * @return none where all is in band, as of a tensor
   */
  public static List<Advice> ofMap(TensorAudit audit, MapAudit map, Band band) {
    return of(
        audit.name(), Optional.of(map.map()), map.parameter(), map.sizes(), map.update(), band);
  }

  private static List<Advice> of(
      String name,
      Optional<String> map,
      ParameterShape shape,
      TensorSizes sizes,
      Optional<TensorSizes> change,
      Band band) {
    List<Advice> all = new ArrayList<>();
    double weight = multiple(shape, sizes);
    if (!Double.isNaN(weight)
        && !band.contains(weight)
        && !(weight < 1 && mayBeSmall(shape, weight))) {
      OptionalDouble factor = factor(weight);
      all.add(
          new Advice(
              name,
              map,
              Subject.WEIGHT,
              weight,
              factor,
              factor.isPresent()
                  ? OptionalDouble.of(redrawn(shape, sizes, factor.getAsDouble()))
                  : factor));
    }
    double update = change.map(found -> multiple(shape, found)).orElse(Double.NaN);
    if (!Double.isNaN(update) && !band.contains(update)) {
      all.add(
          new Advice(name, map, Subject.UPDATE, update, factor(update), OptionalDouble.empty()));
    }
    return all;
  }

  /**
   * Of independent entries: a matrix of them has a spectral norm of σ·(√fan-in + √fan-out), which
   * one that has learned something exceeds by far. Kernels and tables keep their own pattern.
   */
  private static double redrawn(ParameterShape shape, TensorSizes sizes, double factor) {
    if (shape.role() != Role.MATRIX) {
      return factor * sizes.rms();
    }
    Fans fans = shape.fans();
    return fans.targetSpectralNorm()
        / (Math.sqrt((double) fans.fanIn()) + Math.sqrt((double) fans.fanOut()));
  }

  /**
   * The size that Condition 1 is about, over its target: of an embedding the largest row over
   * √width (appendix E), of everything else the spectral norm over √(fan-out / fan-in).
   *
   * @param shape what the tensor is
   * @param sizes its sizes, or those of its update
   * @return the multiple; NaN where entries are not finite
   */
  public static double multiple(ParameterShape shape, TensorSizes sizes) {
    return shape.role().isTable() ? sizes.naturalNorm() : sizes.ratio();
  }

  /**
   * Whether a weight may be smaller than its target without harm: a bias may as well be zero
   * (appendix D), and a gain of zeros switches a branch off on purpose.
   *
   * @param shape what the tensor is
   * @param multiple its size over its target
   * @return true if it may
   */
  public static boolean mayBeSmall(ParameterShape shape, double multiple) {
    return switch (shape.role()) {
      case BIAS, SCALAR -> true;
      case GAIN -> multiple == 0;
      default -> false;
    };
  }

  private static OptionalDouble factor(double multiple) {
    double factor = 1 / multiple;
    return Double.isFinite(factor) && factor > 0
        ? OptionalDouble.of(factor)
        : OptionalDouble.empty();
  }

  /**
   * The advice in a few words.
   *
   * @return such as {@code init or multiplier ×0.5}
   */
  public String inShort() {
    String what = subject == Subject.WEIGHT ? "init or multiplier" : "rate";
    if (factor.isPresent()) {
      return String.format(Locale.ROOT, "%s ×%.3g", what, factor.getAsDouble());
    }
    return subject == Subject.WEIGHT ? "all zero" : "did not move";
  }
}
