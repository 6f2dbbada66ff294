package org.widthwise.cli;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.widthwise.audit.model.SkippedTensor;
import org.widthwise.audit.spectrum.Advice;
import org.widthwise.audit.spectrum.AuditResult;
import org.widthwise.audit.spectrum.Band;
import org.widthwise.audit.spectrum.MapAudit;
import org.widthwise.audit.spectrum.SingularSpectrum;
import org.widthwise.audit.spectrum.TensorAudit;
import org.widthwise.audit.spectrum.TensorSizes;
import org.widthwise.audit.spectrum.UpdateAlignment;
import org.widthwise.lab.run.Json;

/** What {@code audit} prints; the keys are a contract. */
final class AuditColumns {

  private static final String UPDATE = "update_";
  private static final String NON_FINITE = "non_finite";
  private static final List<String> WORDS =
      List.of("name", "shape", "dtype", "role", "fan_in", "fan_out");
  private static final Map<String, ToDoubleFunction<TensorSizes>> SIZES =
      ordered(
          List.of(
              Map.entry("spectral_norm", TensorSizes::spectralNorm),
              Map.entry("spectral_norm_relative_error", TensorSizes::spectralNormRelativeError),
              Map.entry("frobenius_norm", TensorSizes::frobeniusNorm),
              Map.entry("stable_rank", TensorSizes::stableRank),
              Map.entry("rms", TensorSizes::rms),
              Map.entry("natural_norm", TensorSizes::naturalNorm),
              Map.entry("ratio", TensorSizes::ratio),
              Map.entry("operator_norm_bound", TensorSizes::operatorNormBound)));
  private static final Map<String, ToDoubleFunction<UpdateAlignment>> ALIGNMENT =
      ordered(
          List.of(
              Map.entry("alignment", UpdateAlignment::withWeight),
              Map.entry("output_alignment", UpdateAlignment::output),
              Map.entry("input_alignment", UpdateAlignment::input),
              Map.entry("alignment_with_earlier", UpdateAlignment::withEarlier)));

  private AuditColumns() {}

  private static <T> Map<String, ToDoubleFunction<T>> ordered(
      List<Map.Entry<String, ToDoubleFunction<T>>> columns) {
    Map<String, ToDoubleFunction<T>> map = new LinkedHashMap<>();
    columns.forEach(column -> map.put(column.getKey(), column.getValue()));
    return Collections.unmodifiableMap(map);
  }

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
      List<String> header = new ArrayList<>(WORDS);
      header.add("map");
      header.addAll(numberColumns(updates));
      header.addAll(AuditCsv.adviceColumns(updates));
      header.addAll(spectra ? AuditCsv.SPECTRUM : List.of());
      csv.writeRecord(header);
      for (TensorAudit tensor : tensors) {
        Map<String, Object> cells = row(tensor, updates);
        Map<String, String> own = new LinkedHashMap<>();
        own.putAll(AuditCsv.advice(Advice.ofWhole(tensor, band)));
        own.putAll(AuditCsv.spectrum(tensor.spectrum()));
        csv.writeRecord(header.stream().map(key -> csvCell(key, cells, own)).toList());
        for (MapAudit map : tensor.maps()) {
          Map<String, Object> part = new LinkedHashMap<>(words(tensor));
          part.putAll(map(map, updates));
          Map<String, String> advised = AuditCsv.advice(Advice.ofMap(tensor, map, band));
          csv.writeRecord(header.stream().map(key -> csvCell(key, part, advised)).toList());
        }
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return text.toString();
  }

  private static List<String> numberColumns(boolean updates) {
    List<String> columns = new ArrayList<>(SIZES.keySet());
    columns.add(NON_FINITE);
    columns.add("target_spectral_norm");
    if (updates) {
      SIZES.keySet().forEach(key -> columns.add(UPDATE + key));
      columns.add(UPDATE + NON_FINITE);
      columns.add(UPDATE + "relative_spectral");
      columns.add(UPDATE + "relative_frobenius");
      ALIGNMENT.keySet().forEach(key -> columns.add(UPDATE + key));
    }
    return columns;
  }

  /** Numbers that a map does not have by itself are none; all else is empty. */
  private static String csvCell(String key, Map<String, Object> cells, Map<String, String> own) {
    Object value = cells.get(key);
    if (value instanceof List<?> list) {
      return list.stream().map(String::valueOf).collect(Collectors.joining("x"));
    }
    if (value != null) {
      return value.toString();
    }
    return own.getOrDefault(key, key.startsWith(UPDATE) ? "NaN" : "");
  }

  /** What does not fit into a cell of a table comes last, and only where there is any. */
  private static Map<String, Object> row(TensorAudit tensor, boolean updates) {
    Map<String, Object> row = new LinkedHashMap<>(words(tensor));
    row.putAll(numbers(tensor, updates));
    tensor.spectrum().ifPresent(spectrum -> row.put("spectrum", Spectrum.of(spectrum)));
    if (!tensor.maps().isEmpty()) {
      row.put("maps", tensor.maps().stream().map(map -> map(map, updates)).toList());
    }
    return row;
  }

  private static Map<String, Object> map(MapAudit map, boolean updates) {
    Map<String, Object> cells = new LinkedHashMap<>();
    cells.put("map", map.map());
    cells.put("fan_in", map.parameter().fans().fanIn());
    cells.put("fan_out", map.parameter().fans().fanOut());
    sizes(map.sizes(), "", cells);
    cells.put("target_spectral_norm", map.parameter().fans().targetSpectralNorm());
    if (updates) {
      sizes(map.update().orElse(null), UPDATE, cells);
    }
    return cells;
  }

  private static Map<String, Object> words(TensorAudit tensor) {
    Map<String, Object> words = new LinkedHashMap<>();
    words.put("name", tensor.name());
    words.put("shape", tensor.shape());
    words.put("dtype", tensor.dtype());
    words.put("role", tensor.parameter().role().id());
    words.put("fan_in", tensor.parameter().fans().fanIn());
    words.put("fan_out", tensor.parameter().fans().fanOut());
    return words;
  }

  private static Map<String, Object> numbers(TensorAudit tensor, boolean updates) {
    Map<String, Object> numbers = new LinkedHashMap<>();
    sizes(tensor.sizes(), "", numbers);
    numbers.put("target_spectral_norm", tensor.parameter().fans().targetSpectralNorm());
    if (updates) {
      sizes(tensor.update().orElse(null), UPDATE, numbers);
      numbers.put(UPDATE + "relative_spectral", tensor.updateRelativeSpectral());
      numbers.put(UPDATE + "relative_frobenius", tensor.updateRelativeFrobenius());
      alignment(tensor.alignment().orElse(null), numbers);
    }
    return numbers;
  }

  private static void alignment(@Nullable UpdateAlignment alignment, Map<String, Object> numbers) {
    ALIGNMENT.forEach(
        (key, value) ->
            numbers.put(
                UPDATE + key, alignment == null ? Double.NaN : value.applyAsDouble(alignment)));
  }

  private static void sizes(
      @Nullable TensorSizes sizes, String prefix, Map<String, Object> numbers) {
    SIZES.forEach(
        (key, value) ->
            numbers.put(prefix + key, sizes == null ? Double.NaN : value.applyAsDouble(sizes)));
    numbers.put(prefix + NON_FINITE, sizes == null ? 0L : sizes.nonFinite());
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
      List<Double> binShares,
      List<Double> binNoiseShares) {

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
          found.bins().stream().map(SingularSpectrum.Bin::share).toList(),
          found.bins().stream().map(SingularSpectrum.Bin::noise).toList());
    }
  }

  /** An element of {@code advice}: the factors by which numbers of a plan are to be multiplied. */
  private record Advised(
      String name,
      @Nullable String map,
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
          advice.map().orElse(null),
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
