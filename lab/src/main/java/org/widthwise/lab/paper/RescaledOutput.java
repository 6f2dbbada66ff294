package org.widthwise.lab.paper;

import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.widthwise.torch.train.FullBatch;
import org.widthwise.torch.train.LayerRates;

/**
 * A network whose output is divided by s and whose learning rates are multiplied by r, in terms of
 * the network that does neither. Its loss is {@code mean((f/s − y)²) = mean((f − s·y)²)/s²}: so it
 * is trained like the plain network on targets s·y at r/s² times the rates, and its loss is that
 * one's over s².
 *
 * @param divisor s, by which the output is divided
 * @param rateFactor r, by which the rates are multiplied
 */
record RescaledOutput(double divisor, double rateFactor) {

  /** The data of the plain network. */
  FullBatch batch(FullBatch batch) {
    return new FullBatch(batch.inputs(), batch.targets().mul(new Scalar(divisor)));
  }

  /** The rates of the plain network. */
  LayerRates rates(LayerRates rates) {
    return new LayerRates(scaled(rates.weights()), scaled(rates.biases()));
  }

  private List<Double> scaled(List<Double> rates) {
    return rates.stream().map(rate -> rate * rateFactor / (divisor * divisor)).toList();
  }

  /** The loss of the rescaled network. */
  double loss(double plainLoss) {
    return plainLoss / (divisor * divisor);
  }

  /** The outputs of the rescaled network. */
  Tensor outputs(Tensor plainOutputs) {
    return plainOutputs.div(new Scalar(divisor));
  }
}
