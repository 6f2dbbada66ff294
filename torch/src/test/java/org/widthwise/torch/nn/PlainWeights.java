package org.widthwise.torch.nn;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.StringTensorDict;
import org.bytedeco.pytorch.Tensor;

/** The parameters and buffers of a float64 module as plain arrays, by name. */
record PlainWeights(Map<String, double[]> byName) {

  static PlainWeights of(Module module) {
    Map<String, double[]> values = new LinkedHashMap<>();
    put(values, module.named_parameters());
    return new PlainWeights(values);
  }

  private static void put(Map<String, double[]> values, StringTensorDict named) {
    for (long i = 0; i < named.size(); i++) {
      values.put(named.get(i).key().getString(), values(named.get(i).value()));
    }
  }

  /** The entries of a float64 tensor, the last dimension first. */
  static double[] values(Tensor tensor) {
    double[] values = new double[(int) tensor.numel()];
    try (PointerScope scope = new PointerScope()) {
      tensor.detach().contiguous().data_ptr_double().get(values);
    }
    return values;
  }

  boolean has(String name) {
    return byName.containsKey(name);
  }

  double[] get(String name) {
    double[] values = byName.get(name);
    if (values == null) {
      throw new IllegalArgumentException(name + " is none of " + byName.keySet());
    }
    return values;
  }

  /** {@code W x + b}, the bias if there is one. */
  double[] linear(String name, double[] x) {
    double[] weight = get(name + ".weight");
    int fanOut = weight.length / x.length;
    double[] y = has(name + ".bias") ? get(name + ".bias").clone() : new double[fanOut];
    for (int i = 0; i < fanOut; i++) {
      for (int j = 0; j < x.length; j++) {
        y[i] += weight[i * x.length + j] * x[j];
      }
    }
    return y;
  }
}
