package org.widthwise.torch.monitor;

import java.nio.file.Path;
import java.time.Clock;

/**
 * Where observations can go. Files are made with the first observation and are complete up to the
 * last one at any time. What cannot be written is an {@link java.io.UncheckedIOException}.
 */
public final class MonitorSinks {

  private MonitorSinks() {}

  /**
   * A CSV file with a header and a row for each step and parameter: {@code step}, {@code
   * parameter}, {@code role}, {@code layer}, {@code fan_out}, {@code fan_in}, {@code target} and
   * the {@linkplain Quantity#id() quantities}, those of features only with a probe, those since the
   * start only if they are measured. A cell is empty where a quantity does not apply and {@code
   * NaN} where the value is none.
   *
   * <p>A file of an earlier training is continued: its rows before the first step that is observed
   * are kept and later ones replaced. If that would replace all of them, or its columns are others,
   * the first observation is an {@link IllegalArgumentException}.
   *
   * @param path the file
   * @return the sink
   */
  public static MonitorSink csv(Path path) {
    return new CsvSink(path);
  }

  /**
   * A file of JSON objects, one on a line for each step and parameter, with the keys of {@link
   * #csv}; null where a quantity does not apply or the value is none. It is continued likewise.
   *
   * @param path the file
   * @return the sink
   */
  public static MonitorSink jsonLines(Path path) {
    return new JsonLinesSink(path);
  }

  /**
   * An event file for TensorBoard, {@code events.out.tfevents.<seconds>.<host>}, a new one for each
   * monitor, with scalars named {@code <quantity>/<parameter>}.
   *
   * @param directory the directory to give to {@code tensorboard --logdir}
   * @return the sink
   */
  public static MonitorSink tensorBoard(Path directory) {
    return new TensorBoardSink(directory, Clock.systemUTC());
  }
}
