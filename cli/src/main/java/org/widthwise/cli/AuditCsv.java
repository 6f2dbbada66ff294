package org.widthwise.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.widthwise.audit.spectrum.Advice;
import org.widthwise.audit.spectrum.SingularSpectrum;

/**
 * What JSON keeps in objects of their own, in the columns of {@code audit --format csv}: advice and
 * spectrum of a tensor. The columns are a contract.
 */
final class AuditCsv {

  static final List<String> SPECTRUM =
      List.of(
          "spectrum_method",
          "spectrum_leading",
          "spectrum_noise_std",
          "spectrum_noise_edge",
          "spectrum_outliers",
          "spectrum_complete",
          "spectrum_noise_share",
          "spectrum_noise_count",
          "spectrum_distance",
          "spectrum_bin_edges",
          "spectrum_bin_shares",
          "spectrum_bin_noise_shares");

  private static final List<String> WEIGHT_ADVICE =
      List.of("init_factor", "multiplier_factor", "init_std");
  private static final String RATE = "learning_rate_factor";

  private AuditCsv() {}

  static List<String> adviceColumns(boolean updates) {
    List<String> columns = new ArrayList<>(WEIGHT_ADVICE);
    columns.addAll(updates ? List.of(RATE) : List.of());
    return columns;
  }

  /** By column; nothing where nothing is advised, or no factor helps. */
  static Map<String, String> advice(List<Advice> all) {
    Map<String, String> cells = new HashMap<>();
    for (Advice advice : all) {
      if (advice.factor().isEmpty()) {
        continue;
      }
      String factor = Double.toString(advice.factor().getAsDouble());
      if (advice.subject() == Advice.Subject.WEIGHT) {
        cells.put(WEIGHT_ADVICE.get(0), factor);
        cells.put(WEIGHT_ADVICE.get(1), factor);
        cells.put(WEIGHT_ADVICE.get(2), Double.toString(advice.initStd().orElse(Double.NaN)));
      } else {
        cells.put(RATE, factor);
      }
    }
    return cells;
  }

  /** By column; nothing where there is none. Lists are separated by spaces. */
  static Map<String, String> spectrum(Optional<SingularSpectrum> found) {
    if (found.isEmpty()) {
      return Map.of();
    }
    SingularSpectrum spectrum = found.get();
    List<Double> edges = new ArrayList<>(List.of(0.0));
    spectrum.bins().forEach(bin -> edges.add(bin.to()));
    List<String> cells =
        List.of(
            spectrum.method().id(),
            list(spectrum.leading()),
            Double.toString(spectrum.noiseStd()),
            Double.toString(spectrum.noiseEdge()),
            Integer.toString(spectrum.outliers()),
            Boolean.toString(spectrum.complete()),
            Double.toString(spectrum.noiseShare()),
            Double.toString(spectrum.noiseCount()),
            Double.toString(spectrum.distance()),
            list(edges),
            list(spectrum.bins().stream().map(SingularSpectrum.Bin::share).toList()),
            list(spectrum.bins().stream().map(SingularSpectrum.Bin::noise).toList()));
    Map<String, String> byColumn = new HashMap<>();
    for (int i = 0; i < cells.size(); i++) {
      byColumn.put(SPECTRUM.get(i), cells.get(i));
    }
    return byColumn;
  }

  private static String list(List<Double> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining(" "));
  }
}
