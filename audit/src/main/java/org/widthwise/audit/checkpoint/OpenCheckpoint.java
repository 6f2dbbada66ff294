package org.widthwise.audit.checkpoint;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.widthwise.audit.MalformedFileException;
import org.widthwise.audit.UntrustedText;
import org.widthwise.audit.model.SkippedTensor;

/** What a format's reader found, and the files to close. */
record OpenCheckpoint(
    List<CheckpointTensor> tensors,
    List<SkippedTensor> skipped,
    Map<String, String> metadata,
    List<FileSource> files)
    implements Checkpoint {

  OpenCheckpoint {
    tensors = List.copyOf(tensors);
    skipped = List.copyOf(skipped);
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    files = List.copyOf(files);
    Set<String> names = new HashSet<>();
    for (CheckpointTensor tensor : tensors) {
      if (!names.add(tensor.name())) {
        throw new MalformedFileException(
            files.get(0).file(),
            "the tensor "
                + UntrustedText.quote(tensor.name())
                + " comes twice, names must be unique");
      }
    }
  }

  @Override
  public void close() {
    files.forEach(FileSource::close);
  }
}
