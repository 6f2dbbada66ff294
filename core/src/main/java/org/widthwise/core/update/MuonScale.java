package org.widthwise.core.update;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.widthwise.core.shape.Fans;

/**
 * The number by which Muon multiplies the orthogonalised momentum. Three conventions are in use,
 * and they are named differently everywhere.
 *
 * <p>The number is part of the raw update, so that a plan which does not scale rates (SP) gives the
 * published optimizer, while one that does divides the number out: no convention can be applied on
 * top of another.
 */
public enum MuonScale {
  /** None: the update has spectral norm 1. */
  UNIT {
    @Override
    public double factor(Fans fans) {
      return 1;
    }
  },
  /**
   * √max(1, fan-out/fan-in), as in K. Jordan's code of 2024 and in PyTorch's Muon with {@code
   * adjust_lr_fn="original"}: the target of Condition 1 where the map widens, and 1 where it
   * narrows.
   */
  KELLER_JORDAN {
    @Override
    public double factor(Fans fans) {
      return Math.sqrt(Math.max(1, (double) fans.fanOut() / fans.fanIn()));
    }
  },
  /**
   * 0.2·√max(fan-in, fan-out), which gives entries a root mean square of 0.2 as Adam's tend to have
   * (J. Liu et al., "Muon is scalable for LLM training", arXiv:2502.16982), and is PyTorch's {@code
   * adjust_lr_fn="match_rms_adamw"}. At one rate for all widths the update's spectral norm grows as
   * their square root.
   */
  ADAM_RMS {
    @Override
    public double factor(Fans fans) {
      return 0.2 * Math.sqrt((double) Math.max(fans.fanIn(), fans.fanOut()));
    }
  },
  /** √(fan-out/fan-in), the target of Condition 1 itself, as in Scion, Modula and Dion. */
  SPECTRAL {
    @Override
    public double factor(Fans fans) {
      return fans.targetSpectralNorm();
    }
  };

  /**
   * The number.
   *
   * @param fans the parameter's dimensions
   * @return the spectral norm that the convention gives an update
   */
  public abstract double factor(Fans fans);

  /**
   * The name used in files and options.
   *
   * @return the constant's name in lower case, with hyphens
   */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Finds a convention by its {@linkplain #id() name}.
   *
   * @param id the name, in any case
   * @return the convention
   * @throws IllegalArgumentException if there is none of that name
   */
  public static MuonScale named(String id) {
    for (MuonScale scale : values()) {
      if (scale.id().equalsIgnoreCase(id)) {
        return scale;
      }
    }
    throw new IllegalArgumentException(
        "unknown scale of Muon '%s': known are %s"
            .formatted(
                id, Arrays.stream(values()).map(MuonScale::id).collect(Collectors.joining(", "))));
  }
}
