package org.widthwise.audit.checkpoint;

import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.widthwise.audit.MalformedFileException;
import org.widthwise.audit.checkpoint.StoredTensor.StoredValues;
import org.widthwise.audit.numpy.NpyHeader;
import org.widthwise.audit.numpy.NumpyType;

/** Makes tensors of NumPy's arrays. */
final class NumpyArrays {

  private NumpyArrays() {}

  /** How the elements of a type are read, if they are real floats. */
  static Optional<ElementType> elements(NpyHeader header) {
    return NumpyType.of(header.descr())
        .filter(type -> type.kind() == 'f')
        .flatMap(
            type ->
                switch (type.bytes()) {
                  case 2 -> Optional.of(ElementType.F16);
                  case 4 -> Optional.of(ElementType.F32);
                  case 8 -> Optional.of(ElementType.F64);
                  default -> Optional.empty();
                });
  }

  /** Whether the elements are objects, which only running a pickle could make. */
  static boolean isObject(NpyHeader header) {
    return NumpyType.of(header.descr()).filter(NumpyType::isObject).isPresent()
        || header.descr().contains("O'")
        || header.descr().contains("O\"");
  }

  /**
   * Checks that the values of an array of floats fill what is left for them.
   *
   * @param where the array's place, to begin a message
   * @param length the bytes from the header's begin to the end
   */
  static void checkLength(
      FileSource file, String where, NpyHeader header, ElementType type, long length) {
    @Nullable Long needed = null;
    try {
      long elements = 1;
      for (long dimension : header.shape()) {
        elements = Math.multiplyExact(elements, dimension);
      }
      needed = Math.multiplyExact(elements, (long) type.bytes());
    } catch (ArithmeticException e) {
      // Said below: no file is that long.
    }
    long there = length - header.dataStart();
    if (needed == null || needed != there) {
      throw new MalformedFileException(
          file.file(),
          where
              + ": the array has "
              + there
              + " bytes of values, must have the "
              + (needed == null ? "2^63 or more" : needed)
              + " of shape "
              + header.shape()
              + " of "
              + header.quotedDescr());
    }
  }

  /** A tensor of an array without dimensions of 0. */
  static CheckpointTensor tensor(
      String name,
      NpyHeader header,
      ElementType type,
      ByteSource source,
      long start,
      BufferPool pool) {
    boolean bigEndian =
        NumpyType.of(header.descr()).map(NumpyType::bigEndian).orElse(Boolean.FALSE);
    List<Long> shape = header.shape();
    StridedLayout layout =
        header.fortranOrder()
            ? StridedLayout.firstFastest(shape)
            : StridedLayout.contiguous(shape.stream().reduce(1L, (a, b) -> a * b));
    StoredValues values =
        new StoredValues(
            source,
            start,
            type,
            bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN,
            layout);
    return new StoredTensor(name, shape, header.descr(), values, pool);
  }
}
