package org.widthwise.audit.checkpoint;

import java.util.HashSet;
import java.util.Set;
import org.widthwise.audit.pickle.AllowedGlobals;

/** The names that a checkpoint of tensors speaks of. */
final class TorchGlobals {

  static final String TENSOR = "torch._utils._rebuild_tensor";
  static final String TENSOR_V2 = "torch._utils._rebuild_tensor_v2";
  static final String TENSOR_V3 = "torch._utils._rebuild_tensor_v3";
  static final String PARAMETER = "torch._utils._rebuild_parameter";
  static final String PARAMETER_WITH_STATE = "torch._utils._rebuild_parameter_with_state";
  static final String UNTYPED_STORAGE = "torch.storage.UntypedStorage";

  private TorchGlobals() {}

  static AllowedGlobals allowed() {
    Set<String> functions =
        Set.of(
            "collections.OrderedDict",
            TENSOR,
            TENSOR_V2,
            TENSOR_V3,
            PARAMETER,
            PARAMETER_WITH_STATE,
            "torch.Size",
            "torch.device");
    Set<String> names = new HashSet<>(functions);
    names.add(UNTYPED_STORAGE);
    for (TorchType type : TorchType.values()) {
      names.add(type.global());
      type.storage().ifPresent(names::add);
    }
    return new AllowedGlobals(
        names, functions, "save the model's state_dict() alone, or as safetensors");
  }
}
