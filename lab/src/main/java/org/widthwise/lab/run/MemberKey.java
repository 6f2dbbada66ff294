package org.widthwise.lab.run;

import java.util.Comparator;
import java.util.Locale;
import java.util.Objects;

/**
 * Which member of a study: one network, trained once.
 *
 * @param series the group that it belongs to, such as {@code mup}: letters, digits, hyphens,
 *     underscores and dots
 * @param x where it stands on the abscissa, such as its width
 * @param trial the trial, from 0
 */
public record MemberKey(String series, long x, int trial) implements Comparable<MemberKey> {

  private static final Comparator<MemberKey> ORDER =
      Comparator.comparing(MemberKey::series)
          .thenComparingLong(MemberKey::x)
          .thenComparingInt(MemberKey::trial);

  /**
   * Checks that nothing is missing, as it may be in a file.
   *
   * @param series the group that it belongs to
   * @param x where it stands on the abscissa
   * @param trial the trial, from 0
   * @throws IllegalArgumentException if the series cannot be part of a file's name
   */
  public MemberKey {
    Objects.requireNonNull(series, "series");
    if (!series.matches("[A-Za-z0-9._-]+")) {
      throw new IllegalArgumentException(
          "a series consists of letters, digits, hyphens, underscores and dots, unlike '%s'"
              .formatted(series));
    }
  }

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
