package org.widthwise.audit.family;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.widthwise.core.fit.PowerLaw;
import org.widthwise.core.fit.PowerLawFit;
import org.widthwise.core.parametrization.Parametrization;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.shape.ParameterGroup;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.core.update.UpdateRules;

/**
 * Compares exponents with those that each parametrization gives the same shapes. What a
 * parametrization predicts is computed from its recipe at every member's shape, so it is right for
 * dimensions that do not grow, too.
 *
 * <p>Measured less predicted is taken to follow Student's t with the fit's degrees of freedom, its
 * scale widened by what a law at finite width may stray. Tensors of one role and layer err alike,
 * since they have the same shapes and were treated alike: together they count as one.
 */
final class ResemblanceSearch {

  /** The name of weights of unit variance, whatever is left to multipliers. */
  static final String UNIT = "unit";

  /** How far a drawn weight's exponent may be from its limit without telling anything. */
  private static final double STRAY_OF_WEIGHTS = 0.05;

  /** Of an update, a sum of many steps of a network that learns, much more. */
  private static final double STRAY_OF_UPDATES = 0.2;

  /** Predictions nearer than this are the same. */
  private static final double SAME = 0.01;

  private final double[] widths;
  private final double tolerance;

  ResemblanceSearch(double[] widths, double tolerance) {
    this.widths = widths;
    this.tolerance = tolerance;
  }

  /** What a parametrization, or several, makes of every tensor. */
  private record Candidate(List<String> ids, List<Double> exponents) {

    boolean isLike(List<Double> others) {
      for (int i = 0; i < others.size(); i++) {
        if (Math.abs(exponents.get(i) - others.get(i)) > SAME) {
          return false;
        }
      }
      return true;
    }
  }

  private record Scored(Candidate candidate, double distance, double logLikelihood) {}

  /** By the weights' entries, which are what is drawn; the rule has no part in that. */
  Resemblance ofWeights(List<FamilyTensor> tensors) {
    List<FamilyTensor> drawn = measured(tensors, FamilyQuantity.RMS);
    List<Candidate> candidates = new ArrayList<>();
    for (Parametrization one : Parametrizations.all()) {
      Recipe recipe = Recipe.of(one, UpdateRules.SGD);
      add(candidates, one.id(), exponents(drawn, shape -> recipe.scale(shape).initStd()));
    }
    add(candidates, UNIT, exponents(drawn, shape -> 1));
    return compare(drawn, FamilyQuantity.RMS, STRAY_OF_WEIGHTS, candidates);
  }

  /** By the updates' spectral norms: the rate, times the typical size of the raw update. */
  Resemblance ofUpdates(List<FamilyTensor> tensors, UpdateRule rule) {
    List<FamilyTensor> stepped = measured(tensors, FamilyQuantity.UPDATE_SPECTRAL_NORM);
    List<Candidate> candidates = new ArrayList<>();
    for (Parametrization one : Parametrizations.all()) {
      Recipe recipe = Recipe.of(one, rule);
      add(
          candidates,
          one.id(),
          exponents(
              stepped,
              shape -> recipe.scale(shape).learningRate() * rule.rawSpectralNorm(shape.fans())));
    }
    return compare(stepped, FamilyQuantity.UPDATE_SPECTRAL_NORM, STRAY_OF_UPDATES, candidates);
  }

  /** What is drawn at random, not put to zero or one, and has an exponent. */
  private static List<FamilyTensor> measured(List<FamilyTensor> tensors, FamilyQuantity quantity) {
    return tensors.stream()
        .filter(
            tensor ->
                tensor.parameters().get(0).isMatrixLike()
                    || tensor.parameters().get(0).role().isTable())
        .filter(tensor -> tensor.fit(quantity).isPresent())
        .toList();
  }

  private List<Double> exponents(
      List<FamilyTensor> tensors, ToDoubleFunction<ParameterShape> predicted) {
    return tensors.stream()
        .map(tensor -> tensor.parameters().stream().mapToDouble(predicted).toArray())
        .map(values -> PowerLaw.fit(widths, values).exponent())
        .toList();
  }

  private static void add(List<Candidate> candidates, String id, List<Double> exponents) {
    for (int i = 0; i < candidates.size(); i++) {
      Candidate other = candidates.get(i);
      if (other.isLike(exponents)) {
        List<String> ids = new ArrayList<>(other.ids());
        ids.add(id);
        candidates.set(i, new Candidate(ids, other.exponents()));
        return;
      }
    }
    candidates.add(new Candidate(List.of(id), exponents));
  }

  private Resemblance compare(
      List<FamilyTensor> tensors,
      FamilyQuantity quantity,
      double stray,
      List<Candidate> candidates) {
    if (tensors.isEmpty()) {
      return new Resemblance(List.of(), 0, Resemblance.Outcome.NONE);
    }
    List<Scored> scored =
        candidates.stream()
            .map(candidate -> score(candidate, tensors, quantity, stray))
            .sorted(Comparator.comparing(Scored::logLikelihood, Comparator.reverseOrder()))
            .toList();
    double best = scored.get(0).logLikelihood();
    double all = scored.stream().mapToDouble(s -> Math.exp(s.logLikelihood() - best)).sum();
    List<Resemblance.Match> matches =
        scored.stream()
            .map(
                s ->
                    new Resemblance.Match(
                        s.candidate().ids(),
                        s.distance(),
                        Math.exp(s.logLikelihood() - best) / all))
            .toList();
    return new Resemblance(matches, tensors.size(), outcome(matches.get(0)));
  }

  private Resemblance.Outcome outcome(Resemblance.Match best) {
    if (best.distance() > tolerance) {
      return Resemblance.Outcome.NONE;
    }
    return best.share() >= Resemblance.SURE
        ? Resemblance.Outcome.RESEMBLES
        : Resemblance.Outcome.UNDECIDED;
  }

  private static Scored score(
      Candidate candidate, List<FamilyTensor> tensors, FamilyQuantity quantity, double stray) {
    double squares = 0;
    Map<ParameterGroup, List<Double>> logLikelihoods = new EnumMap<>(ParameterGroup.class);
    for (int i = 0; i < tensors.size(); i++) {
      PowerLawFit fit = tensors.get(i).fit(quantity).orElseThrow();
      double gap = fit.exponent() - candidate.exponents().get(i);
      double scale = Math.hypot(fit.exponentStandardError().orElse(0), stray);
      int degrees = Math.max(1, fit.points() - 2);
      squares += gap * gap;
      logLikelihoods
          .computeIfAbsent(tensors.get(i).parameters().get(0).group(), group -> new ArrayList<>())
          .add(-0.5 * (degrees + 1) * Math.log1p(gap * gap / (scale * scale * degrees)));
    }
    double sum =
        logLikelihoods.values().stream()
            .mapToDouble(group -> group.stream().mapToDouble(v -> v).average().orElseThrow())
            .sum();
    return new Scored(candidate, Math.sqrt(squares / tensors.size()), sum);
  }
}
