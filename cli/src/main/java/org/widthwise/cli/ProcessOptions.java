package org.widthwise.cli;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.widthwise.torch.distributed.RosterCall;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of a training that several processes share. */
final class ProcessOptions {

  static final String NPROC = "--nproc";

  private static final int USUAL_PORT = 29500;
  private static final int LAST_PORT = 65535;
  private static final int MOST = 1024;
  private static final long LONGEST_TIMEOUT = 86_400;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = NPROC,
      paramLabel = "N",
      description = "train with N processes on this host, which share each batch (default: 1)")
  private @Nullable Integer nproc;

  @Option(
      names = "--master-addr",
      paramLabel = "HOST",
      description =
          "for processes on several hosts, each started with this command and a --rank of its own:"
              + " the host of rank 0, by a name or address that all reach")
  private @Nullable String masterAddress;

  @Option(
      names = "--master-port",
      paramLabel = "PORT",
      description = "a free port there (default: 29500; with --nproc any that is free)")
  private @Nullable Integer masterPort;

  @Option(
      names = "--rank",
      paramLabel = "N",
      description = "which of the processes this is, from 0; rank 0 prints and keeps the results")
  private @Nullable Integer rank;

  @Option(names = "--world-size", paramLabel = "N", description = "how many processes there are")
  private @Nullable Integer worldSize;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description =
          "how long a process waits for the others, at the start and in each step, before it ends"
              + " with an error (default: 60)")
  private long timeout = 60;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description =
          "threads of an operation in each process (default: the processors over --nproc)")
  private @Nullable Integer threads;

  void requireSense() {
    boolean joins = masterAddress != null || rank != null || worldSize != null;
    if (nproc != null && joins) {
      throw bad(
          "--nproc starts all processes on this host; --master-addr, --rank and --world-size are"
              + " for those that are started one by one");
    }
    if (nproc != null && (nproc < 1 || nproc > MOST)) {
      throw bad("--nproc takes from 1 to %d processes, not %d".formatted(MOST, nproc));
    }
    if (joins && (masterAddress == null || rank == null || worldSize == null)) {
      throw bad("--master-addr, --rank and --world-size belong together: give all three");
    }
    if (masterAddress != null && masterAddress.isBlank()) {
      throw bad("--master-addr is empty: name the host of rank 0");
    }
    if (worldSize != null && (worldSize < 1 || worldSize > MOST)) {
      throw bad("--world-size takes from 1 to %d processes, not %d".formatted(MOST, worldSize));
    }
    if (rank != null && worldSize != null && (rank < 0 || rank >= worldSize)) {
      throw bad(
          "--rank takes from 0 to %d, since --world-size is %d; not %d"
              .formatted(worldSize - 1, worldSize, rank));
    }
    if (masterPort != null && nproc == null && !joins) {
      throw bad("--master-port: it is for --nproc, or with --master-addr");
    }
    if (masterPort != null && (masterPort < 1 || masterPort > LAST_PORT)) {
      throw bad("--master-port takes from 1 to %d, not %d".formatted(LAST_PORT, masterPort));
    }
    if (timeout < 1 || timeout > LONGEST_TIMEOUT) {
      throw bad("--timeout takes from 1 to %d seconds, not %d".formatted(LONGEST_TIMEOUT, timeout));
    }
    if (threads != null && threads < 1) {
      throw bad("--threads must be at least 1, not " + threads);
    }
  }

  private ParameterException bad(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** Whether a training is shared, here or with other hosts. */
  boolean areSeveral() {
    return (nproc != null && nproc > 1) || (worldSize != null && worldSize > 1);
  }

  /** The processes that are to be started here: their ranks; empty if this one trains itself. */
  Optional<LocalRanks> ranksToStart() {
    if (Worker.isOne()) {
      return Optional.empty();
    }
    if (nproc != null && nproc > 1) {
      return Optional.of(new LocalRanks(0, nproc, nproc));
    }
    return rank != null && worldSize != null && worldSize > 1
        ? Optional.of(new LocalRanks(rank, 1, worldSize))
        : Optional.empty();
  }

  /**
   * Processes of this host.
   *
   * @param first the lowest rank of them
   * @param count how many there are, with ranks one after another
   * @param worldSize how many processes there are everywhere
   */
  record LocalRanks(int first, int count, int worldSize) {}

  /** The command line of each of them, from the words of this process. */
  List<List<String>> wordsFor(LocalRanks ranks, List<String> own) {
    if (nproc == null) {
      return List.of(own);
    }
    int port = masterPort == null ? WorkerTeam.freePort() : masterPort;
    int usualThreads = Math.max(1, Runtime.getRuntime().availableProcessors() / ranks.count());
    List<List<String>> words = new ArrayList<>();
    for (int r = 0; r < ranks.count(); r++) {
      words.add(WorkerTeam.words(own, r, ranks.worldSize(), port, usualThreads));
    }
    return words;
  }

  /** How the group comes together that this process belongs to; empty if it trains alone. */
  Optional<RosterCall> call() {
    if (masterAddress == null || rank == null || worldSize == null || worldSize == 1) {
      return Optional.empty();
    }
    InetSocketAddress address =
        new InetSocketAddress(masterAddress, masterPort == null ? USUAL_PORT : masterPort);
    return Optional.of(new RosterCall(address, rank, worldSize, timeout()));
  }

  /** The host of rank 0, where {@link #call()} has one. */
  String masterAddress() {
    return masterAddress == null ? "" : masterAddress;
  }

  Duration timeout() {
    return Duration.ofSeconds(timeout);
  }

  /** Threads of an operation, if somebody wants other than libtorch's own choice. */
  Optional<Integer> threads() {
    return Optional.ofNullable(threads);
  }
}
