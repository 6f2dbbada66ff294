package org.widthwise.cli;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.widthwise.audit.UntrustedText;
import org.widthwise.audit.model.SkippedTensor;
import org.widthwise.audit.spectrum.Advice;
import org.widthwise.audit.spectrum.AuditResult;
import org.widthwise.audit.spectrum.Band;
import org.widthwise.audit.spectrum.SingularSpectrum;
import org.widthwise.audit.spectrum.TensorAudit;
import org.widthwise.audit.spectrum.TensorSizes;
import org.widthwise.audit.spectrum.UpdateAlignment;
import org.widthwise.lab.run.Json;

/** What {@code audit} prints; the keys are a contract. */
final class AuditColumns {

  private static final String UPDATE = "update_";

  private AuditColumns() {}

  static String json(
      String checkpoint,
      @Nullable String against,
      AuditResult result,
      List<TensorAudit> shown,
      Band band) {
    return Json.write(
        new Document(
            checkpoint,
            against,
            result.partial(),
            List.of(band.low(), band.high()),
            shown.stream().map(tensor -> row(tensor, against != null)).toList(),
            shown.stream().flatMap(t -> Advice.of(t, band).stream()).map(Advised::of).toList(),
            result.skipped()));
  }

  static String csv(List<TensorAudit> tensors, boolean updates, boolean spectra, Band band) {
    StringWriter text = new StringWriter();
    try (CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(text)) {
      List<String> header = new ArrayList<>(cells(null, updates).keySet());
      header.addAll(AuditCsv.adviceColumns(updates));
      header.addAll(spectra ? AuditCsv.SPECTRUM : List.of());
      csv.writeRecord(header);
      for (TensorAudit tensor : tensors) {
        List<String> record =
            new ArrayList<>(
                cells(tensor, updates).values().stream().map(AuditColumns::csvCell).toList());
        record.addAll(AuditCsv.advice(Advice.of(tensor, band), updates));
        record.addAll(spectra ? AuditCsv.spectrum(tensor.spectrum()) : List.of());
        csv.writeRecord(record);
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return text.toString();
  }

  private static String csvCell(Object value) {
    return value instanceof List<?> list
        ? list.stream().map(String::valueOf).collect(Collectors.joining("x"))
        : value.toString();
  }

  static String table(List<TensorAudit> tensors, boolean updates, Band band) {
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
                  tensor.parameter().role().id(),
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
      row.add(
          Advice.of(tensor, band).stream().map(Advice::inShort).collect(Collectors.joining(", ")));
      table.add(row.toArray(String[]::new));
    }
    StringWriter text = new StringWriter();
    try (PrintWriter out = new PrintWriter(text)) {
      table.print(out);
    }
    return text.toString();
  }

  /** A cosine, of which small ones differ by nothing that matters. */
  private static String fixed(double value) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%+.3f", value);
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.4g", value);
  }

  /** What does not fit into a cell of a table comes last, and only where it was asked for. */
  private static Map<String, Object> row(TensorAudit tensor, boolean updates) {
    Map<String, Object> row = cells(tensor, updates);
    tensor.spectrum().ifPresent(spectrum -> row.put("spectrum", Spectrum.of(spectrum)));
    return row;
  }

  private static Map<String, Object> cells(@Nullable TensorAudit tensor, boolean updates) {
    Map<String, Object> cells = new LinkedHashMap<>(words(tensor));
    cells.putAll(numbers(tensor, updates));
    return cells;
  }

  private static Map<String, Object> words(@Nullable TensorAudit tensor) {
    Map<String, Object> words = new LinkedHashMap<>();
    words.put("name", tensor == null ? "" : tensor.name());
    words.put("shape", tensor == null ? "" : tensor.shape());
    words.put("dtype", tensor == null ? "" : tensor.dtype());
    words.put("role", tensor == null ? "" : tensor.parameter().role().id());
    words.put("fan_in", tensor == null ? "" : tensor.parameter().fans().fanIn());
    words.put("fan_out", tensor == null ? "" : tensor.parameter().fans().fanOut());
    return words;
  }

  private static Map<String, Object> numbers(@Nullable TensorAudit tensor, boolean updates) {
    Map<String, Object> numbers = new LinkedHashMap<>();
    sizes(tensor == null ? null : tensor.sizes(), "", numbers);
    numbers.put(
        "target_spectral_norm",
        tensor == null ? "" : tensor.parameter().fans().targetSpectralNorm());
    if (updates) {
      sizes(tensor == null ? null : tensor.update().orElse(null), UPDATE, numbers);
      numbers.put(
          UPDATE + "relative_spectral", tensor == null ? "" : tensor.updateRelativeSpectral());
      numbers.put(
          UPDATE + "relative_frobenius", tensor == null ? "" : tensor.updateRelativeFrobenius());
      alignment(tensor == null ? null : tensor.alignment().orElse(null), numbers);
    }
    return numbers;
  }

  private static void alignment(@Nullable UpdateAlignment alignment, Map<String, Object> numbers) {
    Map<String, ToDoubleFunction<UpdateAlignment>> columns = new LinkedHashMap<>();
    columns.put("alignment", UpdateAlignment::withWeight);
    columns.put("output_alignment", UpdateAlignment::output);
    columns.put("input_alignment", UpdateAlignment::input);
    columns.put("alignment_with_earlier", UpdateAlignment::withEarlier);
    columns.forEach(
        (key, value) ->
            numbers.put(
                UPDATE + key, alignment == null ? Double.NaN : value.applyAsDouble(alignment)));
  }

  private static void sizes(
      @Nullable TensorSizes sizes, String prefix, Map<String, Object> numbers) {
    Map<String, ToDoubleFunction<TensorSizes>> columns = new LinkedHashMap<>();
    columns.put("spectral_norm", TensorSizes::spectralNorm);
    columns.put("spectral_norm_relative_error", TensorSizes::spectralNormRelativeError);
    columns.put("frobenius_norm", TensorSizes::frobeniusNorm);
    columns.put("stable_rank", TensorSizes::stableRank);
    columns.put("rms", TensorSizes::rms);
    columns.put("natural_norm", TensorSizes::naturalNorm);
    columns.put("ratio", TensorSizes::ratio);
    columns.forEach(
        (key, value) ->
            numbers.put(prefix + key, sizes == null ? Double.NaN : value.applyAsDouble(sizes)));
    numbers.put(prefix + "non_finite", sizes == null ? 0L : sizes.nonFinite());
  }

  /** What {@code --format json} prints; its keys are a contract. */
  private record Document(
      String checkpoint,
      @Nullable String against,
      boolean partial,
      List<Double> band,
      List<Map<String, Object>> tensors,
      List<Advised> advice,
      List<SkippedTensor> skipped) {}

  private record Spectrum(
      String method,
      List<Double> leading,
      double noiseStd,
      double noiseEdge,
      int outliers,
      boolean complete,
      double noiseShare,
      double noiseCount,
      double distance,
      List<Double> binEdges,
      List<Double> binShares) {

    static Spectrum of(SingularSpectrum found) {
      List<Double> edges = new ArrayList<>(List.of(0.0));
      found.bins().forEach(bin -> edges.add(bin.to()));
      return new Spectrum(
          found.method().id(),
          found.leading(),
          found.noiseStd(),
          found.noiseEdge(),
          found.outliers(),
          found.complete(),
          found.noiseShare(),
          found.noiseCount(),
          found.distance(),
          edges,
          found.bins().stream().map(SingularSpectrum.Bin::share).toList());
    }
  }

  /** An element of {@code advice}: the factors by which numbers of a plan are to be multiplied. */
  private record Advised(
      String name,
      String of,
      double multiple,
      @Nullable Double initFactor,
      @Nullable Double multiplierFactor,
      @Nullable Double learningRateFactor,
      @Nullable Double initStd) {

    static Advised of(Advice advice) {
      @Nullable Double factor = boxed(advice.factor());
      boolean weight = advice.subject() == Advice.Subject.WEIGHT;
      return new Advised(
          advice.name(),
          advice.subject().id(),
          advice.multiple(),
          weight ? factor : null,
          weight ? factor : null,
          weight ? null : factor,
          boxed(advice.initStd()));
    }

    private static @Nullable Double boxed(OptionalDouble number) {
      return number.isPresent() ? (Double) number.getAsDouble() : null;
    }
  }
}
