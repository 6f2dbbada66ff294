package org.widthwise.audit.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.widthwise.audit.SafetensorsBytes.layOut;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.widthwise.audit.MalformedFileException;

/** Damaged files are read, or refused in one line: nothing else ever happens. */
class MutatedCheckpointTest {

  private static final int FILES = 20_000;

  /** What of a name's file is damaged, and how. */
  private static final class Kind {

    private final String name;
    private final byte[] good;
    private final boolean pickleAlone;

    Kind(String name, byte[] good, boolean pickleAlone) {
      this.name = name;
      this.good = good;
      this.pickleAlone = pickleAlone;
    }

    byte[] damage(UnaryOperator<byte[]> change) {
      return pickleAlone ? TorchBytes.changePickle(good, change) : change.apply(good);
    }
  }

  private final Path directory;

  MutatedCheckpointTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private static List<Kind> kinds() {
    byte[] safetensors =
        layOut(
            """
            {"a":{"dtype":"BF16","shape":[2,3],"data_offsets":[0,12]},\
            "b":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[12,16]},\
            "c":{"dtype":"I64","shape":[1],"data_offsets":[16,24]}}\
            """,
            24);
    byte[] index =
        """
        {"metadata":{"total_size":24},"weight_map":{"a":"shard.safetensors",\
        "b":"shard.safetensors","c":"shard.safetensors"}}\
        """
            .getBytes(StandardCharsets.UTF_8);
    byte[] torchIndex =
        """
        {"weight_map":{"e4m3":"shard.bin","e5m2":"shard.bin"}}\
        """
            .getBytes(StandardCharsets.UTF_8);
    return List.of(
        new Kind("m.safetensors", safetensors, false),
        new Kind("shard.safetensors", safetensors, false),
        new Kind("m.safetensors.index.json", index, false),
        new Kind("shard.bin", Fixtures.bytes("float8.bin"), true),
        new Kind("m.bin.index.json", torchIndex, false),
        new Kind("state.pt", Fixtures.bytes("state.pt"), false),
        new Kind("nested.pt", Fixtures.bytes("nested.pth"), true),
        new Kind("protocol4.pt", Fixtures.bytes("protocol4.pt"), true),
        new Kind("float8.pt", Fixtures.bytes("float8.bin"), true),
        new Kind("stored.npz", Fixtures.bytes("stored.npz"), false),
        new Kind("deflated.npz", Fixtures.bytes("deflated.npz"), false),
        new Kind("fortran.npy", Fixtures.bytes("fortran.npy"), false),
        new Kind("ggml.gguf", Fixtures.bytes("ggml.gguf"), false));
  }

  @Test
  void readsOrRefuses() throws Exception {
    long seed = 20_261_124;
    SplittableRandom random = new SplittableRandom(seed);
    CheckpointMutator mutator = new CheckpointMutator(random);
    List<Kind> kinds = kinds();
    for (Kind kind : kinds) {
      Files.write(directory.resolve(kind.name), kind.good);
    }
    int[] read = new int[kinds.size()];
    int[] refused = new int[kinds.size()];
    for (int i = 0; i < FILES; i++) {
      int which = random.nextInt(kinds.size());
      Kind kind = kinds.get(which);
      byte[] damaged = kind.damage(mutator::mutate);
      String indexed = kind.name.replace("shard.", "m.") + ".index.json";
      Path file = directory.resolve(kind.name);
      overwrite(file, damaged);
      try {
        readAll(kind.name.startsWith("shard.") ? directory.resolve(indexed) : file);
        read[which]++;
      } catch (MalformedFileException e) {
        refused[which]++;
        String message = String.valueOf(e.getMessage());
        assertThat(message)
            .as("seed %d, file %d", seed, i)
            .startsWith(directory.toString())
            .contains(": ")
            .hasSizeLessThan(10_000);
        assertThat(message.chars().noneMatch(Character::isISOControl))
            .as("seed %d, file %d: %s", seed, i, message)
            .isTrue();
      } catch (RuntimeException | Error e) {
        fail("seed %d, file %d, of %s".formatted(seed, i, kind.name), e);
      }
      overwrite(file, kind.good);
    }
    // The damage must be neither so slight nor so great that only one of the two ever happens.
    for (int which = 0; which < kinds.size(); which++) {
      assertThat(read[which]).as(kinds.get(which).name).isPositive();
      assertThat(refused[which]).as(kinds.get(which).name).isGreaterThan(FILES / 100);
    }
  }

  /** Without cutting the file to nothing first, after which some file systems wait for the disk. */
  private static void overwrite(Path file, byte[] bytes) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(bytes));
      channel.truncate(bytes.length);
    }
  }

  private static void readAll(Path file) throws IOException {
    long size = Files.size(file);
    try (Checkpoint checkpoint = Checkpoints.open(file)) {
      for (CheckpointTensor tensor : checkpoint.tensors()) {
        long elements = tensor.shape().stream().reduce(1L, (a, b) -> a * b);
        assertThat(elements).isBetween(1L, 2000 * size);
        double[] doubles = new double[(int) elements];
        tensor.read(0, doubles, doubles.length);
        float[] last = new float[1];
        tensor.read(elements - 1, last, 1);
      }
    }
  }
}
