package org.widthwise.audit.safetensors;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.widthwise.audit.MalformedFileException;
import org.widthwise.audit.UntrustedText;

/**
 * Checks that tensors have the sizes that their shapes ask for and cover the data exactly: no
 * holes, in which a second file could hide, no overlaps, nothing after the last.
 */
final class LayoutCheck {

  private LayoutCheck() {}

  static void check(Path file, List<TensorEntry> tensors, long dataStart, long dataLength) {
    for (TensorEntry tensor : tensors) {
      checkSize(file, tensor, dataLength);
    }
    List<TensorEntry> byOffset = new ArrayList<>(tensors);
    byOffset.sort(Comparator.comparingLong(TensorEntry::begin).thenComparing(TensorEntry::end));
    long covered = 0;
    @Nullable TensorEntry last = null;
    for (TensorEntry tensor : byOffset) {
      if (tensor.begin() > covered) {
        throw wrong(
            file,
            tensor,
            "begins at data offset "
                + tensor.begin()
                + ", but bytes "
                + covered
                + " to "
                + tensor.begin()
                + " before it belong to no tensor; it must begin at "
                + covered);
      }
      if (tensor.begin() < covered && last != null) {
        throw wrong(
            file,
            tensor,
            "begins at data offset "
                + tensor.begin()
                + " inside tensor "
                + UntrustedText.quote(last.name())
                + ", which ends at "
                + last.end()
                + "; tensors must not overlap");
      }
      covered = tensor.end();
      last = tensor;
    }
    if (covered < dataLength) {
      throw new MalformedFileException(
          file,
          "at byte "
              + (dataStart + covered)
              + ": "
              + (dataLength - covered)
              + " bytes belong to no tensor; the file must end there, after the last tensor's"
              + " data");
    }
  }

  private static void checkSize(Path file, TensorEntry tensor, long dataLength) {
    long bits;
    try {
      long elements = 1;
      for (long dimension : tensor.shape()) {
        elements = Math.multiplyExact(elements, dimension);
      }
      bits = Math.multiplyExact(elements, tensor.dtype().bits());
    } catch (ArithmeticException e) {
      throw wrong(
          file, tensor, shapeOf(tensor) + " has a size in bits of 2^63 or more, must be below");
    }
    if (bits % Byte.SIZE != 0) {
      throw wrong(
          file, tensor, shapeOf(tensor) + " takes " + bits + " bits, must fill whole bytes");
    }
    String offsets = "data_offsets [" + tensor.begin() + ", " + tensor.end() + "]";
    if (tensor.begin() > tensor.end()) {
      throw wrong(file, tensor, offsets + " begin after they end, must be [begin, end]");
    }
    long bytes = bits / Byte.SIZE;
    if (tensor.byteLength() != bytes) {
      throw wrong(
          file,
          tensor,
          offsets
              + " hold "
              + tensor.byteLength()
              + " bytes, must hold the "
              + bytes
              + " of "
              + shapeOf(tensor));
    }
    if (tensor.end() > dataLength) {
      throw wrong(
          file,
          tensor,
          offsets
              + " end past the file's "
              + dataLength
              + " bytes of data: the file is truncated or its header wrong");
    }
  }

  private static String shapeOf(TensorEntry tensor) {
    return "shape " + tensor.shape() + " of " + tensor.dtype();
  }

  private static MalformedFileException wrong(Path file, TensorEntry tensor, String problem) {
    return new MalformedFileException(
        file, "tensor " + UntrustedText.quote(tensor.name()) + ": " + problem);
  }
}
