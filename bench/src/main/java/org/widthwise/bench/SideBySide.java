package org.widthwise.bench;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.widthwise.torch.engine.Libtorch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Times training steps here and in Python's PyTorch, and prints tables. */
@Command(
    name = "side-by-side",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Times training steps in float32 here and in Python's PyTorch, in alternating turns.",
      "Figures are medians over rounds with the smallest and largest in brackets; ratios are taken"
          + " round by round, so what slows the machine for both cancels."
    })
public final class SideBySide implements Callable<Integer> {
  /** Below this rate of matrix products, relative to ours, times do not compare the frameworks. */
  private static final double FAIR_RATE = 0.7;

  private static final long CHECKED_STEPS = 20;

  /** Twenty steps in single precision may differ by so much. */
  private static final double SAME_LOSS = 1e-2;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "JOB",
      arity = "0..*",
      defaultValue = "step",
      description = {
        "What to time (default: ${DEFAULT-VALUE}):",
        "  step         a full-batch step of the paper's network, 3072 → n → n → 1 on 200 examples,"
            + " by autograd",
        "  members      the same job per step and member: whole members on threads of their own"
            + " here (exact compression, another algorithm for the same numbers), one process of"
            + " all threads and as many processes of one thread in Python",
        "  transformer  a step of Adam of a transformer of width n, 4 blocks, 16 sequences of 64",
        "  resnet       a step of Adam of a residual network of width n, 32 images of 32 × 32"
      })
  private List<Question> questions;

  @Option(
      names = "--widths",
      split = ",",
      description = "The widths n (default: those of the job).")
  private List<Integer> widths = List.of();

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
    System.exit(
        new CommandLine(new SideBySide())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(arguments));
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
    for (Question question : questions) {
      for (int count : threads) {
        compare(question, count, out);
      }
    }
    return 0;
  }

  private void compare(Question question, int count, PrintWriter out) throws InterruptedException {
    List<Integer> asked = widths.isEmpty() ? question.widths() : widths;
    try (Sides sides = new Sides(question, count, python, worker)) {
      out.println("%s, %d thread(s)".formatted(question.name().toLowerCase(Locale.ROOT), count));
      out.println("here:  " + sides.here.description());
      out.println(sides.there == null ? skipped() : "there: " + sides.there.description());
      for (int width : asked) {
        compareLosses(question.kind(), width, sides, out);
      }
      out.println();
      out.flush();
      Comparison comparison =
          new Comparison(sides.contest(question, count), sides.workers(), seconds, tolerated);
      comparison.measure(asked, rounds);
      comparison.table().forEach(out::println);
      if (sides.there != null && comparison.relativeRate(1) < FAIR_RATE) {
        unfair().forEach(out::println);
      }
      out.println();
      out.flush();
    }
  }

  private static void compareLosses(JobKind kind, int width, Sides sides, PrintWriter out) {
    if (sides.there == null) {
      return;
    }
    double mine = sides.here.lossAfter(kind, width, CHECKED_STEPS);
    double theirs = sides.there.lossAfter(kind, width, CHECKED_STEPS);
    out.printf(
        Locale.ROOT,
        "loss after %d steps at n = %d: %.6f here, %.6f there%s%n",
        CHECKED_STEPS,
        width,
        mine,
        theirs,
        Math.abs(mine / theirs - 1) < SAME_LOSS ? "" : ": NOT THE SAME JOB");
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
