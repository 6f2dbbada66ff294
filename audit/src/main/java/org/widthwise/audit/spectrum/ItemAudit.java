package org.widthwise.audit.spectrum;

import java.util.Optional;
import org.widthwise.audit.checkpoint.CheckpointTensor;
import org.widthwise.core.shape.ParameterShape;

/** Measures what is to be measured of one tensor. */
final class ItemAudit {

  private final SizeSearch search;
  private final SpectrumSearch spectrum;

  /**
   * Sets what to measure.
   *
   * @param search for sizes
   * @param spectrum for distributions, where they are asked for
   */
  ItemAudit(SizeSearch search, SpectrumSearch spectrum) {
    this.search = search;
    this.spectrum = spectrum;
  }

  /**
   * Measures.
   *
   * @throws java.util.concurrent.CancellationException if it was to stop
   */
  TensorAudit of(AuditPlan.Item item) {
    CheckpointTensor tensor = item.tensor();
    CheckpointTensor earlier = item.earlier();
    ParameterShape shape = item.inferred().parameter().shape();
    TensorLayout layout = item.layout();
    SizeSearch.Measured now = search.measure(TensorValues.of(tensor), shape, layout);
    Optional<TensorSizes> before = Optional.empty();
    Optional<TensorSizes> update = Optional.empty();
    Optional<UpdateAlignment> alignment = Optional.empty();
    if (earlier != null) {
      SizeSearch.Measured then = search.measure(TensorValues.of(earlier), shape, layout);
      SizeSearch.Measured change =
          search.measure(TensorValues.difference(tensor, earlier), shape, layout);
      before = Optional.of(then.sizes());
      update = Optional.of(change.sizes());
      alignment = Optional.of(new AlignmentSearch(search).of(now, then, change));
    }
    return new TensorAudit(
        tensor.name(),
        tensor.shape(),
        tensor.dtype(),
        shape,
        item.inferred().reason(),
        now.sizes(),
        before,
        update,
        alignment,
        item.spectrum() ? spectrum.of(TensorValues.of(tensor), layout) : Optional.empty());
  }
}
