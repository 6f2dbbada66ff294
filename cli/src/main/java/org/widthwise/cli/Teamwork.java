package org.widthwise.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.widthwise.cli.ProcessOptions.LocalRanks;
import org.widthwise.lab.train.TrainingRun;
import org.widthwise.torch.distributed.PeerException;
import org.widthwise.torch.distributed.Roster;
import org.widthwise.torch.distributed.RosterCall;
import org.widthwise.torch.engine.Libtorch;
import picocli.CommandLine;

/** Lets this process train alone, as one of several, or watch over those that do. */
final class Teamwork {

  private final ProcessOptions options;
  private final CommandLine command;
  private final @Nullable Path checkpoints;

  /** What a process does that trains. */
  @FunctionalInterface
  interface Training {

    /** Trains, together with those of a roster if there is one. */
    void run(@Nullable Roster roster) throws InterruptedException;
  }

  Teamwork(ProcessOptions options, CommandLine command, @Nullable Path checkpoints) {
    this.options = options;
    this.command = command;
    this.checkpoints = checkpoints;
  }

  int run(Training training) throws InterruptedException, IOException {
    Optional<LocalRanks> ranks = options.ranksToStart();
    if (ranks.isPresent()) {
      return watch(ranks.get());
    }
    if (Worker.isOne()) {
      Worker.endWithParent();
    }
    Optional<RosterCall> call = options.call();
    if (call.isEmpty()) {
      training.run(null);
      return CommandLine.ExitCode.OK;
    }
    try (Roster roster = call.get().gather()) {
      runWith(roster, training);
    }
    return CommandLine.ExitCode.OK;
  }

  private static void runWith(Roster roster, Training training) throws InterruptedException {
    try {
      training.run(roster);
    } catch (RuntimeException | InterruptedException | Error own) {
      if (!(own instanceof PeerException)) {
        roster.abandon(Libtorch.reason(own));
      }
      throw own;
    }
  }

  private int watch(LocalRanks ranks) throws InterruptedException, IOException {
    List<String> own =
        command.getCommandSpec().root().commandLine().getParseResult().expandedArgs();
    WorkerTeam team = new WorkerTeam(command.getOut(), command.getErr(), options.timeout());
    try {
      return team.run(ranks, options.wordsFor(ranks, own));
    } catch (PeerException lost) {
      throw new PeerException(lost.getMessage() + "; " + TrainingRun.whatIsKept(checkpoints), lost);
    }
  }
}
