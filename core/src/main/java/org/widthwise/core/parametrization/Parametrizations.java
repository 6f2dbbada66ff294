package org.widthwise.core.parametrization;

import java.util.List;
import java.util.Locale;
import org.widthwise.core.Registry;

/** The parametrizations by name. */
public final class Parametrizations {

  /** Parametrization 1. */
  public static final Parametrization SPECTRAL = new Spectral();

  /** μP (Tensor Programs V, table 3). */
  public static final Parametrization MUP = new MaximalUpdate();

  /** Standard parametrization (eq. 21). */
  public static final Parametrization SP = new Standard();

  /** Neural tangent parametrization (eq. 22). */
  public static final Parametrization NTP = new NeuralTangent();

  private static final String ABC = "abc:";

  private static final Registry<Parametrization> ALL =
      new Registry<>(
          "parametrization",
          Parametrization.class,
          Parametrization::id,
          List.of(SPECTRAL, MUP, SP, NTP));

  private Parametrizations() {}

  /**
   * Finds a parametrization by name, among those above and those that other jars provide; a name
   * that begins with {@code abc:} is read by {@link Abc#parse}.
   *
   * @param id the name
   * @return the parametrization
   * @throws IllegalArgumentException if there is none; the message lists the known ones
   */
  public static Parametrization named(String id) {
    return id.toLowerCase(Locale.ROOT).startsWith(ABC)
        ? Abc.parse(id.substring(ABC.length()))
        : ALL.named(id);
  }

  /**
   * Every known parametrization that has a name.
   *
   * @return the parametrizations
   */
  public static List<Parametrization> all() {
    return ALL.all();
  }
}
