package org.widthwise.lab.plot;

/**
 * One single measurement behind a {@link Series}, drawn as a small faint dot; skipped where an axis
 * has no place for it.
 *
 * @param x the abscissa
 * @param y the ordinate
 */
public record Sample(double x, double y) {}
