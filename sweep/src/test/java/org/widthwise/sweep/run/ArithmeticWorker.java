package org.widthwise.sweep.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.widthwise.sweep.store.Claim;
import org.widthwise.sweep.store.SweepStore;

/** A process that works on a sweep until it is finished or killed. */
final class ArithmeticWorker {

  private ArithmeticWorker() {}

  /**
   * Its arguments: storage, a file to append the digest of each finished trial to, milliseconds.
   */
  public static void main(String[] args) throws InterruptedException {
    Path finished = Path.of(args[1]);
    try (SweepStore store = SweepStore.open(args[0])) {
      new SweepRunner(store, "a", new Arithmetic(Long.parseLong(args[2])), 2, Duration.ofMillis(50))
          .run(
              new SweepListener() {
                @Override
                public void ended(Claim trial, Ending ending, String message, Progress progress) {
                  if (ending == Ending.FINISHED) {
                    try {
                      Files.writeString(finished, trial.digest() + "\n", StandardOpenOption.APPEND);
                    } catch (IOException unwritable) {
                      throw new UncheckedIOException(unwritable);
                    }
                  }
                }
              });
    }
  }
}
