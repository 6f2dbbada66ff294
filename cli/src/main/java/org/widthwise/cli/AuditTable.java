package org.widthwise.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.widthwise.audit.UntrustedText;
import org.widthwise.audit.spectrum.Advice;
import org.widthwise.audit.spectrum.Band;
import org.widthwise.audit.spectrum.MapAudit;
import org.widthwise.audit.spectrum.SingularSpectrum;
import org.widthwise.audit.spectrum.TensorAudit;
import org.widthwise.audit.spectrum.TensorSizes;

/** The table that {@code audit} prints, for people. */
final class AuditTable {

  private AuditTable() {}

  static String of(List<TensorAudit> tensors, boolean updates, Band band) {
    List<String> header =
        new ArrayList<>(
            List.of("name", "shape", "role", "‖·‖₂", "‖·‖_F", "stable rank", "rms", "natural"));
    header.addAll(List.of("target ‖·‖₂", "ratio"));
    if (updates) {
      header.addAll(List.of("‖Δ‖₂", "Δ stable rank", "Δ ratio", "‖Δ‖₂/‖W₀‖₂", "Δ alignment"));
    }
    boolean spectra = tensors.stream().anyMatch(tensor -> tensor.spectrum().isPresent());
    if (spectra) {
      header.addAll(List.of("beyond noise", "noise of ‖·‖_F²", "off noise"));
    }
    header.add("advice");
    Table table = new Table(header.toArray(String[]::new));
    for (TensorAudit tensor : tensors) {
      TensorSizes sizes = tensor.sizes();
      List<String> row =
          new ArrayList<>(
              List.of(
                  UntrustedText.escape(tensor.name()),
                  tensor.shape().toString(),
                  PlanTable.role(tensor.parameter()),
                  number(sizes.spectralNorm()),
                  number(sizes.frobeniusNorm()),
                  number(sizes.stableRank()),
                  number(sizes.rms()),
                  number(sizes.naturalNorm()),
                  number(tensor.parameter().fans().targetSpectralNorm()),
                  sizes.nonFinite() == 0
                      ? number(sizes.ratio())
                      : tensor
                          .firstNonFinite()
                          .map(at -> sizes.nonFinite() + " NaN or infinite, first at " + at)
                          .orElse("")));
      if (updates) {
        row.add(tensor.update().map(update -> number(update.spectralNorm())).orElse(""));
        row.add(tensor.update().map(update -> number(update.stableRank())).orElse(""));
        row.add(tensor.update().map(update -> number(update.ratio())).orElse(""));
        row.add(number(tensor.updateRelativeSpectral()));
        row.add(tensor.alignment().map(a -> fixed(a.withWeight())).orElse(""));
      }
      if (spectra) {
        Optional<SingularSpectrum> found = tensor.spectrum();
        row.add(found.map(s -> s.outliers() + (s.complete() ? "" : "+")).orElse(""));
        row.add(
            found.map(s -> String.format(Locale.ROOT, "%.2f %%", 100 * s.noiseShare())).orElse(""));
        row.add(found.map(s -> number(s.distance())).orElse(""));
      }
      row.add(inShort(Advice.ofWhole(tensor, band)));
      table.add(row.toArray(String[]::new));
      for (MapAudit map : tensor.maps()) {
        String[] own = tableRow(map, updates, header.size());
        own[own.length - 1] = inShort(Advice.ofMap(tensor, map, band));
        table.add(own);
      }
    }
    StringWriter text = new StringWriter();
    try (PrintWriter out = new PrintWriter(text)) {
      table.print(out);
    }
    return text.toString();
  }

  private static String inShort(List<Advice> all) {
    return all.stream().map(Advice::inShort).collect(Collectors.joining(", "));
  }

  /** A map's own, below the tensor's, but for the advice. */
  private static String[] tableRow(MapAudit map, boolean updates, int columns) {
    String[] row = new String[columns];
    Arrays.fill(row, "");
    TensorSizes sizes = map.sizes();
    row[0] = "  " + map.map();
    row[1] = map.parameter().dimensions().toString();
    row[3] = number(sizes.spectralNorm());
    row[4] = number(sizes.frobeniusNorm());
    row[5] = number(sizes.stableRank());
    row[6] = number(sizes.rms());
    row[7] = number(sizes.naturalNorm());
    row[8] = number(map.parameter().fans().targetSpectralNorm());
    row[9] = number(sizes.ratio());
    if (updates && map.update().isPresent()) {
      row[10] = number(map.update().get().spectralNorm());
      row[11] = number(map.update().get().stableRank());
      row[12] = number(map.update().get().ratio());
    }
    return row;
  }

  /** A cosine, of which small ones differ by nothing that matters. */
  private static String fixed(double value) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%+.3f", value);
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.4g", value);
  }
}
