package org.widthwise.djl.plan;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.util.passthrough.PassthroughNDManager;
import java.lang.reflect.Proxy;

/** Lets DJL work out a block's shapes without any engine: its arrays have a shape and no values. */
final class ShapesOnly {

  private ShapesOnly() {}

  static <B extends Block> B initialized(B block, Shape... inputs) {
    block.setInitializer((manager, shape, type) -> array(shape), parameter -> true);
    block.initialize(PassthroughNDManager.INSTANCE, DataType.FLOAT32, inputs);
    return block;
  }

  private static NDArray array(Shape shape) {
    return (NDArray)
        Proxy.newProxyInstance(
            NDArray.class.getClassLoader(),
            new Class<?>[] {NDArray.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "getShape" -> shape;
                  case "setName", "setRequiresGradient" -> null;
                  default -> throw new UnsupportedOperationException(method.toString());
                });
  }
}
