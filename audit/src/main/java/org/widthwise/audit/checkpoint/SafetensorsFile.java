package org.widthwise.audit.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.widthwise.audit.model.SkippedTensor;
import org.widthwise.audit.safetensors.SafetensorsHeader;
import org.widthwise.audit.safetensors.TensorEntry;

/** Reads a safetensors file, of which others may be parts of the same checkpoint. */
final class SafetensorsFile {

  private SafetensorsFile() {}

  /**
   * Reads the header.
   *
   * @param source the file, which the checkpoint closes
   * @param pool what the checkpoint's files read into
   */
  static Checkpoint read(FileSource source, BufferPool pool) {
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
    return new OpenCheckpoint(tensors, skipped, header.metadata(), List.of(source));
  }
}
