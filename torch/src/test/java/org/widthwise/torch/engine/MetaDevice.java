package org.widthwise.torch.engine;

import java.util.function.Supplier;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.DispatchKeySet;
import org.bytedeco.pytorch.ForceDispatchKeyGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.DispatchKey;

/**
 * Libtorch's {@code meta} device, which every build has: its tensors have shapes and types but no
 * numbers. It stands for any device that is not the CPU: operations refuse tensors of two devices,
 * and nothing that was made on the CPU by mistake is on it.
 */
public final class MetaDevice {

  private MetaDevice() {}

  /**
   * A tensor of the same shape and type there.
   *
   * @param tensor the tensor
   * @return another one, without numbers
   */
  public static Tensor here(Tensor tensor) {
    return tensor.to(new Device(DeviceType.Meta), Tensors.type(tensor));
  }

  /**
   * Makes something whose tensors are there. Modules cannot be moved there once they are made, so
   * that what they make has to be sent there while they do.
   *
   * @param <T> what is made
   * @param maker makes it
   * @return what it made
   */
  public static <T> T made(Supplier<T> maker) {
    try (DispatchKeySet there = new DispatchKeySet(DispatchKey.Meta);
        DispatchKeySet choice = new DispatchKeySet(DispatchKey.BackendSelect);
        ForceDispatchKeyGuard guard = new ForceDispatchKeyGuard(there, choice)) {
      return maker.get();
    }
  }
}
