package org.widthwise.audit.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.widthwise.audit.SafetensorsBytes.layOut;
import static org.widthwise.audit.SafetensorsBytes.withLength;
import static org.widthwise.audit.SafetensorsBytes.write;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.widthwise.audit.MalformedFileException;

class SafetensorsHeaderTest {

  /** Written by the reference library: three tensors, metadata, and a header padded by blanks. */
  private static final byte[] GOLDEN = golden();

  private final Path directory;

  SafetensorsHeaderTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void readsAFileOfTheReferenceLibrary() {
    SafetensorsHeader header = SafetensorsHeader.read(write(directory, "g.safetensors", GOLDEN));

    assertThat(header.tensors())
        .containsExactly(
            new TensorEntry("steps", Dtype.I64, List.of(), 0, 8),
            new TensorEntry("layers.0.weight", Dtype.F32, List.of(2L, 2L), 8, 24),
            new TensorEntry("layers.0.bias", Dtype.F16, List.of(2L), 24, 28));
    assertThat(header.metadata()).containsExactly(entry("format", "pt"));
    assertThat(header.dataStart() + header.dataLength()).isEqualTo(GOLDEN.length);
    // The place of a tensor's data: 0.5 and -1.0 in half precision.
    long bias = header.dataStart() + header.tensors().get(2).begin();
    assertThat(HexFormat.of().formatHex(GOLDEN, (int) bias, (int) bias + 4)).isEqualTo("003800bc");
  }

  @Test
  void keepsTheHeadersOrderWhateverTheOffsets() {
    String text =
        """
        {"z":{"shape":[],"data_offsets":[6,8],"dtype":"BF16","extra":{"deep":[1,{}]}},
         "__metadata__":{"k2":"","k1":"\\n"},
         "empty":{"dtype":"F64","shape":[3,0],"data_offsets":[6,6]},
         "a":{"dtype":"F4","shape":[3,4],"data_offsets":[0,6]}}  \
        """;
    SafetensorsHeader header = SafetensorsHeader.read(write(directory, "o.bin", layOut(text, 8)));

    assertThat(header.tensors()).extracting(TensorEntry::name).containsExactly("z", "empty", "a");
    assertThat(header.tensors()).extracting(TensorEntry::byteLength).containsExactly(2L, 0L, 6L);
    assertThat(header.metadata()).containsExactly(entry("k2", ""), entry("k1", "\n"));
  }

  @Test
  void readsAFileWithoutTensors() {
    SafetensorsHeader header = SafetensorsHeader.read(write(directory, "e.bin", layOut("{}", 0)));

    assertThat(header).isEqualTo(new SafetensorsHeader(List.of(), Map.of(), 10, 0));
  }

  @Test
  void readsOnlyTheHeaderOfAHundredGigabytes() throws Exception {
    long elements = 25_000_000_000L;
    String text =
        String.format(
            "{\"w\":{\"dtype\":\"F32\",\"shape\":[5,%d],\"data_offsets\":[0,%d]}}",
            elements / 5, elements * 4);
    byte[] start = layOut(text, 0);
    Path file = directory.resolve("large.safetensors");
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.SPARSE,
            StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(start));
      channel.write(ByteBuffer.allocate(1), start.length + elements * 4 - 1);
    }

    SafetensorsHeader.read(write(directory, "warm-up.safetensors", GOLDEN));
    long before = allocated();
    SafetensorsHeader header = SafetensorsHeader.read(file);

    assertThat(allocated() - before).isLessThan(1_000_000);
    assertThat(header.tensors())
        .containsExactly(
            new TensorEntry("w", Dtype.F32, List.of(5L, elements / 5), 0, elements * 4));
  }

  @Test
  void allocatesNothingForAClaimedLength() {
    byte[] header = "{}".getBytes(StandardCharsets.UTF_8);
    SafetensorsHeader.read(write(directory, "warm-up.safetensors", GOLDEN));
    for (long claimed : new long[] {99_999_999, 1L << 31, 1L << 60, Long.MIN_VALUE, -1}) {
      Path file = write(directory, "c.safetensors", withLength(claimed, header, 0));
      long before = allocated();
      assertThatThrownBy(() -> SafetensorsHeader.read(file))
          .isInstanceOf(MalformedFileException.class);
      assertThat(allocated() - before).isLessThan(1_000_000);
    }
  }

  @Test
  void refusesEveryTruncationAndExtension() {
    for (int length = 0; length <= GOLDEN.length + 3; length++) {
      byte[] bytes = Arrays.copyOf(GOLDEN, length);
      Path file = write(directory, "t.safetensors", bytes);
      if (length == GOLDEN.length) {
        assertThat(SafetensorsHeader.read(file).tensors()).hasSize(3);
      } else {
        assertThatThrownBy(() -> SafetensorsHeader.read(file))
            .isInstanceOf(MalformedFileException.class);
      }
    }
  }

  @Test
  void neverFailsInAnotherWayOnMutations() {
    long seed = 20231017;
    int runs = 4000;
    int accepted = 0;
    HeaderMutator mutator = new HeaderMutator(new SplittableRandom(seed));
    for (int run = 0; run < runs; run++) {
      byte[] bytes = mutator.mutate(GOLDEN);
      Path file = write(directory, "f.safetensors", bytes);
      try {
        SafetensorsHeader header = SafetensorsHeader.read(file);
        accepted++;
        assertThat(header.tensors().stream().mapToLong(TensorEntry::byteLength).sum())
            .as("seed %d, run %d", seed, run)
            .isEqualTo(bytes.length - header.dataStart());
      } catch (MalformedFileException e) {
        assertThat(e.getMessage())
            .as("seed %d, run %d", seed, run)
            .startsWith(file + ": ")
            .hasSizeLessThan(2000);
        assertThat(e.toString().chars().filter(Character::isISOControl).count()).isZero();
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ", run " + run, e);
      }
    }
    // Mutations of names and data leave a file right: both outcomes must have been met.
    assertThat(accepted).isBetween(runs / 50, runs * 49 / 50);
  }

  private static long allocated() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    return threads.getThreadAllocatedBytes(Thread.currentThread().getId());
  }

  private static byte[] golden() {
    return HexFormat.of()
        .parseHex(
            "e8000000000000007b225f5f6d657461646174615f5f223a7b22666f726d6174223a227074227d2c"
                + "227374657073223a7b226474797065223a22493634222c227368617065223a5b5d2c22646174615f"
                + "6f666673657473223a5b302c385d7d2c226c61796572732e302e776569676874223a7b2264747970"
                + "65223a22463332222c227368617065223a5b322c325d2c22646174615f6f666673657473223a5b38"
                + "2c32345d7d2c226c61796572732e302e62696173223a7b226474797065223a22463136222c227368"
                + "617065223a5b325d2c22646174615f6f666673657473223a5b32342c32385d7d7d20202020202020"
                + "07000000000000000000c03f000000c00000803e00008040003800bc");
  }
}
