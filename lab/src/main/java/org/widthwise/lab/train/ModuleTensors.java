package org.widthwise.lab.train;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.StringTensorDict;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.widthwise.audit.MalformedFileException;
import org.widthwise.audit.UntrustedText;
import org.widthwise.audit.checkpoint.Checkpoint;
import org.widthwise.audit.checkpoint.CheckpointTensor;
import org.widthwise.audit.checkpoint.Checkpoints;
import org.widthwise.torch.engine.Tensors;
import org.widthwise.torch.plan.NamedTensors;

/** The tensors of a module, filled from files. */
final class ModuleTensors {

  private static final int PIECE = 1 << 16;

  private ModuleTensors() {}

  /** The parameters by name; they belong to the scope that is open at the call. */
  static Map<String, Tensor> parameters(Module module) {
    return NamedTensors.of(module);
  }

  /** Parameters and buffers by name: all that there is to save. */
  static Map<String, Tensor> all(Module module) {
    Map<String, Tensor> all = new LinkedHashMap<>(parameters(module));
    try (StringTensorDict buffers = module.named_buffers()) {
      for (long i = 0; i < buffers.size(); i++) {
        all.put(buffers.get(i).key().getString(), Tensors.kept(buffers.get(i).value()));
      }
    }
    return all;
  }

  /**
   * Gives every parameter, and each buffer that is there, the values of a checkpoint of any format
   * and precision.
   *
   * @throws MalformedFileException if the file is no checkpoint, or lacks a parameter, or has one
   *     of another shape
   */
  static void load(Module module, Path file) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard();
        Checkpoint checkpoint = Checkpoints.open(file)) {
      Map<String, CheckpointTensor> stored =
          checkpoint.tensors().stream()
              .collect(Collectors.toMap(CheckpointTensor::name, tensor -> tensor));
      Map<String, Tensor> parameters = parameters(module);
      TreeSet<String> missing = new TreeSet<>(parameters.keySet());
      missing.removeAll(stored.keySet());
      if (!missing.isEmpty()) {
        throw new MalformedFileException(file, lacks(missing, parameters.size(), stored));
      }
      for (Map.Entry<String, Tensor> target : all(module).entrySet()) {
        CheckpointTensor source = stored.get(target.getKey());
        if (source != null) {
          requireShape(file, source, target.getValue());
          copy(source, target.getValue());
        }
      }
    }
  }

  private static String lacks(
      SortedSet<String> missing, int parameters, Map<String, CheckpointTensor> stored) {
    return "it lacks '%s'%s of this network's %d parameters; it has %s"
        .formatted(
            missing.first(),
            missing.size() > 1 ? " and %d more".formatted(missing.size() - 1) : "",
            parameters,
            stored.isEmpty()
                ? "no tensors"
                : UntrustedText.quote(new TreeSet<>(stored.keySet()).first())
                    + (stored.size() > 1 ? " and %d more".formatted(stored.size() - 1) : ""));
  }

  private static void requireShape(Path file, CheckpointTensor source, Tensor target) {
    List<Long> shape = Arrays.stream(Tensors.shape(target)).boxed().toList();
    if (!source.shape().equals(shape)) {
      throw new MalformedFileException(
          file,
          "'%s' has shape %s there, but this network needs %s"
              .formatted(UntrustedText.escape(source.name()), source.shape(), shape));
    }
  }

  /** By way of double precision, which holds every smaller type exactly. */
  private static void copy(CheckpointTensor source, Tensor target) {
    try (PointerScope scope = new PointerScope()) {
      Tensor values =
          torch.zeros(new long[] {target.numel()}, new TensorOptions(ScalarType.Double));
      DoublePointer into = values.data_ptr_double();
      double[] piece = new double[PIECE];
      for (long first = 0; first < target.numel(); first += PIECE) {
        int count = (int) Math.min(PIECE, target.numel() - first);
        source.read(first, piece, count);
        into.position(first).put(piece, 0, count);
      }
      target.copy_(values.reshape(Tensors.shape(target)));
    }
  }

  /**
   * Gives tensors the values of others of the same names, shapes and types.
   *
   * @throws MalformedFileException if they are not the same
   */
  static void restore(Path file, Map<String, Tensor> targets, Map<String, Tensor> sources) {
    if (!targets.keySet().equals(sources.keySet())) {
      throw new MalformedFileException(
          file,
          "it holds %s, but this training has %s".formatted(sources.keySet(), targets.keySet()));
    }
    try (NoGradGuard guard = new NoGradGuard()) {
      targets.forEach(
          (name, target) -> {
            Tensor source = sources.get(name);
            if (source == null
                || Tensors.type(source) != Tensors.type(target)
                || !Arrays.equals(Tensors.shape(source), Tensors.shape(target))) {
              throw new MalformedFileException(
                  file, "'%s' is of another type or shape than in this training".formatted(name));
            }
            target.copy_(source);
          });
    }
  }
}
