package org.widthwise.audit.family;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.widthwise.audit.UntrustedText;
import org.widthwise.audit.model.SkippedTensor;
import org.widthwise.audit.spectrum.TensorAudit;
import org.widthwise.core.fit.Verdict;
import org.widthwise.core.shape.Layer;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.core.update.UpdateRule;

/**
 * Follows every tensor of one architecture over several widths: fits power laws to its sizes, holds
 * the weight's and the update's size over its target against Condition 1, which asks for the
 * exponent 0, and compares the exponents with those of the parametrizations.
 *
 * <p>Tensors are matched by name. The width of a member is the size that occurs most often among
 * the dimensions that differ between members; a family whose other dimensions grow in proportion
 * has the same exponents against any of them. Instances are immutable.
 */
public final class FamilyAudit {

  /** Two points always lie on a line. */
  private static final int LEAST_WIDTHS = 3;

  private final double tolerance;
  private final Optional<UpdateRule> rule;

  private FamilyAudit(double tolerance, Optional<UpdateRule> rule) {
    this.tolerance = tolerance;
    this.rule = rule;
  }

  /**
   * Exponents may be 0.2 from 0, as in the check of a network; the update rule is not known.
   *
   * @return an audit
   */
  public static FamilyAudit withDefaults() {
    return new FamilyAudit(0.2, Optional.empty());
  }

  /**
   * Sets how far from 0 the exponent of a size over its target may be.
   *
   * @param newTolerance above 0 and finite
   * @return the audit with this tolerance
   * @throws IllegalArgumentException if it is not
   */
  public FamilyAudit withTolerance(double newTolerance) {
    if (!(newTolerance > 0 && Double.isFinite(newTolerance))) {
      throw new IllegalArgumentException(
          "the tolerance of an exponent must be above 0 and finite, not " + newTolerance);
    }
    return new FamilyAudit(newTolerance, rule);
  }

  /**
   * Says how the updates were made, which no checkpoint tells: their sizes are then compared with
   * the parametrizations, too.
   *
   * @param newRule the update rule
   * @return the audit with this rule
   */
  public FamilyAudit withUpdateRule(UpdateRule newRule) {
    return new FamilyAudit(tolerance, Optional.of(newRule));
  }

  /**
   * Compares the members.
   *
   * @param members audits of at least three widths; several of one width count as repetitions
   * @return what was found
   * @throws IllegalArgumentException if there are fewer widths, or the members have no tensor in
   *     common
   */
  public FamilyResult run(List<FamilyMember> members) {
    List<Map<String, TensorAudit>> byName =
        members.stream().map(member -> byName(member.result().tensors())).toList();
    List<SkippedTensor> skipped = new ArrayList<>();
    Map<String, List<TensorAudit>> common = common(members, byName, skipped);
    List<Long> widths = widths(members, common);
    List<Integer> order =
        IntStream.range(0, members.size())
            .boxed()
            .sorted(Comparator.comparing(widths::get))
            .toList();
    List<Long> sorted = order.stream().map(widths::get).toList();
    double[] x = sorted.stream().mapToDouble(Long::doubleValue).toArray();
    List<FamilyTensor> tensors = new ArrayList<>();
    common.forEach((name, audits) -> tensors.add(tensor(name, pick(audits, order), x)));
    ResemblanceSearch search = new ResemblanceSearch(x, tolerance);
    boolean updates = tensors.stream().anyMatch(tensor -> tensor.updateVerdict().isPresent());
    return new FamilyResult(
        order.stream().map(i -> members.get(i).checkpoint()).toList(),
        sorted,
        tolerance,
        tensors,
        search.ofWeights(tensors),
        updates ? rule.map(known -> search.ofUpdates(tensors, known)) : Optional.empty(),
        skipped);
  }

  private static Map<String, TensorAudit> byName(List<TensorAudit> audits) {
    Map<String, TensorAudit> byName = new LinkedHashMap<>();
    audits.forEach(audit -> byName.put(audit.name(), audit));
    return byName;
  }

  private static Map<String, List<TensorAudit>> common(
      List<FamilyMember> members,
      List<Map<String, TensorAudit>> byName,
      List<SkippedTensor> skipped) {
    Map<String, String> problems = new LinkedHashMap<>();
    Map<String, List<TensorAudit>> common = new LinkedHashMap<>();
    for (Map<String, TensorAudit> one : byName) {
      for (String name : one.keySet()) {
        if (common.containsKey(name) || problems.containsKey(name)) {
          continue;
        }
        List<TensorAudit> found = new ArrayList<>();
        String problem = find(name, members, byName, found);
        if (problem == null) {
          common.put(name, found);
        } else {
          problems.put(name, problem);
        }
      }
    }
    for (FamilyMember member : members) {
      for (SkippedTensor one : member.result().skipped()) {
        problems.putIfAbsent(one.name(), one.reason());
      }
    }
    problems.forEach((name, problem) -> skipped.add(new SkippedTensor(name, problem)));
    if (common.isEmpty()) {
      throw new IllegalArgumentException(
          "no tensor is in all %d checkpoints under the same name: a family is of one architecture"
              .formatted(members.size()));
    }
    return common;
  }

  /** Finds a tensor in all members, or says why it cannot be followed. */
  private static @Nullable String find(
      String name,
      List<FamilyMember> members,
      List<Map<String, TensorAudit>> byName,
      List<TensorAudit> found) {
    for (int i = 0; i < members.size(); i++) {
      TensorAudit audit = byName.get(i).get(name);
      if (audit == null) {
        return UntrustedText.escape(members.get(i).checkpoint()) + " has no such tensor";
      }
      TensorAudit first = found.isEmpty() ? audit : found.get(0);
      if (audit.parameter().role() != first.parameter().role()
          || audit.shape().size() != first.shape().size()) {
        return "it is %s of shape %s in one checkpoint, %s of shape %s in another"
            .formatted(
                first.parameter().role().id(),
                first.shape(),
                audit.parameter().role().id(),
                audit.shape());
      }
      found.add(audit);
    }
    return null;
  }

  private static List<Long> widths(
      List<FamilyMember> members, Map<String, List<TensorAudit>> common) {
    Map<List<Long>, Integer> occurrences = new HashMap<>();
    for (List<TensorAudit> audits : common.values()) {
      for (int axis = 0; axis < audits.get(0).shape().size(); axis++) {
        int index = axis;
        List<Long> sizes = audits.stream().map(audit -> audit.shape().get(index)).toList();
        if (sizes.stream().distinct().count() > 1) {
          occurrences.merge(sizes, 1, Integer::sum);
        }
      }
    }
    List<Long> widths =
        occurrences.entrySet().stream()
            .min(
                Comparator.comparing(
                        Map.Entry<List<Long>, Integer>::getValue, Comparator.reverseOrder())
                    .thenComparing(entry -> entry.getKey().toString()))
            .map(Map.Entry::getKey)
            .orElse(List.of());
    long different = widths.stream().distinct().count();
    if (different < LEAST_WIDTHS) {
      throw new IllegalArgumentException(
          "the %d checkpoints have %s: a family needs at least %d"
              .formatted(
                  members.size(),
                  widths.isEmpty()
                      ? "the same dimensions throughout"
                      : different + " different widths",
                  LEAST_WIDTHS));
    }
    return widths;
  }

  private static List<TensorAudit> pick(List<TensorAudit> audits, List<Integer> order) {
    return order.stream().map(audits::get).toList();
  }

  private FamilyTensor tensor(String name, List<TensorAudit> audits, double[] widths) {
    List<ParameterShape> parameters = parameters(audits);
    boolean updates = audits.stream().allMatch(audit -> audit.update().isPresent());
    Map<FamilyQuantity, SizeOverWidth> sizes = new EnumMap<>(FamilyQuantity.class);
    for (FamilyQuantity quantity : FamilyQuantity.values()) {
      if (updates || !quantity.isOfUpdate()) {
        sizes.put(
            quantity,
            SizeOverWidth.of(widths, audits.stream().mapToDouble(quantity::of).toArray()));
      }
    }
    return new FamilyTensor(
        name,
        parameters,
        sizes,
        judge(sizes, FamilyTensor.judged(parameters.get(0), false)).orElse(Verdict.UNDECIDED),
        judge(sizes, FamilyTensor.judged(parameters.get(0), true)));
  }

  private Optional<Verdict> judge(
      Map<FamilyQuantity, SizeOverWidth> sizes, FamilyQuantity quantity) {
    return Optional.ofNullable(sizes.get(quantity)).map(size -> size.judgeFlat(tolerance));
  }

  /** The dimensions that grow say where a matrix stands, better than its name. */
  private static List<ParameterShape> parameters(List<TensorAudit> audits) {
    List<ParameterShape> shapes = audits.stream().map(TensorAudit::parameter).toList();
    boolean outGrows = shapes.stream().map(s -> s.fans().fanOut()).distinct().count() > 1;
    boolean inGrows =
        shapes.get(0).isMatrixLike()
            && shapes.stream().map(s -> s.fans().fanIn()).distinct().count() > 1;
    boolean groupsGrow = shapes.stream().map(ParameterShape::groups).distinct().count() > 1;
    Layer layer =
        shapes.get(0).role().isTable()
                || (shapes.get(0).isMatrixLike() && outGrows && !inGrows && !groupsGrow)
            ? Layer.INPUT
            : outGrows || groupsGrow ? Layer.HIDDEN : Layer.READOUT;
    return shapes.stream()
        .map(s -> new ParameterShape(s.role(), layer, s.dimensions(), s.maps()))
        .toList();
  }
}
