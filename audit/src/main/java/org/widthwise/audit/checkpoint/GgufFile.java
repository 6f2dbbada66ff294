package org.widthwise.audit.checkpoint;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.widthwise.audit.MalformedFileException;
import org.widthwise.audit.UntrustedText;
import org.widthwise.audit.gguf.GgufHeader;
import org.widthwise.audit.gguf.GgufTensor;
import org.widthwise.audit.model.SkippedTensor;

/** Reads a GGUF file, of which the tensors of plain floats are measured. */
final class GgufFile {

  private GgufFile() {}

  static Checkpoint read(FileSource source) {
    GgufHeader header = GgufHeader.read(source.file(), source.size(), source::bytes);
    BufferPool pool = new BufferPool();
    List<CheckpointTensor> tensors = new ArrayList<>();
    List<SkippedTensor> skipped = new ArrayList<>();
    List<Extent> extents = new ArrayList<>();
    for (GgufTensor tensor : header.tensors()) {
      Optional<ElementType> type = ElementType.named(tensor.type());
      if (tensor.shape().contains(0L)) {
        skipped.add(SkipReasons.empty(tensor.name(), tensor.shape()));
      } else if (type.isPresent()) {
        extents.add(extent(source, tensor, type.get()));
        tensors.add(
            StoredTensor.contiguous(
                tensor.name(), tensor.shape(), type.get(), source, tensor.start(), pool));
      } else if (tensor.type().startsWith("I") && !tensor.type().startsWith("IQ")) {
        skipped.add(SkipReasons.noFloats(tensor.name(), tensor.type()));
      } else {
        skipped.add(SkipReasons.scaled(tensor.name(), tensor.type()));
      }
    }
    requireApart(source, extents);
    return new OpenCheckpoint(tensors, skipped, header.metadata(), List.of(source));
  }

  private record Extent(String name, long start, long end) {}

  private static Extent extent(FileSource source, GgufTensor tensor, ElementType type) {
    long room = source.size() - tensor.start();
    if (tensor.elements() > Math.max(0, room) / type.bytes()) {
      throw new MalformedFileException(
          source.file(),
          "at byte %d: tensor %s of shape %s of %s ends after the file's %d bytes"
              .formatted(
                  tensor.start(),
                  UntrustedText.quote(tensor.name()),
                  tensor.shape(),
                  tensor.type(),
                  source.size()));
    }
    return new Extent(
        tensor.name(), tensor.start(), tensor.start() + tensor.elements() * type.bytes());
  }

  private static void requireApart(FileSource source, List<Extent> extents) {
    List<Extent> inOrder =
        extents.stream().sorted(Comparator.comparingLong(Extent::start)).toList();
    for (int i = 1; i < inOrder.size(); i++) {
      Extent before = inOrder.get(i - 1);
      Extent after = inOrder.get(i);
      if (after.start() < before.end()) {
        throw new MalformedFileException(
            source.file(),
            "at byte %d: tensor %s begins within tensor %s"
                .formatted(
                    after.start(),
                    UntrustedText.quote(after.name()),
                    UntrustedText.quote(before.name())));
      }
    }
  }
}
