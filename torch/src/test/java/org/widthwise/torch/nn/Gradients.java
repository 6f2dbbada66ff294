package org.widthwise.torch.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.function.Supplier;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.StringTensorDict;
import org.bytedeco.pytorch.Tensor;

/** Holds a float64 network's gradients against finite differences. */
final class Gradients {

  /**
   * Central differences err by rounding over h, some 10⁻⁹ here; a step that is larger moves more of
   * a network's many ReLUs across their kink, and then the difference is no derivative.
   */
  private static final double STEP = 1e-7;

  private Gradients() {}

  /** Checks one entry of every parameter, drawn at random. */
  static void check(Module module, Supplier<Tensor> loss, long seed) {
    Random random = new Random(seed);
    loss.get().backward();
    StringTensorDict parameters = module.named_parameters();
    for (long i = 0; i < parameters.size(); i++) {
      String name = parameters.get(i).key().getString();
      Tensor parameter = parameters.get(i).value();
      int entry = random.nextInt((int) parameter.numel());
      double gradient = PlainWeights.values(parameter.grad())[entry];
      DoublePointer values = parameter.data_ptr_double();
      double value = values.get(entry);
      values.put(entry, value + STEP);
      double above = value(loss);
      values.put(entry, value - STEP);
      double below = value(loss);
      values.put(entry, value);
      assertThat(gradient)
          .as("%s[%d], seed %d", name, entry, seed)
          .isCloseTo((above - below) / (2 * STEP), within(1e-7 * (1 + Math.abs(gradient))));
    }
  }

  private static double value(Supplier<Tensor> loss) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      return loss.get().item_double();
    }
  }
}
