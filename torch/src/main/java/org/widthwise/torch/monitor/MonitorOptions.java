package org.widthwise.torch.monitor;

import org.widthwise.core.spectral.GolubKahanLanczos;

/** How a {@link Monitor} goes about it. */
public final class MonitorOptions {

  /** Far below the bands; a third to a half of the products that single precision supports. */
  private static final double USUAL_TOLERANCE = 1e-3;

  private final Cadence cadence;
  private final Bands bands;
  private final double relativeTolerance;
  private final boolean sinceStart;

  private MonitorOptions(
      Cadence cadence, Bands bands, double relativeTolerance, boolean sinceStart) {
    this.cadence = cadence;
    this.bands = bands;
    this.relativeTolerance = relativeTolerance;
    this.sinceStart = sinceStart;
  }

  /**
   * The defaults: {@link Cadence#withDefaults()}, {@link Bands#withDefaults()}, spectral norms to a
   * relative tolerance of 10⁻³, changes since the start measured.
   *
   * @return the options
   */
  public static MonitorOptions withDefaults() {
    return new MonitorOptions(Cadence.withDefaults(), Bands.withDefaults(), USUAL_TOLERANCE, true);
  }

  /**
   * Sets which steps are looked at.
   *
   * @param newCadence the cadence
   * @return the options
   */
  public MonitorOptions withCadence(Cadence newCadence) {
    return new MonitorOptions(newCadence, bands, relativeTolerance, sinceStart);
  }

  /**
   * Sets how far sizes may go.
   *
   * @param newBands the bands
   * @return the options
   */
  public MonitorOptions withBands(Bands newBands) {
    return new MonitorOptions(cadence, newBands, relativeTolerance, sinceStart);
  }

  /**
   * Sets the relative error at which the search for a spectral norm stops.
   *
   * @param tolerance from 10⁻⁶, which single precision supports, to 0.1
   * @return the options
   * @throws IllegalArgumentException if it is out of range
   */
  public MonitorOptions withRelativeTolerance(double tolerance) {
    if (!(tolerance >= 1e-6)) {
      throw new IllegalArgumentException(
          "products in single precision support a relative tolerance of 1e-6 or more, not "
              + tolerance);
    }
    GolubKahanLanczos.withDefaults().withRelativeTolerance(tolerance);
    return new MonitorOptions(cadence, bands, tolerance, sinceStart);
  }

  /**
   * Sets whether changes since the start are measured, which takes a copy of every watched
   * parameter.
   *
   * @param measured whether
   * @return the options
   */
  public MonitorOptions withSinceStart(boolean measured) {
    return new MonitorOptions(cadence, bands, relativeTolerance, measured);
  }

  /**
   * Which steps are looked at.
   *
   * @return the cadence
   */
  public Cadence cadence() {
    return cadence;
  }

  /**
   * How far sizes may go.
   *
   * @return the bands
   */
  public Bands bands() {
    return bands;
  }

  /**
   * The relative error at which the search for a spectral norm stops.
   *
   * @return the tolerance
   */
  public double relativeTolerance() {
    return relativeTolerance;
  }

  /**
   * Whether changes since the start are measured.
   *
   * @return whether
   */
  public boolean sinceStart() {
    return sinceStart;
  }
}
