package org.widthwise.audit.spectrum;

/** Is told how far an audit is; by any of its threads, one at a time. */
@FunctionalInterface
public interface AuditListener {

  /**
   * A tensor was measured.
   *
   * @param tensors how many are measured
   * @param of how many there are to measure
   * @param share the part of all entries that those measured have, from 0 to 1
   */
  void measured(int tensors, int of, double share);
}
