package org.widthwise.audit.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.widthwise.audit.model.SkippedTensor;
import org.widthwise.audit.safetensors.SafetensorsHeader;
import org.widthwise.audit.safetensors.TensorEntry;

/**
 * The tensors of one safetensors file.
 *
 * @param tensors those of readable floats
 * @param skipped the others
 * @param metadata its free text
 */
record SafetensorsFile(
    List<CheckpointTensor> tensors, List<SkippedTensor> skipped, Map<String, String> metadata) {

  static Checkpoint read(FileSource source) {
    SafetensorsFile content = read(source, new BufferPool());
    return new OpenCheckpoint(
        content.tensors(), content.skipped(), content.metadata(), List.of(source));
  }

  static SafetensorsFile read(FileSource source, BufferPool pool) {
    SafetensorsHeader header = SafetensorsHeader.read(source.file());
    List<CheckpointTensor> tensors = new ArrayList<>();
    List<SkippedTensor> skipped = new ArrayList<>();
    for (TensorEntry entry : header.tensors()) {
      Optional<ElementType> type = ElementType.of(entry.dtype());
      if (entry.shape().contains(0L)) {
        skipped.add(SkipReasons.empty(entry.name(), entry.shape()));
      } else if (type.isPresent()) {
        long start = header.dataStart() + entry.begin();
        tensors.add(
            StoredTensor.contiguous(entry.name(), entry.shape(), type.get(), source, start, pool));
      } else if (entry.dtype().isFloat()) {
        skipped.add(SkipReasons.scaled(entry.name(), entry.dtype().name()));
      } else {
        skipped.add(SkipReasons.noFloats(entry.name(), entry.dtype().name()));
      }
    }
    return new SafetensorsFile(tensors, skipped, header.metadata());
  }

  /** All names. */
  List<String> names() {
    List<String> names = new ArrayList<>();
    tensors.forEach(tensor -> names.add(tensor.name()));
    skipped.forEach(tensor -> names.add(tensor.name()));
    return names;
  }
}
