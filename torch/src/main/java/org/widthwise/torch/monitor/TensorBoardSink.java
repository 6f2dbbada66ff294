package org.widthwise.torch.monitor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** Scalars for TensorBoard, one for each quantity of each parameter. */
final class TensorBoardSink implements MonitorSink {

  private static final double MILLIS = 1e3;

  private final Path directory;
  private final Clock clock;
  private @Nullable EventFile file;

  TensorBoardSink(Path directory, Clock clock) {
    this.directory = directory;
    this.clock = clock;
  }

  @Override
  public void onObservation(Observation observation) {
    EventMessage summary = EventMessage.summary();
    for (LayerSizes layer : observation.layers()) {
      layer
          .values()
          .forEach(
              (quantity, value) ->
                  summary.addValue(quantity.id() + "/" + layer.parameter(), value.floatValue()));
    }
    if (file == null) {
      file = open();
      file.write(EventMessage.fileVersion(seconds()));
    }
    file.write(EventMessage.event(seconds(), observation.step(), summary));
  }

  private double seconds() {
    return clock.millis() / MILLIS;
  }

  /** TensorBoard reads every file in a directory whose name holds {@code tfevents}. */
  private EventFile open() {
    String name = "events.out.tfevents.%d.%s".formatted(clock.instant().getEpochSecond(), host());
    try {
      Files.createDirectories(directory);
      for (int attempt = 0; ; attempt++) {
        try {
          return new EventFile(directory.resolve(attempt == 0 ? name : name + "." + attempt));
        } catch (FileAlreadyExistsException another) {
          // Begun in the same second.
        }
      }
    } catch (IOException unwritable) {
      throw new UncheckedIOException(
          "no event file can be made in " + directory.toAbsolutePath(), unwritable);
    }
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException nameless) {
      return "localhost";
    }
  }

  @Override
  public void close() {
    if (file != null) {
      file.close();
    }
  }
}
