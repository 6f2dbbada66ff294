package org.widthwise.audit.report;

import static org.widthwise.audit.report.SelfContainedPage.finite;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.widthwise.audit.UntrustedText;
import org.widthwise.audit.spectrum.Advice;
import org.widthwise.audit.spectrum.AuditResult;
import org.widthwise.audit.spectrum.Band;
import org.widthwise.audit.spectrum.MapAudit;
import org.widthwise.audit.spectrum.SingularSpectrum;
import org.widthwise.audit.spectrum.TensorAudit;
import org.widthwise.audit.spectrum.TensorSizes;
import org.widthwise.audit.spectrum.UpdateAlignment;

/**
 * The audit as one HTML page: an overview of all tensors, a list to search and sort, and everything
 * about the one that is chosen.
 *
 * <p>The page needs no network and no other file, and runs nothing of what is in the checkpoint.
 * Only the rows that can be seen are in the document, so thousands of tensors do not slow it.
 */
public final class AuditPage {

  private AuditPage() {}

  /**
   * The page of an audit.
   *
   * @param checkpoint where the checkpoint is, as the user gave it
   * @param against where the earlier one is; null for none
   * @param result what was found
   * @param band the multiples of a target that need no advice
   * @return an HTML document, for UTF-8
   */
  public static String html(
      String checkpoint, @Nullable String against, AuditResult result, Band band) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("checkpoint", UntrustedText.escape(checkpoint));
    data.put("against", against == null ? "" : UntrustedText.escape(against));
    data.put("partial", result.partial());
    data.put("band", List.of(band.low(), band.high()));
    data.put("tensors", result.tensors().stream().map(t -> tensor(t, band)).toList());
    data.put("skipped", SelfContainedPage.skipped(result.skipped()));
    return SelfContainedPage.html("audit", List.of("audit.css"), data);
  }

  private static Map<String, @Nullable Object> tensor(TensorAudit audit, Band band) {
    Map<String, @Nullable Object> tensor = new LinkedHashMap<>();
    tensor.put("name", UntrustedText.escape(audit.name()));
    tensor.put("shape", audit.shape());
    tensor.put("dtype", audit.dtype());
    tensor.put("role", audit.parameter().role().id());
    tensor.put("layer", audit.parameter().layer().id());
    double multiple = Advice.multiple(audit.parameter(), audit.sizes());
    tensor.put("may_be_small", Advice.mayBeSmall(audit.parameter(), multiple));
    tensor.put("reason", UntrustedText.escape(audit.reason()));
    tensor.put("fan_in", audit.parameter().fans().fanIn());
    tensor.put("fan_out", audit.parameter().fans().fanOut());
    tensor.put("target", audit.parameter().fans().targetSpectralNorm());
    tensor.put("multiple", finite(multiple));
    tensor.put("sizes", sizes(audit.sizes()));
    tensor.put("first_non_finite", audit.firstNonFinite().map(List::toString).orElse(""));
    tensor.put(
        "update_multiple",
        audit.update().map(u -> finite(Advice.multiple(audit.parameter(), u))).orElse(null));
    tensor.put("update", audit.update().map(AuditPage::sizes).orElse(null));
    tensor.put("relative_spectral", finite(audit.updateRelativeSpectral()));
    tensor.put("relative_frobenius", finite(audit.updateRelativeFrobenius()));
    tensor.put("alignment", audit.alignment().map(AuditPage::alignment).orElse(null));
    tensor.put("advice", advice(audit, band));
    tensor.put("maps", audit.maps().stream().map(map -> map(audit, map, band)).toList());
    tensor.put("maps_out", mapsOut(audit, band));
    tensor.put("extra", audit.spectrum().map(AuditPage::spectrum).orElse(List.of()));
    tensor.put("distribution", audit.spectrum().map(AuditPage::distribution).orElse(null));
    return tensor;
  }

  private static Map<String, @Nullable Object> alignment(UpdateAlignment alignment) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("with_weight", finite(alignment.withWeight()));
    map.put("output", finite(alignment.output()));
    map.put("input", finite(alignment.input()));
    map.put("with_earlier", finite(alignment.withEarlier()));
    return map;
  }

  /** What is advised of the tensor as a whole, and of which maps more is said with their sizes. */
  private static List<String> advice(TensorAudit audit, Band band) {
    List<String> sentences =
        new ArrayList<>(Advice.ofWhole(audit, band).stream().map(AuditPage::sentence).toList());
    String maps =
        audit.maps().stream()
            .filter(map -> !Advice.ofMap(audit, map, band).isEmpty())
            .map(MapAudit::map)
            .collect(Collectors.joining(", "));
    if (!maps.isEmpty()) {
      sentences.add("By themselves these maps are out of band, see below: " + maps + ".");
    }
    return sentences;
  }

  private static List<String> map(TensorAudit audit, MapAudit map, Band band) {
    String update =
        map.update()
            .map(u -> String.format(Locale.ROOT, ", of its update %.4g", u.ratio()))
            .orElse("");
    return List.of(
        map.map() + " " + map.parameter().dimensions(),
        String.format(
            Locale.ROOT,
            "‖·‖₂ %.4g, ratio %.4g%s%s",
            map.sizes().spectralNorm(),
            map.sizes().ratio(),
            update,
            Advice.ofMap(audit, map, band).stream()
                .map(advice -> "; " + advice.inShort())
                .collect(Collectors.joining())));
  }

  /** Whether a map's weight, or its update, is out of band, whatever the tensor as a whole is. */
  private static Map<String, Boolean> mapsOut(TensorAudit audit, Band band) {
    Map<String, Boolean> out = new LinkedHashMap<>();
    for (Advice.Subject subject : Advice.Subject.values()) {
      out.put(
          subject.id(),
          audit.maps().stream()
              .flatMap(map -> Advice.ofMap(audit, map, band).stream())
              .anyMatch(advice -> advice.subject() == subject));
    }
    return out;
  }

  /** Words and values, in the order in which they are shown. */
  private static List<List<String>> spectrum(SingularSpectrum spectrum) {
    List<List<String>> pairs = new ArrayList<>();
    pairs.add(
        List.of(
            "leading singular values",
            spectrum.leading().stream()
                .map(value -> String.format(Locale.ROOT, "%.4g", value))
                .collect(Collectors.joining(", "))));
    pairs.add(
        List.of(
            "beyond the edge of noise",
            spectrum.outliers()
                + (spectrum.complete() ? "" : " or more")
                + String.format(Locale.ROOT, ", the edge being %.4g", spectrum.noiseEdge())));
    pairs.add(
        List.of(
            "within it, of ‖W‖_F²",
            String.format(Locale.ROOT, "%.2f %%", 100 * spectrum.noiseShare())));
    pairs.add(
        List.of(
            "distance from Marchenko–Pastur",
            String.format(Locale.ROOT, "%.3f", spectrum.distance())));
    return pairs;
  }

  /** What is drawn: the ends of bins are equal parts of the range from 0 to the largest value. */
  private static Map<String, @Nullable Object> distribution(SingularSpectrum spectrum) {
    List<SingularSpectrum.Bin> bins = spectrum.bins();
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("largest", bins.get(bins.size() - 1).to());
    map.put("edge", spectrum.noiseEdge());
    map.put("shares", bins.stream().map(bin -> rounded(bin.share())).toList());
    map.put("noise", bins.stream().map(bin -> rounded(bin.noise())).toList());
    return map;
  }

  /** To what can be seen, for a page may have thousands of distributions. */
  private static double rounded(double share) {
    return Math.rint(share * 1e5) / 1e5;
  }

  private static Map<String, @Nullable Object> sizes(TensorSizes sizes) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("spectral_norm", finite(sizes.spectralNorm()));
    map.put("spectral_norm_relative_error", finite(sizes.spectralNormRelativeError()));
    map.put("frobenius_norm", finite(sizes.frobeniusNorm()));
    map.put("stable_rank", finite(sizes.stableRank()));
    map.put("rms", finite(sizes.rms()));
    map.put("natural_norm", finite(sizes.naturalNorm()));
    map.put("ratio", finite(sizes.ratio()));
    map.put("operator_norm_bound", finite(sizes.operatorNormBound()));
    map.put("non_finite", sizes.nonFinite());
    return map;
  }

  private static String sentence(Advice advice) {
    String what = advice.subject() == Advice.Subject.WEIGHT ? "The weight" : "The update";
    if (advice.factor().isEmpty()) {
      return what
          + (advice.subject() == Advice.Subject.WEIGHT
              ? " is all zero: no factor brings it to its target."
              : " is zero: the tensor did not move.");
    }
    String size =
        String.format(Locale.ROOT, "%s has %.3g times its target size: ", what, advice.multiple());
    String factor = String.format(Locale.ROOT, "%.3g", advice.factor().getAsDouble());
    List<String> words = new ArrayList<>(List.of(size));
    if (advice.subject() == Advice.Subject.WEIGHT) {
      words.add("multiply its initial standard deviation, or else its multiplier, by " + factor);
      advice
          .initStd()
          .ifPresent(
              std ->
                  words.add(
                      String.format(
                          Locale.ROOT, "; drawn anew, entries of σ = %.3g would do", std)));
    } else {
      words.add("multiply its learning rate by " + factor);
    }
    return String.join("", words) + ".";
  }
}
