package org.widthwise.djl.init;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.PlannedParameter;
import org.widthwise.core.plan.Scale;
import org.widthwise.core.shape.Role;
import org.widthwise.djl.plan.BlockParameter;
import org.widthwise.djl.plan.BlockParameters;
import org.widthwise.djl.plan.MatrixView;

/**
 * Gives the parameters of a DJL block their first values by a plan.
 *
 * <p>It is no {@code ai.djl.training.initializer.Initializer}: one of these is told a shape and a
 * type, but not of which parameter, and {@code [64, 64]} may be a hidden weight or an embedding of
 * 64 words. So the values are set parameter by parameter, once the shapes are known, and DJL's own
 * initialisation before it does not matter. Trainers that exist already see the new values.
 *
 * <p>The values depend on the seed, the parameter's name and its shape alone; they are drawn in
 * Java, so they are the same on every engine and device. Single numbers, such as the slope of
 * {@code Prelu}, keep the value that they have: a plan cannot know what it means.
 *
 * @param scheme how matrices and kernels are drawn
 * @param seed the seed
 */
public record PlannedInitializer(InitScheme scheme, long seed) {

  /**
   * Gaussian matrices.
   *
   * @param seed the seed
   * @return the initialiser
   */
  public static PlannedInitializer withSeed(long seed) {
    return new PlannedInitializer(InitScheme.GAUSSIAN, seed);
  }

  /**
   * Sets how matrices and kernels are drawn.
   *
   * @param newScheme the scheme
   * @return the initialiser
   */
  public PlannedInitializer withScheme(InitScheme newScheme) {
    return new PlannedInitializer(newScheme, seed);
  }

  /**
   * Sets the values of every trained parameter that has more than one entry.
   *
   * @param parameters the parameters, their block initialised
   * @param plan a plan of these parameters; one with multipliers is taken in its {@linkplain
   *     Plan#folded() folded form}, since DJL's blocks do not multiply; the multipliers of a tied
   *     embedding and of residual branches cannot be folded and are the network's to apply
   * @throws IllegalArgumentException if the plan lacks a parameter or has it in another shape
   * @throws ai.djl.nn.UninitializedParameterException if a parameter has no array yet
   */
  public void initialize(BlockParameters parameters, Plan plan) {
    Plan folded = plan.folded();
    for (BlockParameter parameter : parameters.all()) {
      PlannedParameter planned = folded.get(parameter.name());
      if (!planned.shape().equals(parameter.shape())) {
        throw new IllegalArgumentException(
            "the plan has '%s' as %s, but the network as %s: plan the network that is initialised"
                .formatted(parameter.name(), planned.shape(), parameter.shape()));
      }
      if (planned.shape().role() != Role.SCALAR) {
        set(parameter.parameter().getArray(), parameter.view(), values(planned, parameter.view()));
      }
    }
  }

  private double[] values(PlannedParameter planned, MatrixView view) {
    GaussianStream stream = new GaussianStream(seed, planned.name());
    Scale scale = planned.scale();
    if (scheme == InitScheme.SEMI_ORTHOGONAL
        && planned.shape().isMatrixLike()
        && scale.initStd() > 0) {
      return semiOrthogonal(planned, view, stream);
    }
    double[] values = new double[Math.toIntExact(view.shape().size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = scale.initMean() + (scale.initStd() == 0 ? 0 : scale.initStd() * stream.next());
    }
    return values;
  }

  /** The target, times how far the plan's standard deviation departs from Parametrization 1. */
  private static double[] semiOrthogonal(
      PlannedParameter planned, MatrixView view, GaussianStream stream) {
    double norm =
        planned.scale().targetSpectralNorm()
            * planned.scale().initStd()
            / Parametrizations.SPECTRAL.initStd(planned.shape());
    int rows = Math.toIntExact(view.rows());
    int columns = Math.toIntExact(view.columns());
    double[] values = new double[Math.toIntExact(view.shape().size())];
    for (int map = 0; map < view.maps(); map++) {
      double[] matrix = SemiOrthogonal.draw(rows, columns, stream);
      for (int i = 0; i < matrix.length; i++) {
        values[map * matrix.length + i] = norm * matrix[i];
      }
    }
    return values;
  }

  private static void set(NDArray array, MatrixView view, double[] values) {
    Shape shape = array.getShape();
    DataType type = array.getDataType();
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    try (NDManager manager = array.getManager().newSubManager(array.getDevice())) {
      NDArray drawn =
          type == DataType.FLOAT64
              ? manager.create(values, view.shape())
              : manager.create(floats, view.shape());
      NDArray stored = view.restore(drawn, shape).toType(type, false);
      array.set(stored.toByteBuffer());
    }
  }
}
