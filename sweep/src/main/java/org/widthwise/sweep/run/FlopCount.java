package org.widthwise.sweep.run;

import java.util.List;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.PlannedParameter;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.lab.train.Architecture;
import org.widthwise.torch.nn.FeedForward;
import org.widthwise.torch.nn.MlpShape;
import org.widthwise.torch.nn.ResNet;
import org.widthwise.torch.nn.ResNetShape;
import org.widthwise.torch.nn.TransformerShape;
import org.widthwise.torch.optim.Direction;
import org.widthwise.torch.optim.Directions;
import org.widthwise.torch.optim.Muon;
import org.widthwise.torch.orthogonal.IteratedOrthogonalization;

/**
 * The floating-point operations of a step by closed form: those of products of matrices and of
 * convolutions, a multiplication and an addition being two. The backward pass takes as many for the
 * gradients of the weights and as many again for those of the inputs, but for the layer that reads
 * the data. To these come the products of Muon's orthogonalisation. What goes entry by entry
 * (activations, normalisation, the loss, Adam's averages) is left out, and so are the other rules
 * that work on whole matrices (Shampoo, SOAP, Scion, spectral descent).
 */
public final class FlopCount {

  private static final double MULTIPLY_ADD = 2;

  /** Forward, gradients of weights, gradients of inputs. */
  private static final double PASSES = 3;

  private static final int PRODUCTS_OF_VALUES = 2;

  private FlopCount() {}

  /**
   * The operations of one step.
   *
   * @param architecture the network
   * @param plan of its parameters, for their update rules
   * @param batch the examples of the step
   * @param height of images; any number where there are none
   * @param width of images
   * @return the operations
   */
  public static double ofStep(
      Architecture architecture, Plan plan, int batch, int height, int width) {
    double example =
        architecture instanceof Architecture.Perceptron perceptron
            ? ofExample(perceptron.shape())
            : architecture instanceof Architecture.Residual residual
                ? ofExample(residual.shape(), height, width)
                : ofExample(((Architecture.Decoder) architecture).shape());
    return batch * example
        + plan.parameters().stream().mapToDouble(FlopCount::orthogonalization).sum();
  }

  private static double ofExample(MlpShape shape) {
    double all = 0;
    for (int layer = 0; layer < shape.depth(); layer++) {
      all += (double) shape.fanIn(layer) * shape.fanOut(layer);
    }
    double first = (double) shape.fanIn(0) * shape.fanOut(0);
    return MULTIPLY_ADD * (PASSES * all - first);
  }

  private static double ofExample(ResNetShape shape, int height, int width) {
    double area = (double) height * width;
    double first = area * convolution(shape.channels(), shape.width());
    double all = first;
    int fanIn = shape.width();
    int rows = height;
    int columns = width;
    for (int stage = 0; stage < shape.blocks().size(); stage++) {
      int fanOut = shape.stageWidth(stage);
      if (stage > 0) {
        // A stride of 2 with a margin of 1 rounds up.
        rows = (rows + 1) / 2;
        columns = (columns + 1) / 2;
        area = (double) rows * columns;
      }
      for (int block = 0; block < shape.blocks().get(stage); block++) {
        all += area * (convolution(fanIn, fanOut) + convolution(fanOut, fanOut));
        if (ResNet.hasProjection(fanIn, fanOut)) {
          all += area * fanIn * fanOut;
        }
        fanIn = fanOut;
      }
    }
    all += (double) fanIn * shape.classes();
    return MULTIPLY_ADD * (PASSES * all - first);
  }

  private static double convolution(int fanIn, int fanOut) {
    return 9.0 * fanIn * fanOut;
  }

  /** All positions of an example; the table of embeddings is looked up. */
  private static double ofExample(TransformerShape shape) {
    double width = shape.width();
    double context = shape.context();
    int matrices = shape.feedForward() == FeedForward.SWIGLU ? 3 : 2;
    double block =
        4 * width * width
            + matrices * width * shape.feedForwardWidth()
            + PRODUCTS_OF_VALUES * context * width;
    return MULTIPLY_ADD * PASSES * context * (shape.layers() * block + width * shape.vocabulary());
  }

  private static double orthogonalization(PlannedParameter parameter) {
    Direction direction = Directions.named(parameter.rule().id());
    ParameterShape shape = parameter.shape();
    List<Long> dimensions = shape.dimensions();
    if (!(direction instanceof Muon muon)
        || !(muon.orthogonalization() instanceof IteratedOrthogonalization iterated)
        || dimensions.size() < 2) {
      return 0;
    }
    double rows = (double) dimensions.get(0) / shape.maps();
    double columns = dimensions.stream().skip(1).mapToDouble(d -> d).reduce(1, (a, b) -> a * b);
    double small = Math.min(rows, columns);
    double large = Math.max(rows, columns);
    if (small == 1) {
      return 0;
    }
    // X·Xᵀ, its square, and their product with X.
    double step = MULTIPLY_ADD * (2 * small * small * large + small * small * small);
    return shape.maps() * iterated.iteration().steps().size() * step;
  }
}
