package org.widthwise.audit.report;

import static org.widthwise.audit.report.SelfContainedPage.finite;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.widthwise.audit.UntrustedText;
import org.widthwise.audit.family.FamilyQuantity;
import org.widthwise.audit.family.FamilyResult;
import org.widthwise.audit.family.FamilyTensor;
import org.widthwise.audit.family.SizeOverWidth;
import org.widthwise.core.fit.ExponentClaim;
import org.widthwise.core.fit.Interval;
import org.widthwise.core.fit.PowerLawFit;

/**
 * The audit of a family as one HTML page: a list of tensors to search and to sort, with exponents
 * and verdicts, and every size of the chosen one over width.
 */
public final class FamilyPage {

  private FamilyPage() {}

  /**
   * The page of a family.
   *
   * @param result what was found
   * @param partial whether the audit was stopped before all checkpoints were measured
   * @param resemblance in words, which parametrizations it resembles
   * @return an HTML document, for UTF-8
   */
  public static String html(FamilyResult result, boolean partial, List<String> resemblance) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put(
        "family",
        IntStream.range(0, result.widths().size())
            .mapToObj(
                i ->
                    Map.of(
                        "checkpoint",
                        UntrustedText.escape(result.checkpoints().get(i)),
                        "width",
                        result.widths().get(i)))
            .toList());
    data.put("partial", partial);
    data.put("tolerance", result.tolerance());
    data.put("resemblance", resemblance);
    data.put("tensors", result.tensors().stream().map(FamilyPage::tensor).toList());
    data.put("skipped", SelfContainedPage.skipped(result.skipped()));
    return SelfContainedPage.html("family", List.of("audit.css", "family.css"), data);
  }

  private static Map<String, @Nullable Object> tensor(FamilyTensor tensor) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("name", UntrustedText.escape(tensor.name()));
    map.put("role", tensor.parameters().get(0).role().id());
    map.put("layer", tensor.parameters().get(0).layer().id());
    map.put("verdict", tensor.verdict().id());
    map.put("judged", tensor.judged(false).id());
    map.put("update_judged", tensor.updateVerdict().isPresent() ? tensor.judged(true).id() : null);
    map.put("shapes", tensor.parameters().stream().map(p -> p.dimensions().toString()).toList());
    Map<String, Object> sizes = new LinkedHashMap<>();
    for (Map.Entry<FamilyQuantity, SizeOverWidth> size : tensor.sizes().entrySet()) {
      sizes.put(size.getKey().id(), size(size.getValue()));
    }
    map.put("sizes", sizes);
    return map;
  }

  private static Map<String, @Nullable Object> size(SizeOverWidth size) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    List<@Nullable Double> values = new ArrayList<>();
    size.values().forEach(value -> values.add(finite(value)));
    map.put("values", values);
    PowerLawFit fit = size.fit().orElse(null);
    if (fit != null) {
      Interval interval = fit.confidenceInterval(ExponentClaim.DEFAULT_CONFIDENCE);
      map.put("exponent", finite(fit.exponent()));
      map.put("error", finite(fit.exponentStandardError().orElse(Double.NaN)));
      map.put("low", finite(interval.lower()));
      map.put("high", finite(interval.upper()));
    }
    return map;
  }
}
