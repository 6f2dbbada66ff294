package org.widthwise.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.widthwise.core.fit.PowerLaw;
import org.widthwise.core.fit.PowerLawFit;
import org.widthwise.torch.engine.Libtorch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures how time and memory grow, and prints the exponents beside those of theory. */
@Command(
    name = "growth",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures how time and memory grow with width, members, threads and tensors. Each point is"
          + " measured in a process of its own, whose memory is what it held at most, less that of"
          + " a process which loads libtorch and does nothing (Linux only). An exponent is the"
          + " slope of a line through the points in log-log, with its standard error; that of"
          + " theory is the slope of the count of operations, or of numbers held, through the same"
          + " points."
    })
public final class Growth implements Callable<Integer> {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String PEAK = "VmHWM:";
  private static final double KILOBYTES_PER_MEGABYTE = 1024;
  private static final double MILLIS = 1e3;

  /** Less than this is what any process differs by from another. */
  private static final double NOTICED_MEGABYTES = 20;

  /** Fewer points tell no exponent. */
  private static final int LEAST_POINTS = 2;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "JOB",
      arity = "0..*",
      description = "What to measure, of ${COMPLETION-CANDIDATES} (default: all).")
  private List<GrowthJob> jobs = List.of(GrowthJob.values());

  @Option(
      names = "--rounds",
      defaultValue = "3",
      description = "Processes for each point, of which the median counts (${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--seconds",
      defaultValue = "1",
      description = "How long a point is repeated in a process (${DEFAULT-VALUE}).")
  private double seconds;

  @Option(names = "--point", hidden = true, description = "Measures one point in this process.")
  private @Nullable Integer point;

  @Option(names = "--nothing", hidden = true, description = "Loads libtorch in this process.")
  private boolean nothing;

  private Growth() {}

  /**
   * Runs the command and exits.
   *
   * @param arguments the command line
   */
  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new Growth()).setCaseInsensitiveEnumValuesAllowed(true).execute(arguments));
  }

  /** A point as its process told it: milliseconds and, where they are known, megabytes. */
  record Measured(double millis, double megabytes) {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    if (rounds < 1 || !(seconds > 0)) {
      throw new CommandLine.ParameterException(
          spec.commandLine(),
          "a measurement needs 1 or more rounds of more than 0 seconds, but got %d of %s"
              .formatted(rounds, seconds));
    }
    if (nothing || point != null) {
      Libtorch.load();
      double took = point == null ? 0 : MILLIS * measured(jobs.get(0), point);
      out.println(took + " " + peakMegabytes().orElse(Double.NaN));
      out.flush();
      return 0;
    }
    double empty = child(List.of("--nothing")).megabytes();
    for (GrowthJob job : jobs) {
      List<Measured> measured = new ArrayList<>();
      for (int at : job.points()) {
        measured.add(median(job, at, empty));
      }
      table(job, measured).forEach(out::println);
      out.flush();
    }
    return 0;
  }

  private double measured(GrowthJob job, int at) {
    Pace pace = new Pace();
    Pace.Repeatable work = job.at(at);
    // The first finds the pace, and warms what is compiled as it runs.
    pace.run(work, seconds);
    return pace.run(work, seconds);
  }

  private Measured median(GrowthJob job, int at, double empty)
      throws IOException, InterruptedException {
    Samples millis = new Samples();
    Samples megabytes = new Samples();
    for (int i = 0; i < rounds; i++) {
      Measured one = child(List.of(job.name(), "--point", String.valueOf(at)));
      millis.add(one.millis());
      megabytes.add(one.megabytes() - empty);
    }
    return new Measured(millis.median(), megabytes.median());
  }

  private Measured child(List<String> arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Growth.class.getName()));
    command.addAll(arguments);
    command.addAll(List.of("--seconds", String.valueOf(seconds)));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String[] words =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .strip()
            .split(" ", -1);
    if (process.waitFor() != 0 || words.length != 2) {
      throw new IllegalStateException(
          "the process of %s failed and said '%s'".formatted(arguments, String.join(" ", words)));
    }
    return new Measured(Double.parseDouble(words[0]), Double.parseDouble(words[1]));
  }

  private static OptionalDouble peakMegabytes() {
    try (var lines = Files.lines(STATUS)) {
      return lines
          .filter(line -> line.startsWith(PEAK))
          .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")))
          .map(kilobytes -> kilobytes / KILOBYTES_PER_MEGABYTE)
          .findFirst();
    } catch (IOException notLinux) {
      return OptionalDouble.empty();
    }
  }

  static List<String> table(GrowthJob job, List<Measured> measured) {
    List<String> lines = new ArrayList<>();
    lines.add(job.title() + ":");
    lines.add("");
    lines.add("| %s | ms | MB |".formatted(job.axis()));
    lines.add("| ---: | ---: | ---: |");
    for (int i = 0; i < measured.size(); i++) {
      Measured one = measured.get(i);
      lines.add(
          "| %d | %s | %s |"
              .formatted(
                  job.points().get(i),
                  Samples.digits(one.millis()),
                  one.megabytes() < NOTICED_MEGABYTES
                      ? "< %.0f".formatted(NOTICED_MEGABYTES)
                      : Double.isNaN(one.megabytes()) ? "–" : Samples.digits(one.megabytes())));
    }
    lines.add("");
    lines.add("| growth | points | measured | theory |");
    lines.add("| --- | --- | ---: | ---: |");
    List<Integer> all = job.points();
    exponent("time", all, measured.stream().map(Measured::millis).toList(), job::operations)
        .ifPresent(lines::add);
    int upper = all.size() / 2;
    if (all.size() - upper > LEAST_POINTS) {
      exponent(
              "time",
              all.subList(upper, all.size()),
              measured.subList(upper, all.size()).stream().map(Measured::millis).toList(),
              job::operations)
          .ifPresent(lines::add);
    }
    List<Integer> noticed = new ArrayList<>();
    List<Double> megabytes = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      if (measured.get(i).megabytes() >= NOTICED_MEGABYTES) {
        noticed.add(all.get(i));
        megabytes.add(measured.get(i).megabytes());
      }
    }
    exponent("memory", noticed, megabytes, job::numbers).ifPresent(lines::add);
    lines.add("");
    return lines;
  }

  private static Optional<String> exponent(
      String what, List<Integer> points, List<Double> values, DoubleUnaryOperator theory) {
    if (points.size() < LEAST_POINTS) {
      return Optional.empty();
    }
    double[] x = points.stream().mapToDouble(Integer::doubleValue).toArray();
    PowerLawFit fit = PowerLaw.fit(x, values.stream().mapToDouble(Double::doubleValue).toArray());
    double[] predicted = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      predicted[i] = theory.applyAsDouble(x[i]);
    }
    OptionalDouble error = fit.exponentStandardError();
    return Optional.of(
        String.format(
            Locale.ROOT,
            "| %s | %d…%d | %.2f%s | %.2f |",
            what,
            points.get(0),
            points.get(points.size() - 1),
            fit.exponent(),
            error.isPresent() ? " ± %.2f".formatted(error.getAsDouble()) : "",
            PowerLaw.fit(x, predicted).exponent()));
  }
}
