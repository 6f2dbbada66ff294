package org.widthwise.audit.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.widthwise.audit.UntrustedText;
import org.widthwise.audit.model.SkippedTensor;
import org.widthwise.audit.numpy.NpyHeader;

/** NumPy's archive of arrays: a zip archive with an entry for each. */
final class NpzFile {

  static final String SUFFIX = ".npy";

  private final ZipArchive archive;
  private final BufferPool pool = new BufferPool();
  private final List<CheckpointTensor> tensors = new ArrayList<>();
  private final List<SkippedTensor> skipped = new ArrayList<>();

  private NpzFile(ZipArchive archive) {
    this.archive = archive;
  }

  static Checkpoint read(ZipArchive archive) {
    NpzFile content = new NpzFile(archive);
    for (ZipEntry entry : archive.entries()) {
      content.add(entry);
    }
    return new OpenCheckpoint(
        content.tensors, content.skipped, Map.of(), List.of(archive.source()));
  }

  private void add(ZipEntry entry) {
    if (!entry.name().endsWith(SUFFIX)) {
      skipped.add(new SkippedTensor(entry.name(), "no array: its name does not end in .npy"));
      return;
    }
    String name = entry.name().substring(0, entry.name().length() - SUFFIX.length());
    long start = archive.dataStart(entry);
    NpyHeader header =
        NpyHeader.read(
            archive.source().file(),
            "at byte " + start + ", the zip entry " + UntrustedText.quote(entry.name()),
            count -> front(entry, start, (int) Math.min(count, entry.size())));
    Optional<ElementType> type = NumpyArrays.elements(header);
    if (NumpyArrays.isObject(header)) {
      skipped.add(new SkippedTensor(name, "objects, which only running a pickle could make"));
    } else if (type.isEmpty()) {
      skipped.add(SkipReasons.noFloats(name, header.quotedDescr()));
    } else {
      NumpyArrays.checkLength(
          archive.source(), "at byte " + start, header, type.get(), entry.size());
      if (header.shape().contains(0L)) {
        skipped.add(SkipReasons.empty(name, header.shape()));
      } else {
        tensors.add(tensor(name, entry, start, header, type.get()));
      }
    }
  }

  private CheckpointTensor tensor(
      String name, ZipEntry entry, long start, NpyHeader header, ElementType type) {
    return entry.isStored()
        ? NumpyArrays.tensor(name, header, type, archive.source(), start + header.dataStart(), pool)
        : NumpyArrays.tensor(
            name, header, type, InflatedSource.of(archive, entry, start), header.dataStart(), pool);
  }

  private byte[] front(ZipEntry entry, long start, int count) {
    return entry.isStored()
        ? archive.source().bytes(start, count)
        : ZipInflation.inflate(archive, entry, start, count);
  }
}
