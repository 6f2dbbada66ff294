package org.widthwise.audit.checkpoint;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.widthwise.audit.MalformedFileException;
import org.widthwise.audit.UntrustedText;
import org.widthwise.audit.pickle.PickleReader;
import org.widthwise.audit.pickle.PickleValue;

/**
 * A checkpoint that {@code torch.save} wrote, version 1.6 or newer: a zip archive with a pickle,
 * {@code data.pkl}, and beside it an entry for each storage, {@code data/0} and so on.
 */
final class TorchArchive {

  private static final String PICKLE = "/data.pkl";
  private static final int LONGEST_BYTE_ORDER = 100;

  private TorchArchive() {}

  /** The entry with the pickle, in whatever directory, whose name is the file's of old. */
  static Optional<ZipEntry> pickle(ZipArchive archive) {
    return archive.entries().stream()
        .filter(entry -> entry.name().endsWith(PICKLE))
        .filter(entry -> entry.name().indexOf('/') == entry.name().length() - PICKLE.length())
        .findFirst();
  }

  static Checkpoint read(ZipArchive archive) {
    FileSource source = archive.source();
    ZipEntry entry =
        pickle(archive)
            .orElseThrow(
                () ->
                    new MalformedFileException(
                        source.file(),
                        "is a zip archive without an entry <directory>/data.pkl, must be one that"
                            + " torch.save wrote"));
    String directory = entry.name().substring(0, entry.name().length() - PICKLE.length()) + "/";
    checkByteOrder(archive, directory + "byteorder");
    long pickleStart = entry.isStored() ? archive.dataStart(entry) : entry.headerOffset();
    byte[] pickle = archive.bytes(entry, PickleReader.LONGEST);
    PickleValue root =
        PickleReader.read(source.file(), pickle, pickleStart, TorchGlobals.allowed());
    TorchContent content = new TorchContent(new TorchStorages(archive, directory + "data/"));
    content.walk(root);
    return new OpenCheckpoint(
        content.tensors(), content.skipped(), content.metadata(), List.of(source));
  }

  private static void checkByteOrder(ZipArchive archive, String name) {
    Optional<ZipEntry> entry = archive.find(name);
    if (entry.isEmpty()) {
      // Written since PyTorch 2.1 only, and always little before.
      return;
    }
    byte[] bytes = archive.bytes(entry.get(), LONGEST_BYTE_ORDER);
    String order = new String(bytes, StandardCharsets.ISO_8859_1);
    if (!order.equals("little")) {
      throw archive.malformed(
          entry.get(),
          "says "
              + UntrustedText.quote(order)
              + ", must say \"little\": save again on a machine of that order of bytes");
    }
  }
}
