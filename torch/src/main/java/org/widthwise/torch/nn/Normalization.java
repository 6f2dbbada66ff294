package org.widthwise.torch.nn;

/** How a transformer's features are brought to a common size before each map that reads them. */
public enum Normalization {
  /**
   * Divided by their root mean square, times a gain (B. Zhang, R. Sennrich, "Root mean square layer
   * normalization", NeurIPS 2019).
   */
  RMS,
  /**
   * Their mean taken off, then divided by their standard deviation, times a gain, plus a bias (J.
   * Ba, J. Kiros, G. Hinton, "Layer normalization", 2016).
   */
  LAYER
}
