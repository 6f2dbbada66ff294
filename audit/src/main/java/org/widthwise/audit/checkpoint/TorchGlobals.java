package org.widthwise.audit.checkpoint;

import java.util.HashSet;
import java.util.List;
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

  /** What a NumPy array begins as, by the versions of NumPy. */
  static final Set<String> ARRAYS =
      Set.of("numpy.core.multiarray._reconstruct", "numpy._core.multiarray._reconstruct");

  /** What NumPy's numbers and arrays are made of, which are no weights. */
  private static final Set<String> NUMPY =
      Set.of(
          "numpy.core.multiarray.scalar",
          "numpy._core.multiarray.scalar",
          "numpy.dtype",
          "_codecs.encode");

  private TorchGlobals() {}

  static AllowedGlobals allowed() {
    Set<String> opaque = new HashSet<>(NUMPY);
    opaque.addAll(ARRAYS);
    Set<String> functions = new HashSet<>(opaque);
    functions.addAll(
        List.of(
            "collections.OrderedDict",
            TENSOR,
            TENSOR_V2,
            TENSOR_V3,
            PARAMETER,
            PARAMETER_WITH_STATE,
            "torch.Size",
            "torch.device"));
    Set<String> names = new HashSet<>(functions);
    names.add("numpy.ndarray");
    names.add(UNTYPED_STORAGE);
    for (TorchType type : TorchType.values()) {
      names.add(type.global());
      type.storage().ifPresent(names::add);
    }
    return new AllowedGlobals(
        names, functions, opaque, "save the model's state_dict() alone, or as safetensors");
  }
}
