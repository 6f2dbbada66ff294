package org.widthwise.audit.checkpoint;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.widthwise.audit.MalformedFileException;
import org.widthwise.audit.numpy.NpyHeader;

/** A file with one array of NumPy's, which goes by the file's name. */
final class NpyFile {

  private static final String SUFFIX = ".npy";

  private NpyFile() {}

  static Checkpoint read(FileSource source) {
    NpyHeader header =
        NpyHeader.read(
            source.file(),
            "at byte 0",
            count -> source.bytes(0, (int) Math.min(count, source.size())));
    String name = name(source.file());
    Optional<ElementType> type = NumpyArrays.elements(header);
    if (NumpyArrays.isObject(header)) {
      throw new MalformedFileException(
          source.file(),
          "at byte 0: is an array of objects of type "
              + header.quotedDescr()
              + ", which only running a pickle could make; must be of floats");
    }
    if (type.isEmpty()) {
      return new OpenCheckpoint(
          List.of(),
          List.of(SkipReasons.noFloats(name, header.quotedDescr())),
          Map.of(),
          List.of(source));
    }
    NumpyArrays.checkLength(source, "at byte 0", header, type.get(), source.size());
    if (header.shape().contains(0L)) {
      return new OpenCheckpoint(
          List.of(), List.of(SkipReasons.empty(name, header.shape())), Map.of(), List.of(source));
    }
    return new OpenCheckpoint(
        List.of(
            NumpyArrays.tensor(
                name, header, type.get(), source, header.dataStart(), new BufferPool())),
        List.of(),
        Map.of(),
        List.of(source));
  }

  private static String name(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
  }
}
