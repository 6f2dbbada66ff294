package org.widthwise.torch.plan;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.bytedeco.pytorch.Conv1dImpl;
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.Conv3dImpl;
import org.bytedeco.pytorch.ConvTranspose1dImpl;
import org.bytedeco.pytorch.ConvTranspose2dImpl;
import org.bytedeco.pytorch.ConvTranspose3dImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.StringSharedModuleDict;
import org.jspecify.annotations.Nullable;
import org.widthwise.core.shape.Role;

/**
 * What the parameters of libtorch's own modules are, by the module's type. Names are read only as
 * libtorch itself gives them inside a module of a known type.
 */
final class ModuleKinds {

  /** What a parameter is, as far as its module's type tells. */
  record Kind(Role role, int maps) {

    static Kind of(Role role) {
      return new Kind(role, 1);
    }
  }

  private interface Rule {
    /** Empty if the module is of another type; null for an unknown parameter of this type. */
    Optional<Function<String, @Nullable Kind>> kinds(Module module);
  }

  private static final int LSTM_GATES = 4;
  private static final int GRU_GATES = 3;
  private static final int QUERY_KEY_VALUE = 3;

  private static final List<Rule> RULES =
      List.of(
          module -> when(module.asLinear() != null, weightAndBias(Role.MATRIX, 1)),
          module ->
              when(
                  module.asEmbedding() != null || module.asEmbeddingBag() != null,
                  name -> name.equals("weight") ? Kind.of(Role.EMBEDDING) : null),
          module -> {
            Conv1dImpl convolution = module.asConv1d();
            return convolution == null
                ? Optional.empty()
                : convolution(convolution.options().groups().get());
          },
          module -> {
            Conv2dImpl convolution = module.asConv2d();
            return convolution == null
                ? Optional.empty()
                : convolution(convolution.options().groups().get());
          },
          module -> {
            Conv3dImpl convolution = module.asConv3d();
            return convolution == null
                ? Optional.empty()
                : convolution(convolution.options().groups().get());
          },
          module -> {
            ConvTranspose1dImpl convolution = module.asConvTranspose1d();
            return convolution == null
                ? Optional.empty()
                : transposed(convolution.options().groups().get());
          },
          module -> {
            ConvTranspose2dImpl convolution = module.asConvTranspose2d();
            return convolution == null
                ? Optional.empty()
                : transposed(convolution.options().groups().get());
          },
          module -> {
            ConvTranspose3dImpl convolution = module.asConvTranspose3d();
            return convolution == null
                ? Optional.empty()
                : transposed(convolution.options().groups().get());
          },
          module -> when(isNorm(module), weightAndBias(Role.GAIN, 1)),
          module ->
              when(module.asRNN() != null || module.asRNNCell() != null, ModuleKinds::plainGates),
          module ->
              when(
                  module.asLSTM() != null || module.asLSTMCell() != null,
                  name -> gates(name, LSTM_GATES)),
          module ->
              when(
                  module.asGRU() != null || module.asGRUCell() != null,
                  name -> gates(name, GRU_GATES)),
          module -> when(module.asMultiheadAttention() != null, ModuleKinds::attention),
          module ->
              when(
                  module.asPReLU() != null,
                  name ->
                      name.equals("weight")
                          ? Kind.of(
                              module.asPReLU().weight().numel() == 1 ? Role.SCALAR : Role.GAIN)
                          : null));

  private ModuleKinds() {}

  /** What a module's own parameter is; empty if the module's type does not tell. */
  static Optional<Kind> of(Module module, String parameter) {
    return RULES.stream()
        .flatMap(rule -> rule.kinds(module).stream())
        .findFirst()
        .flatMap(kinds -> Optional.ofNullable(kinds.apply(parameter)));
  }

  /**
   * The parameters of a module and its parts that are slopes of activations, by all their names.
   */
  static Set<String> slopes(Module module) {
    Set<String> slopes = new LinkedHashSet<>();
    if (module.asPReLU() != null) {
      slopes.add("weight");
    }
    try (StringSharedModuleDict modules = module.named_modules("", false)) {
      for (long i = 0; i < modules.size(); i++) {
        if (modules.get(i).access().asPReLU() != null) {
          slopes.add(modules.get(i).key().getString() + ".weight");
        }
      }
    }
    return slopes;
  }

  private static Optional<Function<String, @Nullable Kind>> when(
      boolean applies, Function<String, @Nullable Kind> kinds) {
    return applies ? Optional.of(kinds) : Optional.empty();
  }

  private static Optional<Function<String, @Nullable Kind>> convolution(long groups) {
    return Optional.of(weightAndBias(Role.CONVOLUTION, Math.toIntExact(groups)));
  }

  private static Optional<Function<String, @Nullable Kind>> transposed(long groups) {
    return Optional.of(weightAndBias(Role.TRANSPOSED_CONVOLUTION, Math.toIntExact(groups)));
  }

  private static boolean isNorm(Module module) {
    return module.asLayerNorm() != null
        || module.asGroupNorm() != null
        || module.asBatchNorm1d() != null
        || module.asBatchNorm2d() != null
        || module.asBatchNorm3d() != null
        || module.asInstanceNorm1d() != null
        || module.asInstanceNorm2d() != null
        || module.asInstanceNorm3d() != null;
  }

  private static Function<String, @Nullable Kind> weightAndBias(Role weight, int maps) {
    return name ->
        switch (name) {
          case "weight" -> new Kind(weight, maps);
          // Biases of groups lie side by side: one vector.
          case "bias" -> Kind.of(Role.BIAS);
          default -> null;
        };
  }

  private static @Nullable Kind plainGates(String name) {
    return gates(name, 1);
  }

  private static @Nullable Kind gates(String name, int gates) {
    if (name.startsWith("weight_hr")) {
      return Kind.of(Role.MATRIX);
    }
    if (name.startsWith("weight_ih") || name.startsWith("weight_hh")) {
      return new Kind(Role.MATRIX, gates);
    }
    return name.startsWith("bias_") ? new Kind(Role.BIAS, gates) : null;
  }

  private static @Nullable Kind attention(String name) {
    return switch (name) {
      case "in_proj_weight" -> new Kind(Role.MATRIX, QUERY_KEY_VALUE);
      case "in_proj_bias" -> new Kind(Role.BIAS, QUERY_KEY_VALUE);
      case "q_proj_weight", "k_proj_weight", "v_proj_weight" -> Kind.of(Role.MATRIX);
      default -> null;
    };
  }
}
