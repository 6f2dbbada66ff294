package org.widthwise.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** How long something will go on. */
final class TimeToGo {

  private TimeToGo() {}

  /** The rest of the time, if the share above 0 that is done took so long. */
  static Duration after(Duration elapsed, double share) {
    return Duration.ofMillis(Math.round(elapsed.toMillis() * (1 - share) / share));
  }

  /** In hours and minutes, or minutes and seconds. */
  static String words(Duration duration) {
    long seconds = duration.toSeconds();
    return seconds >= 3600
        ? String.format(Locale.ROOT, "%d h %02d min", seconds / 3600, seconds % 3600 / 60)
        : String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
  }

  /** The end of a line about progress; nothing where it is not known. */
  static String ending(Optional<Duration> duration) {
    return duration.map(known -> ", " + words(known) + " to go").orElse("");
  }
}
