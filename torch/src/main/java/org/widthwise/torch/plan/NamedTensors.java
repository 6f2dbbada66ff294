package org.widthwise.torch.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.StringTensorDict;
import org.bytedeco.pytorch.Tensor;
import org.widthwise.torch.engine.Tensors;

/**
 * A module's parameters, each tensor once. Native modules list a tensor that two of them share
 * under both names; trained it must be once.
 */
public final class NamedTensors {

  private NamedTensors() {}

  /** A parameter with all the names under which the module has it, in the module's order. */
  record Named(Tensor tensor, List<String> names) {}

  /**
   * The parameters by their first names.
   *
   * @param module the module
   * @return the tensors in the module's order, which belong to the scope that is open at the call
   */
  public static Map<String, Tensor> of(Module module) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    shared(module).forEach(named -> tensors.put(named.names().get(0), named.tensor()));
    return tensors;
  }

  static List<Named> shared(Module module) {
    Map<Long, Named> byIdentity = new LinkedHashMap<>();
    try (StringTensorDict parameters = module.named_parameters()) {
      for (long i = 0; i < parameters.size(); i++) {
        Tensor tensor = Tensors.kept(parameters.get(i).value());
        // Java's equality says nothing of tensors; the address of what they are handles of does.
        byIdentity
            .computeIfAbsent(
                tensor.unsafeGetTensorImpl().address(), id -> new Named(tensor, new ArrayList<>()))
            .names()
            .add(parameters.get(i).key().getString());
      }
    }
    return List.copyOf(byIdentity.values());
  }
}
