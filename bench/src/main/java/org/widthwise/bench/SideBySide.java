package org.widthwise.bench;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.widthwise.torch.engine.Libtorch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Times the paper's training step here and in Python's PyTorch, and prints tables. */
@Command(
    name = "side-by-side",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Times a full-batch training step of the paper's network, 3072 → n → n → 1 on 200 examples,"
          + " float32, here and in Python's PyTorch, in alternating turns.",
      "Figures are medians over rounds with the smallest and largest in brackets; ratios are taken"
          + " round by round, so what slows the machine for both cancels."
    })
public final class SideBySide implements Callable<Integer> {
  /** Below this rate of matrix products, relative to ours, times do not compare the frameworks. */
  private static final double FAIR_RATE = 0.7;

  @Spec private CommandSpec spec;

  @Option(
      names = "--widths",
      split = ",",
      defaultValue = "16,64,256,1024",
      description = "The widths n (default: ${DEFAULT-VALUE}).")
  private List<Integer> widths;

  @Option(
      names = "--threads",
      split = ",",
      defaultValue = "2,1",
      description = "Threads an operation may use, one table each (default: ${DEFAULT-VALUE}).")
  private List<Integer> threads;

  @Option(
      names = "--rounds",
      defaultValue = "7",
      description = "Rounds that count (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--seconds",
      defaultValue = "1",
      description = "How long a turn takes (default: ${DEFAULT-VALUE}).")
  private double seconds;

  @Option(
      names = "--others-below",
      defaultValue = "Infinity",
      description =
          "Repeats a turn, up to 60 times, while other programs use more processors than this, such"
              + " as 0.1 (Linux only).")
  private double tolerated;

  @Option(
      names = "--python",
      defaultValue = "${env:PYTHON:-/usr/bin/python3}",
      description =
          "A Python with PyTorch; the variable PYTHON sets it too (default: ${DEFAULT-VALUE}).")
  private String python;

  @Option(names = "--worker", required = true, hidden = true)
  private Path worker;

  /** A command whose options picocli sets. */
  public SideBySide() {}

  /**
   * Runs the command and exits.
   *
   * @param arguments the command line
   */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new SideBySide()).execute(arguments));
  }

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    if (rounds < 1 || !(seconds > 0)) {
      throw new CommandLine.ParameterException(
          spec.commandLine(),
          "a comparison needs 1 or more rounds of more than 0 seconds, but got %d of %s"
              .formatted(rounds, seconds));
    }
    Libtorch.warnings(System.getenv()).forEach(out::println);
    for (int count : threads) {
      compare(count, out);
    }
    return 0;
  }

  private void compare(int count, PrintWriter out) throws InterruptedException {
    Optional<PythonWorker> started = PythonWorker.start(python, worker, count);
    try (JvmWorker here = new JvmWorker(count)) {
      out.println("here:  " + here.description());
      out.println(started.map(there -> "there: " + there.description()).orElse(skipped()));
      Comparison comparison = new Comparison(count, here, started.orElse(null), seconds, tolerated);
      comparison.checkLosses(widths).forEach(out::println);
      out.println();
      out.flush();
      comparison.measure(widths, rounds);
      comparison.table().forEach(out::println);
      if (comparison.relativeRate() < FAIR_RATE) {
        unfair().forEach(out::println);
      }
      out.println();
      out.flush();
    } finally {
      started.ifPresent(PythonWorker::close);
    }
  }

  private String skipped() {
    return "there: SKIPPED, since "
        + python
        + " cannot import torch. Install it (Debian and Ubuntu: apt-get install python3-torch"
        + " libopenblas0-openmp) or name another Python by --python or the variable PYTHON.";
  }

  private static List<String> unfair() {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add(
        "NOT A FAIR COMPARISON: the other side multiplies matrices much more slowly, so its BLAS is"
            + " measured and not PyTorch.");
    lines.add(
        "Debian's python3-torch calls libblas.so.3, by default the unoptimised reference BLAS."
            + " Installing libopenblas0-openmp (or -pthread) puts OpenBLAS in its place; see"
            + " update-alternatives --display libblas.so.3-x86_64-linux-gnu.");
    return lines;
  }
}
