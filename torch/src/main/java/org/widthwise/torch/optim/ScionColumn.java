package org.widthwise.torch.optim;

import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.torch.measure.TensorNorms;

/**
 * {@link Scion}'s oracle of the largest column: each column of {@code [fanOut, fanIn]}, what one
 * input feature adds to the outputs, is brought to the length √fanOut, and all are divided by
 * fanIn.
 *
 * <p>Columns and not rows, because a one-hot input picks a column: the largest column is the norm
 * from one-hot vectors to RMS (appendix E). A table {@code [vocabulary, width]} stores its map
 * turned over, so it is its rows that count: in matrix view each row is a map {@code [width, 1]} of
 * one column, and comes to entries of root mean square 1 whatever the vocabulary. Aligned columns
 * make a spectral norm of √(fanOut/fanIn), the target. A column of zeros stays zeros; one with an
 * entry that is not finite is NaN throughout.
 *
 * @param epsilon ε, added to the length of a column, finite and not negative: what is far shorter,
 *     such as the old average of a row that has no gradient any more, moves less
 */
public record ScionColumn(double epsilon) implements Direction {

  /** ε of the published code, which adds it to the root mean square. */
  static final double USUAL_EPSILON = 1e-8;

  /**
   * Checks ε.
   *
   * @param epsilon ε, finite and not negative
   * @throws IllegalArgumentException if it is out of its range
   */
  public ScionColumn {
    Checks.epsilon("Scion", epsilon);
  }

  @Override
  public UpdateRule rule() {
    return UpdateRules.SCION_COLUMN;
  }

  @Override
  public Map<String, Tensor> initialState(Tensor parameter) {
    return Map.of();
  }

  @Override
  public Tensor of(Tensor gradient, Tensor parameter, ParameterState state) {
    double fanOut = Maps.fans(gradient).fanOut();
    double fanIn = Maps.fans(gradient).fanIn();
    long[] column = gradient.dim() < 2 ? new long[0] : new long[] {-2};
    Tensor lengths =
        torch.linalg_vector_norm(
            gradient, new Scalar(2.0), column, true, new ScalarTypeOptional(ScalarType.Double));
    return TensorNorms.overNorms(gradient, lengths, epsilon)
        .mul_(new Scalar(Math.sqrt(fanOut) / fanIn));
  }

  @Override
  public ScionColumn withEpsilon(double newEpsilon) {
    return new ScionColumn(newEpsilon);
  }
}
