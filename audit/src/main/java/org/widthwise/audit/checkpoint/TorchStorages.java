package org.widthwise.audit.checkpoint;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.widthwise.audit.MalformedFileException;
import org.widthwise.audit.UntrustedText;
import org.widthwise.audit.pickle.PickleValue;
import org.widthwise.audit.pickle.PickleValue.Global;
import org.widthwise.audit.pickle.PickleValue.Persistent;
import org.widthwise.audit.pickle.PickleValue.Text;
import org.widthwise.audit.pickle.PickleValue.Tuple;
import org.widthwise.audit.pickle.PickleValue.Whole;

/** Finds the storages of an archive by the persistent ids that its pickle has for them. */
final class TorchStorages {

  private static final String SHAPE =
      "(\"storage\", the type, the key, the location, the number of elements)";

  private final ZipArchive archive;
  private final String directory;
  // Tied weights share a storage, and a local header is to be read once.
  private final Map<String, Long> starts = new HashMap<>();
  private final BufferPool pool = new BufferPool();

  TorchStorages(ZipArchive archive, String directory) {
    this.archive = archive;
    this.directory = directory;
  }

  /**
   * A storage.
   *
   * @param type the type of its elements, empty for raw bytes
   * @param start where it begins in the file
   * @param bytes how many bytes it has
   */
  record Storage(Optional<TorchType> type, long start, long bytes) {}

  ByteSource source() {
    return archive.source();
  }

  BufferPool pool() {
    return pool;
  }

  Storage find(PickleValue value, String tensor) {
    if (!(value instanceof Persistent persistent)
        || !(persistent.id() instanceof Tuple id)
        || id.items().size() != 5
        || !(id.items().get(0) instanceof Text word)
        || !word.value().equals("storage")
        || !(id.items().get(1) instanceof Global type)
        || !(id.items().get(2) instanceof Text key)
        || !(id.items().get(4) instanceof Whole elements)) {
      throw malformed(
          tensor,
          "is of "
              + (value instanceof Persistent p ? p.id().kind() : value.kind())
              + ", must be of a storage, "
              + SHAPE);
    }
    Optional<TorchType> elementType = TorchType.ofStorage(type.name());
    if (elementType.isEmpty() && !type.name().equals(TorchGlobals.UNTYPED_STORAGE)) {
      throw malformed(tensor, "is of a storage of " + type.name() + ", which is no storage");
    }
    ZipEntry entry =
        archive
            .find(directory + key.value())
            .orElseThrow(
                () ->
                    malformed(
                        tensor,
                        "is in the storage "
                            + UntrustedText.quote(directory + key.value())
                            + ", which the archive lacks"));
    if (!entry.isStored()) {
      throw archive.malformed(
          entry, "is compressed, must be stored as torch.save does it: pack the archive again so");
    }
    int size = elementType.map(TorchType::bytes).orElse(1);
    if (elements.value() != entry.size() / size) {
      throw archive.malformed(
          entry,
          "has "
              + entry.size()
              + " bytes, must have the "
              + elements.value()
              + " elements of "
              + size
              + " bytes that tensor "
              + UntrustedText.quote(tensor)
              + " says");
    }
    @Nullable Long start = starts.get(entry.name());
    if (start == null) {
      start = archive.dataStart(entry);
      starts.put(entry.name(), start);
    }
    return new Storage(elementType, start, entry.size());
  }

  MalformedFileException malformed(String tensor, String problem) {
    return new MalformedFileException(
        archive.source().file(), "tensor " + UntrustedText.quote(tensor) + " " + problem);
  }
}
