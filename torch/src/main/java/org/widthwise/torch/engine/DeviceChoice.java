package org.widthwise.torch.engine;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which device somebody asks for, before it is known what is there: in words {@code cpu}, {@code
 * cuda}, {@code cuda:1} and so on, or {@code auto}. Reading the words loads no library.
 *
 * @param kind what is asked for
 * @param index which CUDA device; empty for the first one, and for what is no CUDA device
 */
public record DeviceChoice(Kind kind, OptionalInt index) {

  /** The CPU. */
  public static final DeviceChoice CPU = new DeviceChoice(Kind.CPU, OptionalInt.empty());

  private static final Pattern NUMBERED = Pattern.compile("cuda:([0-9]{1,3})");

  /** What can be asked for. */
  public enum Kind {
    /** The CPU, whatever else is there. */
    CPU,
    /** A CUDA device, without which there is an error. */
    CUDA,
    /** The first CUDA device if one can be used, else the CPU. */
    AUTO
  }

  /**
   * Reads the words.
   *
   * @param words {@code cpu}, {@code cuda}, {@code cuda:N} or {@code auto}
   * @return the choice
   * @throws IllegalArgumentException if they are none of these
   */
  public static DeviceChoice named(String words) {
    Matcher numbered = NUMBERED.matcher(words);
    if (numbered.matches()) {
      int index = Integer.parseInt(numbered.group(1));
      return new DeviceChoice(Kind.CUDA, OptionalInt.of(ComputeDevice.cuda(index).index()));
    }
    return switch (words) {
      case "cpu" -> CPU;
      case "cuda" -> new DeviceChoice(Kind.CUDA, OptionalInt.empty());
      case "auto" -> new DeviceChoice(Kind.AUTO, OptionalInt.empty());
      default ->
          throw new IllegalArgumentException(
              "a device is cpu, cuda, cuda:N with N from 0, or auto, but not '%s'"
                  .formatted(words));
    };
  }

  /**
   * The device, as things are on this machine. Loads libtorch unless the CPU is asked for.
   *
   * @return the device
   * @throws IllegalArgumentException if a CUDA device is asked for that cannot be used; the message
   *     says why, and what to do
   */
  public ComputeDevice resolve() {
    return kind == Kind.CPU ? ComputeDevice.CPU : resolve(CudaStatus.here());
  }

  /**
   * The device, as things are.
   *
   * @param cuda what there is of CUDA
   * @return the device
   * @throws IllegalArgumentException if a CUDA device is asked for that cannot be used
   */
  ComputeDevice resolve(CudaStatus cuda) {
    return switch (kind) {
      case CPU -> ComputeDevice.CPU;
      case AUTO -> cuda.isUsable() ? ComputeDevice.cuda(0) : ComputeDevice.CPU;
      case CUDA -> {
        int wanted = index.orElse(0);
        if (!cuda.isUsable()) {
          throw new IllegalArgumentException(
              "no CUDA device can be used, only the cpu: " + cuda.missing());
        }
        if (wanted >= cuda.devices()) {
          throw new IllegalArgumentException(
              "there is no cuda:%d: the CUDA devices here are cuda:0%s"
                  .formatted(
                      wanted, cuda.devices() == 1 ? "" : " to cuda:" + (cuda.devices() - 1)));
        }
        yield ComputeDevice.cuda(wanted);
      }
    };
  }
}
