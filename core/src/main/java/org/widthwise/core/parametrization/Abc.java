package org.widthwise.core.parametrization;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.widthwise.core.shape.Fans;
import org.widthwise.core.shape.Layer;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.core.shape.Role;
import org.widthwise.core.update.UpdateRule;

/**
 * Any abc-parametrization (appendix B; Tensor Programs IV): multiplier, initial standard deviation
 * and learning rate of each layer as powers n^−a, n^−b, n^−c of its width n.
 *
 * <p>The width is the fan-out of input weights, biases, gains and embeddings, and the fan-in of
 * hidden and readout weights; what does not grow has n = 1. A fixed fan-in, which the theory takes
 * as Θ(1), divides the variance as it does in every other parametrization. Rates are those of the
 * parameter under its multiplier; {@link MultiplierFolding} gives the equivalent without.
 */
public final class Abc implements Parametrization {

  private static final String NUMBER = "\\s*([-+]?[0-9]*\\.?[0-9]+(?:/[0-9]+)?)\\s*";
  private static final Pattern LAYER =
      Pattern.compile("\\s*(input|hidden|readout)\\s*=" + NUMBER + "," + NUMBER + "," + NUMBER);

  /**
   * The exponents of one layer.
   *
   * @param a of the multiplier, n^−a
   * @param b of the initial standard deviation, n^−b
   * @param c of the learning rate, n^−c
   */
  public record Exponents(double a, double b, double c) {}

  private final String id;
  private final Map<Layer, Exponents> exponents;

  /**
   * A parametrization by its exponents.
   *
   * @param id its name
   * @param input the exponents of input weights, embeddings, biases and gains
   * @param hidden the exponents of hidden weights
   * @param readout the exponents of readout weights
   */
  public Abc(String id, Exponents input, Exponents hidden, Exponents readout) {
    this.id = id;
    this.exponents = Map.of(Layer.INPUT, input, Layer.HIDDEN, hidden, Layer.READOUT, readout);
  }

  /**
   * Reads exponents such as {@code input=-1/2,1/2,0;hidden=0,1/2,0;readout=1/2,1/2,0}, which are
   * those of μP under gradient descent.
   *
   * @param text for each layer the exponents a, b and c, as decimals or fractions
   * @return the parametrization, named {@code abc:} and the text
   * @throws IllegalArgumentException if the text is not of that form, or a number not finite
   */
  public static Abc parse(String text) {
    Map<Layer, Exponents> found = new EnumMap<>(Layer.class);
    for (String part : text.split(";", -1)) {
      Matcher matcher = LAYER.matcher(part.toLowerCase(Locale.ROOT));
      if (!matcher.matches()
          || found.put(
                  Layer.named(matcher.group(1)),
                  new Exponents(
                      fraction(matcher.group(2)),
                      fraction(matcher.group(3)),
                      fraction(matcher.group(4))))
              != null) {
        throw malformed(text);
      }
    }
    Exponents input = found.get(Layer.INPUT);
    Exponents hidden = found.get(Layer.HIDDEN);
    Exponents readout = found.get(Layer.READOUT);
    if (input == null || hidden == null || readout == null) {
      throw malformed(text);
    }
    return new Abc("abc:" + text.trim(), input, hidden, readout);
  }

  private static IllegalArgumentException malformed(String text) {
    return new IllegalArgumentException(
        "'%s' does not give the exponents a, b, c of each layer once, as in %s"
            .formatted(text, "abc:input=-1/2,1/2,0;hidden=0,1/2,0;readout=1/2,1/2,0"));
  }

  private static double fraction(String text) {
    int slash = text.indexOf('/');
    double value =
        slash < 0
            ? Double.parseDouble(text)
            : Double.parseDouble(text.substring(0, slash))
                / Double.parseDouble(text.substring(slash + 1));
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "an exponent must be a finite number, but '%s' is not".formatted(text));
    }
    return value;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public double initStd(ParameterShape shape) {
    Fans width = shape.widthFans();
    double fixedFanIn = (double) shape.fans().fanIn() / width.fanIn();
    return power(shape, exponents(shape).b()) / Math.sqrt(fixedFanIn * shape.kernelArea());
  }

  @Override
  public double learningRate(ParameterShape shape, UpdateRule rule) {
    return power(shape, exponents(shape).c());
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException for a tied embedding: three exponents for each layer do not
   *     say what a table of two uses is multiplied by
   */
  @Override
  public double multiplier(ParameterShape shape) {
    if (shape.role() == Role.TIED_EMBEDDING) {
      throw new IllegalArgumentException(
          "an abc-parametrization does not say how a table that is both embedding and readout is"
              + " multiplied: untie it, or take spectral, mup, sp or ntp");
    }
    return power(shape, exponents(shape).a());
  }

  @Override
  public double attentionScale(long headDimension) {
    return 1 / Math.sqrt((double) headDimension);
  }

  @Override
  public double epsilon(ParameterShape shape, UpdateRule rule) {
    return 1;
  }

  private Exponents exponents(ParameterShape shape) {
    Exponents layer = exponents.get(place(shape));
    if (layer == null) {
      throw new IllegalStateException("no exponents for layer " + shape.layer());
    }
    return layer;
  }

  private static double power(ParameterShape shape, double exponent) {
    Fans fans = shape.widthFans();
    long width = place(shape) == Layer.INPUT ? fans.fanOut() : fans.fanIn();
    return Math.pow((double) width, -exponent);
  }

  private static Layer place(ParameterShape shape) {
    return shape.isMatrixLike() ? shape.layer() : Layer.INPUT;
  }
}
