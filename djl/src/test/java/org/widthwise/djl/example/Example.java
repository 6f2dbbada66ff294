package org.widthwise.djl.example;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import ai.djl.training.loss.Loss;
import java.util.Map;
import org.widthwise.djl.plan.BlockParameters;

/** A network of some width with a task that does not depend on it. */
interface Example {

  /** The network, not yet initialised. */
  Block block();

  /** The block whose parameters are told input, hidden and readout. */
  BlockParameters parameters();

  /** The inputs, always the same. */
  NDList inputs(NDManager manager);

  /** What the network should answer. */
  NDList labels(NDManager manager);

  Loss loss();

  /** What to look at, layer by layer, the network's output last. */
  Map<String, NDArray> features(ParameterStore store, NDList inputs);
}
