package org.widthwise.lab.run;

import java.util.Comparator;
import java.util.Locale;

/**
 * Which member of an experiment: one network, trained once.
 *
 * @param series the curve that it belongs to, such as {@code mup}
 * @param x where it stands on the abscissa, such as its width
 * @param trial the trial, from 0
 */
public record MemberKey(String series, long x, int trial) implements Comparable<MemberKey> {

  private static final Comparator<MemberKey> ORDER =
      Comparator.comparing(MemberKey::series)
          .thenComparingLong(MemberKey::x)
          .thenComparingInt(MemberKey::trial);

  @Override
  public int compareTo(MemberKey other) {
    return ORDER.compare(this, other);
  }

  /**
   * A name for files, such as {@code mup-64-3}.
   *
   * @return series, x and trial
   */
  public String fileName() {
    return String.format(Locale.ROOT, "%s-%d-%d", series, x, trial);
  }
}
