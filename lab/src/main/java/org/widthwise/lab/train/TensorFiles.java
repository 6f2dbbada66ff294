package org.widthwise.lab.train;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.widthwise.audit.MalformedFileException;
import org.widthwise.audit.safetensors.Dtype;
import org.widthwise.audit.safetensors.SafetensorsHeader;
import org.widthwise.audit.safetensors.SafetensorsWriter;
import org.widthwise.audit.safetensors.TensorEntry;
import org.widthwise.audit.safetensors.WritableTensor;
import org.widthwise.lab.run.AtomicFiles;
import org.widthwise.torch.engine.Tensors;

/**
 * Tensors in safetensors files, to the bit: what is read back is what was written. Memory is taken
 * as little-endian, which it is on every platform that libtorch is built for.
 */
final class TensorFiles {

  private static final int PIECE = 1 << 20;

  private TensorFiles() {}

  /** Writes tensors under their names, all or nothing. */
  static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata)
      throws IOException {
    try (PointerScope scope = new PointerScope()) {
      List<WritableTensor> writable = new ArrayList<>();
      tensors.forEach((name, tensor) -> writable.add(writable(name, tensor)));
      AtomicFiles.write(file, out -> SafetensorsWriter.write(out, writable, metadata));
    }
  }

  private static WritableTensor writable(String name, Tensor tensor) {
    // Kept by the closure: data of a tensor that is not contiguous, or elsewhere, are in this copy
    // alone.
    Tensor contiguous = tensor.detach().cpu().contiguous();
    return new WritableTensor(
        name,
        dtype(name, tensor),
        Arrays.stream(Tensors.shape(tensor)).boxed().toList(),
        (offset, into) -> into.put(bytes(contiguous, offset, into.remaining())));
  }

  private static Dtype dtype(String name, Tensor tensor) {
    return switch (Tensors.type(tensor)) {
      case Float -> Dtype.F32;
      case Double -> Dtype.F64;
      case Long -> Dtype.I64;
      default ->
          throw new IllegalArgumentException(
              "'%s' is of type %s, but checkpoints hold float32, float64 and int64"
                  .formatted(name, Tensors.type(tensor)));
    };
  }

  /** A view of some bytes of a tensor; its position is 0 wherever they begin. */
  private static ByteBuffer bytes(Tensor contiguous, long offset, int count) {
    return new BytePointer(contiguous.data_ptr()).getPointer(offset).limit(count).asByteBuffer();
  }

  /**
   * Reads all tensors of a file that {@link #write} wrote.
   *
   * @return new tensors by name, on the CPU, that belong to the scope that is open at the call
   * @throws MalformedFileException if it is missing, damaged or of another program
   */
  static Map<String, Tensor> read(Path file) {
    SafetensorsHeader header = SafetensorsHeader.read(file);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      for (TensorEntry entry : header.tensors()) {
        tensors.put(entry.name(), read(file, channel, header.dataStart(), entry));
      }
    } catch (IOException unreadable) {
      throw new MalformedFileException(file, "it cannot be read: " + unreadable.getMessage());
    }
    return tensors;
  }

  private static Tensor read(Path file, FileChannel channel, long dataStart, TensorEntry entry)
      throws IOException {
    long[] shape = entry.shape().stream().mapToLong(Long::longValue).toArray();
    Tensor tensor = torch.zeros(shape, new TensorOptions(type(file, entry)));
    try (PointerScope scope = new PointerScope()) {
      for (long offset = 0; offset < entry.byteLength(); offset += PIECE) {
        ByteBuffer piece =
            bytes(tensor, offset, (int) Math.min(PIECE, entry.byteLength() - offset));
        while (piece.hasRemaining()) {
          long at = dataStart + entry.begin() + offset + piece.position();
          if (channel.read(piece, at) < 0) {
            throw new MalformedFileException(file, "it ends before its last tensor");
          }
        }
      }
    }
    return tensor;
  }

  private static ScalarType type(Path file, TensorEntry entry) {
    return switch (entry.dtype()) {
      case F32 -> ScalarType.Float;
      case F64 -> ScalarType.Double;
      case I64 -> ScalarType.Long;
      default ->
          throw new MalformedFileException(
              file, "a checkpoint of a training has no tensors of type " + entry.dtype());
    };
  }
}
