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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.widthwise.audit.UntrustedText;
import org.widthwise.audit.family.FamilyQuantity;
import org.widthwise.audit.family.FamilyResult;
import org.widthwise.audit.family.FamilyTensor;
import org.widthwise.audit.family.Resemblance;
import org.widthwise.audit.family.SizeOverWidth;
import org.widthwise.audit.model.SkippedTensor;
import org.widthwise.core.fit.ExponentClaim;
import org.widthwise.core.fit.Interval;
import org.widthwise.core.fit.PowerLawFit;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.lab.run.Json;

/** What {@code audit --family} prints; the keys are a contract. */
final class FamilyColumns {

  private FamilyColumns() {}

  static String json(FamilyResult result, boolean partial) {
    List<Member> family = new ArrayList<>();
    for (int i = 0; i < result.widths().size(); i++) {
      family.add(new Member(result.checkpoints().get(i), result.widths().get(i)));
    }
    return Json.write(
        new Document(
            family,
            partial,
            result.tolerance(),
            result.tensors().stream().map(FamilyColumns::row).toList(),
            resembling(result.weights()),
            result.updates().map(FamilyColumns::resembling).orElse(null),
            result.skipped()));
  }

  private static Row row(FamilyTensor tensor) {
    Map<String, Exponent> exponents = new LinkedHashMap<>();
    tensor.sizes().forEach((quantity, size) -> exponents.put(quantity.id(), exponent(size)));
    return new Row(
        tensor.name(),
        tensor.parameters().get(0).role().id(),
        tensor.parameters().get(0).layer().id(),
        tensor.parameters().stream().map(ParameterShape::dimensions).toList(),
        tensor.verdict().id(),
        tensor.weightVerdict().id(),
        tensor.updateVerdict().map(verdict -> verdict.id()).orElse(null),
        exponents);
  }

  private static Exponent exponent(SizeOverWidth size) {
    PowerLawFit fit = size.fit().orElse(null);
    if (fit == null) {
      return new Exponent(null, null, null, null, size.values());
    }
    Interval interval = fit.confidenceInterval(ExponentClaim.DEFAULT_CONFIDENCE);
    return new Exponent(
        fit.exponent(),
        fit.exponentStandardError().orElse(Double.NaN),
        interval.lower(),
        interval.upper(),
        size.values());
  }

  private static Resembling resembling(Resemblance resemblance) {
    return new Resembling(
        resemblance.outcome().name().toLowerCase(Locale.ROOT),
        resemblance.tensors(),
        resemblance.matches());
  }

  static String csv(FamilyResult result) {
    StringWriter text = new StringWriter();
    List<FamilyQuantity> quantities = quantities(result);
    try (CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(text)) {
      List<String> header =
          new ArrayList<>(
              List.of("name", "role", "layer", "verdict", "weight_verdict", "update_verdict"));
      for (FamilyQuantity quantity : quantities) {
        header.add(quantity.id() + "_exponent");
        header.add(quantity.id() + "_exponent_stderr");
      }
      csv.writeRecord(header);
      for (FamilyTensor tensor : result.tensors()) {
        List<String> cells =
            new ArrayList<>(
                List.of(
                    tensor.name(),
                    tensor.parameters().get(0).role().id(),
                    tensor.parameters().get(0).layer().id(),
                    tensor.verdict().id(),
                    tensor.weightVerdict().id(),
                    tensor.updateVerdict().map(verdict -> verdict.id()).orElse("")));
        for (FamilyQuantity quantity : quantities) {
          PowerLawFit fit = tensor.fit(quantity).orElse(null);
          cells.add(fit == null ? "" : Double.toString(fit.exponent()));
          cells.add(
              fit == null || fit.exponentStandardError().isEmpty()
                  ? ""
                  : Double.toString(fit.exponentStandardError().getAsDouble()));
        }
        csv.writeRecord(cells);
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return text.toString();
  }

  private static List<FamilyQuantity> quantities(FamilyResult result) {
    return List.of(FamilyQuantity.values()).stream()
        .filter(q -> result.tensors().stream().anyMatch(tensor -> tensor.sizes().containsKey(q)))
        .toList();
  }

  static String table(FamilyResult result) {
    boolean updates = result.tensors().stream().anyMatch(t -> t.updateVerdict().isPresent());
    List<String> header =
        new ArrayList<>(
            List.of("name", "role", "layer", "‖·‖₂", "rms", "stable rank", "size/target"));
    if (updates) {
      header.addAll(List.of("‖Δ‖₂", "Δ stable rank", "Δ size/target"));
    }
    header.add("Condition 1");
    Table table = new Table(header.toArray(String[]::new));
    for (FamilyTensor tensor : result.tensors()) {
      List<String> row =
          new ArrayList<>(
              List.of(
                  UntrustedText.escape(tensor.name()),
                  tensor.parameters().get(0).role().id(),
                  tensor.parameters().get(0).layer().id(),
                  shown(tensor, FamilyQuantity.SPECTRAL_NORM),
                  shown(tensor, FamilyQuantity.RMS),
                  shown(tensor, FamilyQuantity.STABLE_RANK),
                  shown(tensor, tensor.judged(false))));
      if (updates) {
        row.add(shown(tensor, FamilyQuantity.UPDATE_SPECTRAL_NORM));
        row.add(shown(tensor, FamilyQuantity.UPDATE_STABLE_RANK));
        row.add(shown(tensor, tensor.judged(true)));
      }
      row.add(tensor.verdict().id());
      table.add(row.toArray(String[]::new));
    }
    StringWriter text = new StringWriter();
    try (PrintWriter out = new PrintWriter(text)) {
      out.println("exponents of width, ± one standard error; Condition 1 asks 0 of size/target");
      table.print(out);
      out.println();
      for (int i = 0; i < result.widths().size(); i++) {
        out.printf(
            "width %d: %s%n",
            result.widths().get(i), UntrustedText.escape(result.checkpoints().get(i)));
      }
      resemblance(result).forEach(out::println);
    }
    return text.toString();
  }

  private static String shown(FamilyTensor tensor, FamilyQuantity quantity) {
    PowerLawFit fit = tensor.fit(quantity).orElse(null);
    if (fit == null) {
      return "";
    }
    return String.format(
        Locale.ROOT,
        "%+.3f ± %.3f",
        fit.exponent(),
        fit.exponentStandardError().orElse(Double.NaN));
  }

  /** Which parametrizations weights and updates resemble, in words. */
  static List<String> resemblance(FamilyResult result) {
    List<String> lines = new ArrayList<>(describe("weights", result.weights()));
    result.updates().ifPresent(found -> lines.addAll(describe("updates", found)));
    return lines;
  }

  private static List<String> describe(String what, Resemblance found) {
    if (found.matches().isEmpty()) {
      return List.of("the %s tell no parametrization: there is no size to compare".formatted(what));
    }
    String words =
        switch (found.outcome()) {
          case RESEMBLES -> "grow as under " + String.join(" and ", found.matches().get(0).ids());
          case UNDECIDED -> "do not tell the parametrizations apart";
          case NONE -> "grow as under no parametrization that is known here";
        };
    String matches =
        found.matches().stream()
            .map(
                match ->
                    String.format(
                        Locale.ROOT,
                        "%s %.0f %% (%.2f off)",
                        String.join(" = ", match.ids()),
                        100 * match.share(),
                        match.distance()))
            .collect(Collectors.joining(", "));
    List<String> lines = new ArrayList<>();
    lines.add("the %s %s: %s".formatted(what, words, matches));
    if (found.matches().get(0).ids().size() > 1) {
      lines.add(
          ("  (%s predict the same of these %s: what differs, if anything, are rates or"
                  + " multipliers, which are in no checkpoint)")
              .formatted(String.join(" and ", found.matches().get(0).ids()), what));
    }
    return lines;
  }

  /** What {@code --format json} prints; its keys are a contract. */
  private record Document(
      List<Member> family,
      boolean partial,
      double tolerance,
      List<Row> tensors,
      Resembling weights,
      @Nullable Resembling updates,
      List<SkippedTensor> skipped) {}

  private record Member(String checkpoint, long width) {}

  private record Row(
      String name,
      String role,
      String layer,
      List<List<Long>> shapes,
      String verdict,
      String weightVerdict,
      @Nullable String updateVerdict,
      Map<String, Exponent> exponents) {}

  private record Exponent(
      @Nullable Double exponent,
      @Nullable Double standardError,
      @Nullable Double low,
      @Nullable Double high,
      List<Double> values) {}

  private record Resembling(String outcome, int tensors, List<Resemblance.Match> matches) {}
}
