package org.widthwise.audit.checkpoint;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.widthwise.audit.MalformedFileException;
import org.widthwise.audit.gguf.GgufHeader;
import org.widthwise.audit.numpy.NpyHeader;

/**
 * Tells a file's format from its first bytes, and the two kinds of zip archives from their entries.
 */
final class CheckpointFormat {

  private static final int FRONT_BYTES = 64;
  private static final String KNOWN =
      "must be safetensors or its *.safetensors.index.json, a PyTorch zip archive or its"
          + " *.bin.index.json, GGUF, .npz or .npy";

  private CheckpointFormat() {}

  static Checkpoint read(FileSource source) {
    byte[] front = source.bytes(0, (int) Math.min(FRONT_BYTES, source.size()));
    String text = new String(front, StandardCharsets.ISO_8859_1);
    if (text.startsWith("PK\3\4") || text.startsWith("PK\5\6")) {
      return zip(ZipArchive.open(source));
    }
    if (NpyHeader.isMagic(front)) {
      return NpyFile.read(source);
    }
    if (text.startsWith(GgufHeader.MAGIC)) {
      return GgufFile.read(source);
    }
    if (front.length > Long.BYTES && text.charAt(Long.BYTES) == '{') {
      return SafetensorsFile.read(source, new BufferPool());
    }
    throw new MalformedFileException(source.file(), "at byte 0: " + problem(text));
  }

  private static Checkpoint zip(ZipArchive archive) {
    String name = String.valueOf(archive.source().file().getFileName()).toLowerCase(Locale.ROOT);
    boolean arrays =
        archive.entries().stream().anyMatch(entry -> entry.name().endsWith(NpzFile.SUFFIX));
    if (name.endsWith(".npz") || (arrays && TorchArchive.pickle(archive).isEmpty())) {
      return NpzFile.read(archive);
    }
    return TorchArchive.read(archive);
  }

  private static String problem(String front) {
    if (front.isEmpty()) {
      return "the file is empty, " + KNOWN;
    }
    if (front.startsWith("version https://git-lfs")) {
      return "the file is Git LFS's pointer to another, must be that: run git lfs pull";
    }
    if (front.startsWith("\u0089HDF")) {
      return "HDF5 files are not read, " + KNOWN;
    }
    if (front.charAt(0) == '\u0080') {
      return "the file is a bare pickle, PyTorch's format before version 1.6, which is not read;"
          + " save it again with torch 1.6 or newer, or as safetensors";
    }
    return "the file begins as no format that is read, " + KNOWN;
  }
}
