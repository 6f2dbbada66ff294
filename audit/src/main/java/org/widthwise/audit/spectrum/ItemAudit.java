package org.widthwise.audit.spectrum;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.widthwise.audit.checkpoint.CheckpointTensor;
import org.widthwise.audit.model.FusedMaps;
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
        item.inferred().reason() + item.fused().map(fused -> "; " + fused.reason()).orElse(""),
        now.sizes(),
        before,
        update,
        alignment,
        maps(item),
        item.spectrum() ? spectrum.of(TensorValues.of(tensor), layout) : Optional.empty());
  }

  private List<MapAudit> maps(AuditPlan.Item item) {
    CheckpointTensor earlier = item.earlier();
    List<MapAudit> maps = new ArrayList<>();
    for (FusedMaps.Part part : item.fused().map(FusedMaps::maps).orElse(List.of())) {
      ParameterShape shape = withOutputs(item.inferred().parameter().shape(), part.count());
      TensorSizes sizes = part(TensorValues.of(item.tensor()), item.layout(), part, shape);
      Optional<TensorSizes> update =
          earlier == null
              ? Optional.empty()
              : Optional.of(
                  part(
                      TensorValues.difference(item.tensor(), earlier), item.layout(), part, shape));
      maps.add(new MapAudit(part.map(), shape, sizes, update));
    }
    return maps;
  }

  private TensorSizes part(
      TensorValues all, TensorLayout layout, FusedMaps.Part part, ParameterShape shape) {
    return search
        .measure(layout.outputs(all, part), shape, layout.withOutputs(part.count()))
        .sizes();
  }

  private static ParameterShape withOutputs(ParameterShape whole, long outputs) {
    List<Long> dimensions = new ArrayList<>(whole.dimensions());
    dimensions.set(0, outputs);
    return new ParameterShape(whole.role(), whole.layer(), dimensions);
  }
}
