package org.widthwise.audit.family;

import java.util.List;

/**
 * How well the exponents suit each parametrization.
 *
 * @param matches the parametrizations, the best first
 * @param tensors how many tensors were compared
 * @param outcome what may be said
 */
public record Resemblance(List<Match> matches, int tensors, Outcome outcome) {

  /** How sure the best match must be. */
  static final double SURE = 0.95;

  /** What may be said of a comparison. */
  public enum Outcome {
    /** The first match has a share of 0.95 or more and is near enough. */
    RESEMBLES,
    /** Several match about as well. */
    UNDECIDED,
    /** Even the best is further off than is tolerated, or there was nothing to compare. */
    NONE
  }

  /**
   * Parametrizations that give these tensors the same exponents.
   *
   * @param ids their names
   * @param distance the root mean square, over tensors, of measured less predicted exponents
   * @param share the likelihood of the measured exponents under this match, over the sum of all
   *     matches' likelihoods: how sure it is, if one of them is right and groups of tensors err
   *     independently
   */
  public record Match(List<String> ids, double distance, double share) {

    /**
     * Copies the names.
     *
     * @param ids their names
     * @param distance measured less predicted exponents
     * @param share how sure it is
     */
    public Match {
      ids = List.copyOf(ids);
    }
  }

  /**
   * Copies the list.
   *
   * @param matches the parametrizations, the best first
   * @param tensors how many tensors were compared
   * @param outcome what may be said
   */
  public Resemblance {
    matches = List.copyOf(matches);
  }
}
