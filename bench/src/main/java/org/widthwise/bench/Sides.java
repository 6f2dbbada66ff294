package org.widthwise.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.widthwise.bench.Contest.Contestant;
import org.widthwise.bench.Contest.Rate;
import org.widthwise.bench.Contest.Ratio;

/** Both sides, ready to be asked a question. */
final class Sides implements AutoCloseable {
  private static final int MATRIX = 1024;

  final JvmWorker here;
  final @Nullable PythonWorker there;
  private final List<PythonWorker> single;
  private final @Nullable MemberTeam members;

  /** Starts what the question needs. */
  Sides(Question question, int threads, String python, Path script) {
    this.here = new JvmWorker(threads);
    this.there = PythonWorker.start(python, script, threads).orElse(null);
    boolean many = question == Question.MEMBERS;
    this.members = many ? new MemberTeam(threads) : null;
    this.single =
        many && there != null && threads > 1
            ? IntStream.range(0, threads)
                .mapToObj(i -> PythonWorker.start(python, script, 1).orElseThrow())
                .toList()
            : List.of();
  }

  List<Worker> workers() {
    List<Worker> workers = new ArrayList<>(List.of(here));
    if (there != null) {
      workers.add(there);
    }
    workers.addAll(single);
    return workers;
  }

  Contest contest(Question question, int threads) {
    return members == null ? frameworks(question.kind()) : members(members, threads);
  }

  private Contest frameworks(JobKind kind) {
    List<Contestant> contestants = new ArrayList<>();
    List<Rate> rates = new ArrayList<>();
    contestants.add(
        new Contestant("Widthwise", (width, time) -> here.millisPerStep(kind, width, time)));
    rates.add(new Rate("products here", time -> here.multiplicationRate(MATRIX, time)));
    List<Ratio> ratios = new ArrayList<>();
    PythonWorker python = there;
    if (python != null) {
      contestants.add(
          new Contestant("PyTorch", (width, time) -> python.millisPerStep(kind, width, time)));
      rates.add(new Rate("products there", time -> python.multiplicationRate(MATRIX, time)));
      ratios.add(new Ratio("Widthwise / PyTorch", 0, 1));
    }
    return new Contest(contestants, ratios, rates, Contest.Work.UNTOLD);
  }

  private Contest members(MemberTeam team, int threads) {
    List<Contestant> contestants = new ArrayList<>();
    List<Rate> rates = new ArrayList<>();
    List<Ratio> ratios = new ArrayList<>();
    contestants.add(new Contestant("%d members here".formatted(threads), team::millisPerStep));
    rates.add(new Rate("products here", time -> team.multiplicationRate(MATRIX, time)));
    PythonWorker python = there;
    if (python != null) {
      contestants.add(
          new Contestant(
              "PyTorch, 1 process of %d threads".formatted(threads),
              (width, time) -> python.millisPerStep(JobKind.PERCEPTRON, width, time)));
      ratios.add(new Ratio("that / here", 1, 0));
      rates.add(new Rate("products there", time -> python.multiplicationRate(MATRIX, time)));
    }
    if (!single.isEmpty()) {
      contestants.add(
          new Contestant(
              "PyTorch, %d processes of 1 thread, per member".formatted(threads),
              this::millisPerMember));
      ratios.add(new Ratio("that / here", 2, 0));
    }
    return new Contest(contestants, ratios, rates, PaperJob::compressedGigaflop);
  }

  /** All processes at a time, each with a network of its own. */
  private double millisPerMember(int width, double time) {
    single.forEach(process -> process.askForStep(JobKind.PERCEPTRON, width, time));
    double sum = single.stream().mapToDouble(PythonWorker::answer).sum();
    return sum / single.size() / single.size();
  }

  @Override
  public void close() {
    workers().forEach(Worker::close);
    if (members != null) {
      members.close();
    }
  }
}
