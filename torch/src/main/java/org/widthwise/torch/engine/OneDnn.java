package org.widthwise.torch.engine;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What must be known of oneDNN, which computes libtorch's float32 convolutions on x86 processors.
 */
public final class OneDnn {

  /** A multiple of every vector length, in float32 values, by which oneDNN blocks channels. */
  public static final int BLOCK = 16;

  private static final Path CACHES = Path.of("/sys/devices/system/cpu/cpu0/cache/index0");

  private static final boolean WHOLE_BLOCKS_ONLY =
      System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("linux")
          && System.getProperty("os.arch").equals("amd64")
          && !Files.exists(CACHES);

  private OneDnn() {}

  /**
   * Whether convolutions whose channels are no multiple of {@link #BLOCK} come out wrong on this
   * machine.
   *
   * <p>oneDNN 3.7.1 (seen in libtorch 2.10 and 2.7.1) leaves what completes the last block as it
   * was in memory when it lays a tensor out anew, where the processor does not say how large its
   * caches are, as in some virtual machines: now and then results and gradients are NaN.
   * Convolutions over whole blocks were right there too. Linux does not list a processor's caches
   * either in that case, which is what is looked at.
   *
   * <p>{@link org.widthwise.torch.nn.ResNet} adds channels of zeros there. A module of your own
   * needs widths that are multiples of {@link #BLOCK} (inputs of up to 3 channels are fine), or
   * {@code torch.globalContext().setUserEnabledMkldnn(false)}, which costs a factor of 3 to 8 in
   * time.
   *
   * @return true on such a machine
   */
  public static boolean needsWholeBlocks() {
    return WHOLE_BLOCKS_ONLY;
  }

  /**
   * How many channels of zeros complete the last block.
   *
   * @param channels how many there are
   * @return 0 to {@code BLOCK − 1}
   */
  public static long missing(long channels) {
    return Math.floorMod(-channels, (long) BLOCK);
  }
}
