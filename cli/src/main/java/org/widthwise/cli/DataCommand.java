package org.widthwise.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.widthwise.lab.data.Cifar10Download;
import org.widthwise.lab.data.DataLocator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code widthwise data}. */
@Command(
    name = "data",
    mixinStandardHelpOptions = true,
    description = "Gets data sets.",
    subcommands = DataCommand.Fetch.class)
final class DataCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(), "say what to do: 'widthwise data fetch cifar10'");
  }

  /** {@code widthwise data fetch}. */
  @Command(
      name = "fetch",
      mixinStandardHelpOptions = true,
      description = "Downloads a data set into the user's cache; goes on where it was cut off.")
  static final class Fetch implements Callable<Integer> {

    private static final String CIFAR10 = "cifar10";
    private static final double MEBIBYTE = 1 << 20;

    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "cifar10 (170 MB)")
    private String name;

    @Option(
        names = "--into",
        paramLabel = "DIR",
        description = "another place than the cache; name it to --data later")
    private @Nullable Path into;

    @Override
    public Integer call() {
      if (!name.toLowerCase(Locale.ROOT).replace("-", "").equals(CIFAR10)) {
        throw new ParameterException(
            spec.commandLine(), "unknown data set '%s': known are cifar10".formatted(name));
      }
      Path target = into == null ? DataLocator.ofSystem().cache() : into;
      Bar bar = new Bar(spec.commandLine().getErr());
      Path directory = Cifar10Download.into(target).run(bar::show);
      bar.end();
      spec.commandLine().getOut().println(directory);
      return 0;
    }

    /** The share of the bytes that are there: one line on a terminal, else one for each tenth. */
    private static final class Bar {

      private static final int CELLS = 30;
      private static final int TENTHS = 10;

      private final PrintWriter err;
      private final ProgressLine display;
      private final long start = System.nanoTime();
      private long firstBytes = -1;
      private long lastTenth = -1;

      Bar(PrintWriter err) {
        this.err = err;
        this.display = new ProgressLine(err);
      }

      void show(long bytes, long total) {
        if (firstBytes < 0) {
          firstBytes = bytes;
        }
        double share = total > 0 ? (double) bytes / total : 0;
        long tenth = (long) (share * (display.isOnTerminal() ? 1000 : TENTHS));
        if (tenth == lastTenth) {
          return;
        }
        lastTenth = tenth;
        int full = (int) (share * CELLS);
        double seconds = (System.nanoTime() - start) / 1e9;
        double left = (total - bytes) * seconds / Math.max(1, bytes - firstBytes);
        display.show(
            String.format(
                Locale.ROOT,
                "[%s%s] %.0f of %.0f MiB, %s to go",
                "#".repeat(full),
                " ".repeat(CELLS - full),
                bytes / MEBIBYTE,
                total / MEBIBYTE,
                TimeToGo.words(Duration.ofSeconds((long) left))));
      }

      void end() {
        if (display.isOnTerminal() && lastTenth >= 0) {
          err.println();
        }
      }
    }
  }
}
