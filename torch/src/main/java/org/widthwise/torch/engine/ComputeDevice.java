package org.widthwise.torch.engine;

import java.util.Locale;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.DeviceType;

/**
 * Where tensors lie and are computed with: the CPU, or one CUDA device.
 *
 * <p>First weights and batches are made on the CPU, from a seed the same bits everywhere, and moved
 * from there; what is computed from a tensor lies where the tensor does. Networks trained on two
 * devices agree to rounding and not to the bit.
 *
 * @param kind which kind of device
 * @param index which of them, counted from 0; 0 for the CPU
 */
public record ComputeDevice(Kind kind, int index) {

  /** The CPU. */
  public static final ComputeDevice CPU = new ComputeDevice(Kind.CPU, 0);

  private static final int MOST_INDEX = Byte.MAX_VALUE;

  /** The kinds of device. */
  public enum Kind {
    /** The processor, with the machine's memory. */
    CPU,
    /** An NVIDIA GPU. */
    CUDA;

    /**
     * The name used in files and options.
     *
     * @return the constant's name in lower case
     */
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Checks the index.
   *
   * @param kind which kind of device
   * @param index which of them
   * @throws IllegalArgumentException if it is negative, greater than libtorch can count, or not 0
   *     for the CPU
   */
  public ComputeDevice {
    if (index < 0 || index > (kind == Kind.CPU ? 0 : MOST_INDEX)) {
      throw new IllegalArgumentException(
          "devices are cpu, and cuda:0 to cuda:%d; there is no %s:%d"
              .formatted(MOST_INDEX, kind.id(), index));
    }
  }

  /**
   * A CUDA device, whether it is there or not; {@link DeviceChoice#resolve()} asks.
   *
   * @param index which, counted from 0
   * @return the device
   * @throws IllegalArgumentException if the index is negative or greater than libtorch can count
   */
  public static ComputeDevice cuda(int index) {
    return new ComputeDevice(Kind.CUDA, index);
  }

  /**
   * Whether it is the CPU.
   *
   * @return false for a CUDA device
   */
  public boolean isCpu() {
    return kind == Kind.CPU;
  }

  /**
   * The name used in files and options.
   *
   * @return {@code cpu}, or {@code cuda:0} and so on
   */
  public String id() {
    return isCpu() ? kind.id() : kind.id() + ":" + index;
  }

  /**
   * A tensor here. Autograd follows.
   *
   * @param tensor the tensor, wherever it is
   * @return the tensor itself if it is here, else a copy, which belongs to the scope that is open
   *     at the call
   */
  public Tensor here(Tensor tensor) {
    return isCpu() ? tensor.cpu() : tensor.to(device(), Tensors.type(tensor));
  }

  /**
   * Moves the parameters and buffers of a module here, before an optimizer or a monitor is made of
   * them. Their handles stay as they are.
   *
   * @param module the module
   */
  public void take(Module module) {
    module.to(device(), false);
  }

  private Device device() {
    return isCpu() ? new Device(DeviceType.CPU) : new Device(DeviceType.CUDA, (byte) index);
  }
}
