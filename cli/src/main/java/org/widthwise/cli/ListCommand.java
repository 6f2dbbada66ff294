package org.widthwise.cli;

import java.util.concurrent.Callable;
import org.widthwise.lab.figure.FigureExperiment;
import org.widthwise.lab.figure.FigureExperiments;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code widthwise list}. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "Lists what can be reproduced.")
final class ListCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Table table = new Table("item", "title", "claim");
    for (FigureExperiment figure : FigureExperiments.all()) {
      table.add(figure.id(), figure.title(), figure.claim());
    }
    table.print(spec.commandLine().getOut());
    return 0;
  }
}
