package org.widthwise.torch.engine;

import org.bytedeco.pytorch.global.torch;

/**
 * What there is of CUDA: in this build of libtorch, and on this machine.
 *
 * @param built whether the build has it
 * @param driver NVIDIA's driver
 * @param devices how many devices libtorch can use
 */
public record CudaStatus(boolean built, NvidiaDriver driver, int devices) {

  /** Where it is told how to get what is missing. */
  static final String PAGE = "docs/gpu.md";

  /**
   * What is here. Loads libtorch.
   *
   * @return the status
   */
  public static CudaStatus here() {
    Libtorch.load();
    return new CudaStatus(
        NativeFiles.areOfCuda(), NvidiaDriver.here(), Math.max(0, torch.cuda_device_count()));
  }

  /**
   * Whether tensors can lie on a CUDA device.
   *
   * @return true if there is one
   */
  public boolean isUsable() {
    return devices > 0;
  }

  /**
   * Why no CUDA device can be used, and what to do.
   *
   * @return a sentence without its stop; empty if there is one
   */
  public String missing() {
    if (isUsable()) {
      return "";
    }
    if (!built) {
      return "this build of libtorch has no CUDA; with WIDTHWISE_PROFILE=cuda in the environment"
          + " another one is built that has it, see "
          + PAGE;
    }
    return driver
        .missing()
        .orElseGet(
            () ->
                ("the driver (%s) and its devices are here, but libtorch can use none: CUDA 13 asks"
                        + " for a driver of version %d or newer, and CUDA_VISIBLE_DEVICES must not"
                        + " hide them")
                    .formatted(driver.version().orElse("unknown"), NvidiaDriver.OLDEST));
  }
}
