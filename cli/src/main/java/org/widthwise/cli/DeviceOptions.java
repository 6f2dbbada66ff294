package org.widthwise.cli;

import org.widthwise.torch.engine.ComputeDevice;
import org.widthwise.torch.engine.DeviceChoice;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The option that says where to train. */
final class DeviceOptions {

  private static final String CPU = "cpu";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--device",
      paramLabel = "NAME",
      description =
          "where tensors lie: cpu, cuda or cuda:N for an NVIDIA GPU, or auto for a GPU if there is"
              + " one, see docs/gpu.md (default: cpu)")
  private String device = CPU;

  /** Refuses words that name no device, before anything is loaded. */
  void requireSense() {
    choice();
  }

  /** Whether anything but the CPU is asked for. */
  boolean isOther() {
    return !device.equals(CPU);
  }

  private DeviceChoice choice() {
    try {
      return DeviceChoice.named(device);
    } catch (IllegalArgumentException unknown) {
      throw bad(unknown);
    }
  }

  /** The device, which is there. Loads libtorch unless it is the CPU. */
  ComputeDevice device() {
    DeviceChoice choice = choice();
    if (isOther()) {
      LibtorchNotices.load(spec.commandLine().getErr());
    }
    try {
      return choice.resolve();
    } catch (IllegalArgumentException missing) {
      throw bad(missing);
    }
  }

  private ParameterException bad(IllegalArgumentException reason) {
    return new ParameterException(
        spec.commandLine(), "--device %s: %s".formatted(device, reason.getMessage()), reason);
  }

  /**
   * How many networks are trained at a time if nobody says: on a GPU they share its memory, and for
   * how many there is room the user knows.
   */
  static int usualThreads(ComputeDevice device) {
    return device.isCpu() ? Runtime.getRuntime().availableProcessors() : 1;
  }
}
