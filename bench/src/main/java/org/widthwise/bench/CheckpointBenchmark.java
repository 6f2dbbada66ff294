package org.widthwise.bench;

import static java.util.Objects.requireNonNull;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.widthwise.audit.checkpoint.Checkpoint;
import org.widthwise.audit.checkpoint.CheckpointTensor;
import org.widthwise.audit.checkpoint.Checkpoints;
import org.widthwise.audit.safetensors.Dtype;
import org.widthwise.audit.safetensors.SafetensorsWriter;
import org.widthwise.audit.safetensors.WritableTensor;

/**
 * Reading a safetensors file of 256 MiB: its header, all its values as float32, and, to compare
 * with, its bytes and nothing else. The file is in the system's cache.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 2)
public class CheckpointBenchmark {
  private static final long BYTES = 256L << 20;
  private static final int PIECE = 1 << 20;

  /** The type of the elements. */
  @Param({"F32", "BF16"})
  Dtype dtype = Dtype.F32;

  /** How many tensors share the bytes. */
  @Param({"16", "8192"})
  int tensors = 16;

  private final float[] values = new float[PIECE];
  private final ByteBuffer bytes = ByteBuffer.allocateDirect(PIECE);
  private @Nullable Path file;

  /** A benchmark that JMH fills and runs. */
  public CheckpointBenchmark() {}

  /**
   * Writes the file.
   *
   * @throws IOException if it cannot be written
   */
  @Setup
  public void prepare() throws IOException {
    Path written = Files.createTempFile("benchmark", ".safetensors");
    file = written;
    SplittableRandom random = new SplittableRandom(0);
    long elements = BYTES * Byte.SIZE / dtype.bits() / tensors;
    List<WritableTensor> model = new ArrayList<>();
    for (int i = 0; i < tensors; i++) {
      model.add(
          new WritableTensor(
              "layers.%d.weight".formatted(i),
              dtype,
              List.of(elements),
              (offset, into) -> {
                while (into.hasRemaining()) {
                  into.put((byte) random.nextInt());
                }
              }));
    }
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(written))) {
      SafetensorsWriter.write(out, model, Map.of());
    }
  }

  /**
   * Deletes the file.
   *
   * @throws IOException if it cannot be deleted
   */
  @TearDown
  public void delete() throws IOException {
    Files.delete(requireNonNull(file));
  }

  /**
   * Opens the checkpoint.
   *
   * @return how many tensors it has
   */
  @Benchmark
  public int header() {
    try (Checkpoint checkpoint = Checkpoints.open(requireNonNull(file))) {
      return checkpoint.tensors().size();
    }
  }

  /**
   * Reads each value as float32.
   *
   * @return the last one
   */
  @Benchmark
  public float values() {
    try (Checkpoint checkpoint = Checkpoints.open(requireNonNull(file))) {
      for (CheckpointTensor tensor : checkpoint.tensors()) {
        long elements = tensor.shape().get(0);
        for (long done = 0; done < elements; done += PIECE) {
          tensor.read(done, values, (int) Math.min(PIECE, elements - done));
        }
      }
      return values[0];
    }
  }

  /**
   * Reads each byte.
   *
   * @return how many there were
   * @throws IOException if reading fails
   */
  @Benchmark
  public long bytesAlone() throws IOException {
    try (FileChannel channel = FileChannel.open(requireNonNull(file))) {
      long read = 0;
      while (channel.read(bytes.clear()) >= 0) {
        read += bytes.position();
      }
      return read;
    }
  }
}
